using System.Globalization;
using System.Text.Json;

namespace SaasBilling.Stripe.Wire;

/// <summary>
/// An object of Stripe's, read by name. What is missing or of another kind is null, unless it is required: then the error names the object and the
/// field. Unknown fields are never looked at.
/// </summary>
internal readonly struct StripeObject
{
    private readonly JsonElement _element;

    private StripeObject(JsonElement element) => _element = element;

    public static StripeObject Of(JsonElement element) => new(element);

    public string Id => Required(Text("id"), "id");

    /// <summary>What kind it is: <c>invoice</c>, <c>customer</c>, …</summary>
    public string Kind => Text("object") ?? "object";

    public bool Has(string name) => Member(name) is { ValueKind: not JsonValueKind.Null };

    public string? Text(string name) => Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public string RequiredText(string name) => Required(Text(name), name);

    public bool Flag(string name) => Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A whole number, also one that is written as text.</summary>
    public long? Integer(string name) => Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var whole) => whole,
        { ValueKind: JsonValueKind.String } value when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ => null,
    };

    public long RequiredInteger(string name) => Integer(name) ?? throw Missing(name);

    /// <summary>A decimal number, also one that is written as text.</summary>
    public decimal? Decimal(string name) => Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out var number) => number,
        { ValueKind: JsonValueKind.String } value when decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>Unix seconds.</summary>
    public DateTimeOffset? Instant(string name) => Integer(name) is >= -62_135_596_800 and <= 253_402_300_799 and { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public DateTimeOffset RequiredInstant(string name) => Instant(name) ?? throw Missing(name);

    public StripeObject? Object(string name) => Member(name) is { ValueKind: JsonValueKind.Object } value ? new StripeObject(value) : null;

    /// <summary>The id of another object, whether it was expanded or not.</summary>
    public string? IdOf(string name) => Text(name) ?? Object(name)?.Text("id");

    public string RequiredIdOf(string name) => Required(IdOf(name), name);

    /// <summary>The objects of an array or of a list object; those that were not expanded are left out.</summary>
    public List<StripeObject> List(string name)
    {
        var objects = new List<StripeObject>();
        if (ArrayOf(name) is { } array)
        {
            foreach (var item in array.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Object)
                    objects.Add(new StripeObject(item));
            }
        }

        return objects;
    }

    /// <summary>The texts of an array.</summary>
    public List<string> Texts(string name)
    {
        var texts = new List<string>();
        if (ArrayOf(name) is { } array)
        {
            foreach (var item in array.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.String)
                    texts.Add(item.GetString()!);
            }
        }

        return texts;
    }

    /// <summary>The keys and values of an object whose values are texts, such as <c>metadata</c>.</summary>
    public Dictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Member(name) is { ValueKind: JsonValueKind.Object } value)
        {
            foreach (var entry in value.EnumerateObject())
            {
                if (entry.Value.ValueKind == JsonValueKind.String)
                    map[entry.Name] = entry.Value.GetString()!;
            }
        }

        return map;
    }

    public string? Metadata(string key) => Object("metadata")?.Text(key);

    public BillingException Missing(string name) => new(
        BillingErrorCode.ProviderUnavailable,
        $"Stripe's {Kind} '{Text("id") ?? "without id"}' has no '{name}', or not in a form that is known. Nothing was changed. Use a version of SaasBilling.Stripe that reads this API version.");

    private T Required<T>(T? value, string name)
        where T : class => value ?? throw Missing(name);

    private JsonElement? ArrayOf(string name) => Member(name) switch
    {
        { ValueKind: JsonValueKind.Array } array => array,
        { ValueKind: JsonValueKind.Object } list when list.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array => data,
        _ => null,
    };

    private JsonElement? Member(string name) => _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out var value) ? value : null;
}
