using System.Globalization;

namespace SaasBilling.Plans;

/// <summary>Reads the value of a place in the configuration. What cannot be read is a fault that names the path and the mend, and is absent for the reader.</summary>
/// <remarks>Written by hand and not with the configuration binder: nothing here needs reflection, and the binder would pass over properties that it does not know.</remarks>
internal static class ConfigurationValues
{
    // What decimal holds without rounding.
    private const int MaxDigits = 28;

    private static readonly string[] InstantFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>A text; an empty one is a fault.</summary>
    public static string? Text(this ConfigurationNode node)
    {
        var text = node.AnyText();
        if (text is null || !string.IsNullOrWhiteSpace(text))
            return text;

        node.Faults.Add($"{node.Path} is empty. Write a text, or remove it.");
        return null;
    }

    /// <summary>A text that may be empty.</summary>
    public static string? AnyText(this ConfigurationNode node) => node.Scalar("a text");

    /// <summary>A text; none is a fault.</summary>
    public static string? RequiredText(this ConfigurationNode node)
    {
        if (!node.Exists)
            node.Faults.Add($"{node.Path} is missing. Write a text.");
        return node.AnyText();
    }

    public static decimal? Number(this ConfigurationNode node) => node.Parse<decimal>("a number with a decimal point, such as 29.99", text =>
        text.Count(char.IsAsciiDigit) <= MaxDigits
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null);

    public static long? Long(this ConfigurationNode node) => node.Parse("a whole number", Whole);

    public static int? Int(this ConfigurationNode node) => node.Parse<int>("a whole number", text =>
        Whole(text) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null);

    public static bool? Flag(this ConfigurationNode node) => node.Parse<bool>("true or false", text => bool.TryParse(text, out var flag) ? flag : null);

    public static DateTimeOffset? Instant(this ConfigurationNode node) =>
        node.Parse<DateTimeOffset>("an instant, such as 2026-12-31T23:59:59Z; without an offset it is UTC", text =>
            DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null);

    public static BillingInterval? Interval(this ConfigurationNode node)
    {
        try
        {
            return node.Parse(IntervalText.Forms, IntervalText.Parse);
        }
        catch (BillingException e)
        {
            node.Faults.Add($"{node.Path} is '{node.Value}'. {e.Message}");
            return null;
        }
    }

    /// <summary>A name of an enumeration. Enum.TryParse would take numbers and lists of names too.</summary>
    public static T? Choice<T>(this ConfigurationNode node)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return node.Parse<T>(Checks.Either(names), text =>
        {
            var index = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
            return index < 0 ? null : Enum.GetValues<T>()[index];
        });
    }

    /// <summary>Whether a feature is on, and its limit.</summary>
    public static (bool IsOn, long? Limit)? Feature(this ConfigurationNode node)
    {
        const string Expected = "true, false, \"unlimited\" or a limit that is a whole number";
        if (!node.Exists)
            node.Faults.Add($"{node.Path} is empty. Write {Expected}.");

        return node.Parse<(bool, long?)>(Expected, text => text.ToLowerInvariant() switch
        {
            "true" or "unlimited" => (true, null),
            "false" => (false, null),
            _ => Whole(text) is { } limit ? (true, limit) : null,
        });
    }

    private static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static T? Parse<T>(this ConfigurationNode node, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (node.Scalar(expected) is not { } text)
            return null;

        var parsed = parse(text);
        if (parsed is null)
            node.Faults.Add($"{node.Path} is '{text}'. Write {expected}.");
        return parsed;
    }

    private static string? Scalar(this ConfigurationNode node, string expected)
    {
        if (node.Children.Count > 0)
            node.Faults.Add($"{node.Path} has properties of its own. Write {expected}.");
        return node.Value;
    }
}
