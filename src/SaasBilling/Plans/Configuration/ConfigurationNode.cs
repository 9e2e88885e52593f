using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SaasBilling.Plans;

/// <summary>An object of the configuration whose properties are read one by one. What cannot be read is a fault that names the path and the mend, and reads as absent.</summary>
/// <remarks>Written by hand and not with the configuration binder: nothing here needs reflection, and the binder would pass over properties that it does not know.</remarks>
internal sealed class ConfigurationNode(IConfiguration configuration, CatalogFaults faults)
{
    // What decimal holds without rounding.
    private const int MaxDigits = 28;

    private static readonly string[] InstantFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public string Path => (configuration as IConfigurationSection)?.Path ?? "";

    public bool IsObject => configuration is not IConfigurationSection { Value: { Length: > 0 } };

    /// <summary>Whether the property is there: with a value, with properties of its own, or as an empty list.</summary>
    public bool Has(string name) => configuration.GetSection(name).Exists();

    /// <summary>Reports a value where an object belongs, and properties that nobody would read.</summary>
    /// <returns>Whether it is an object.</returns>
    public bool CheckProperties(params IReadOnlyList<string> known)
    {
        if (!IsObject)
        {
            faults.Add($"{Path} is '{((IConfigurationSection)configuration).Value}'. Write an object with {Join(known, "or")}.");
            return false;
        }

        foreach (var child in configuration.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                faults.Add($"{child.Path} is not known. Use {Join(known, "or")}, or remove it.");
        }

        return true;
    }

    /// <summary>A text that may be empty.</summary>
    public string? AnyText(string name) => Scalar(name, "a text");

    /// <summary>A text that has to be there.</summary>
    public string? RequiredText(string name)
    {
        var value = AnyText(name);
        if (value is null && !Has(name))
            faults.Add($"{PathOf(name)} is missing. Write a text.");
        return value;
    }

    public string? Text(string name) => Scalar(name, "a text") is { } value && NotBlank(name, value) ? value : null;

    public decimal? Number(string name) => Parse<decimal>(name, "a number with a decimal point, such as 29.99",
        text => text.Count(char.IsAsciiDigit) <= MaxDigits
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null);

    public long? Whole(string name) => Parse<long>(name, "a whole number",
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);

    public int? SmallWhole(string name) => Parse<int>(name, "a whole number",
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);

    public bool? Flag(string name) => Parse<bool>(name, "true or false", text => bool.TryParse(text, out var flag) ? flag : null);

    public DateTimeOffset? Instant(string name) => Parse<DateTimeOffset>(name, "an instant, such as 2026-12-31T23:59:59Z; without an offset it is UTC",
        text => DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null);

    public BillingInterval? Interval(string name)
    {
        if (Scalar(name, IntervalText.Forms) is not { } text)
            return null;

        try
        {
            if (IntervalText.Parse(text) is { } interval)
                return interval;
            faults.Add($"{PathOf(name)} is '{text}'. Write {IntervalText.Forms}.");
        }
        catch (BillingException e)
        {
            faults.Add($"{PathOf(name)} is '{text}'. {e.Message}");
        }

        return null;
    }

    // Enum.TryParse would take numbers and lists of names too.
    public T? Choice<T>(string name)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return Parse<T>(name, Join(names, "or"), text =>
        {
            var index = Array.FindIndex(names, known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
            return index < 0 ? null : Enum.GetValues<T>()[index];
        });
    }

    /// <summary>The entries of a list or the properties of an object, in the order in which configuration has them.</summary>
    public IEnumerable<IConfigurationSection> Entries(string name, string expected)
    {
        var section = configuration.GetSection(name);
        if (!string.IsNullOrEmpty(section.Value))
            faults.Add($"{section.Path} is '{section.Value}'. Write {expected}.");
        return section.GetChildren();
    }

    /// <summary>Whether a feature is on, and its limit: true, false, "unlimited" or a whole number.</summary>
    public (bool IsOn, long? Limit)? Feature(string name)
    {
        const string Expected = "true, false, \"unlimited\" or a limit that is a whole number";
        if (!Has(name))
            faults.Add($"{PathOf(name)} is empty. Write {Expected}.");

        return Parse<(bool, long?)>(name, Expected, text => text.ToLowerInvariant() switch
        {
            "true" or "unlimited" => (true, null),
            "false" => (false, null),
            _ => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit) ? (true, limit) : null,
        });
    }

    public ConfigurationNode Child(string name) => new(configuration.GetSection(name), faults);

    public static string Join(IReadOnlyList<string> names, string word) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} {word} {names[^1]}";

    private T? Parse<T>(string name, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (Scalar(name, expected) is not { } text)
            return null;

        var parsed = parse(text);
        if (parsed is null)
            faults.Add($"{PathOf(name)} is '{text}'. Write {expected}.");
        return parsed;
    }

    private string? Scalar(string name, string expected)
    {
        var section = configuration.GetSection(name);
        if (section.GetChildren().Any())
            faults.Add($"{section.Path} has properties of its own. Write {expected}.");
        return section.Value;
    }

    private bool NotBlank(string name, string value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            return true;

        faults.Add($"{PathOf(name)} is empty. Write a text, or remove it.");
        return false;
    }

    private string PathOf(string name) => configuration.GetSection(name).Path;
}
