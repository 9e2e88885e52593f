using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaasBilling.StripeServer.Http;

/// <summary>Reading parameters and writing objects.</summary>
internal static class Json
{
    /// <summary>Whether the parameter was given, also to unset it.</summary>
    public static bool Has(this JsonObject from, string name) => from.ContainsKey(name);

    /// <summary>Whether the parameter was given as an empty text.</summary>
    public static bool Unsets(this JsonObject from, string name) => from.TryGetPropertyValue(name, out var value) && value is null;

    public static string? Text(this JsonObject from, string name) =>
        from[name] is JsonValue value ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString() : null;

    public static string Required(this JsonObject from, string name) => from.Text(name) ?? throw StripeFault.Missing(name);

    /// <summary>A whole number, also where no table says the type and it is text.</summary>
    public static long? Int(this JsonObject from, string name) =>
        from[name] is JsonValue value && long.TryParse(value.Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static decimal? Number(this JsonObject from, string name) =>
        from[name] is JsonValue value ? decimal.Parse(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(), NumberStyles.Number, CultureInfo.InvariantCulture) : null;

    public static bool? Flag(this JsonObject from, string name) => from[name] is JsonValue value
        ? value.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => value.Text() == "true" }
        : null;

    public static JsonObject? Object(this JsonObject from, string name) => from[name] as JsonObject;

    /// <summary>The elements of a list of objects; none when it was not given.</summary>
    public static IReadOnlyList<JsonObject> Objects(this JsonObject from, string name) =>
        from[name] is JsonArray list ? [.. list.OfType<JsonObject>()] : [];

    /// <summary>The elements of a list of texts; none when it was not given.</summary>
    public static IReadOnlyList<string> Texts(this JsonObject from, string name) =>
        from[name] is JsonArray list ? [.. list.Select(element => element!.GetValue<string>())] : [];

    public static bool TryText(this JsonObject from, string name, [NotNullWhen(true)] out string? text) => (text = from.Text(name)) is not null;

    public static JsonArray ArrayOf(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    /// <summary>Sets the members that were given; null unsets.</summary>
    public static void Take(this JsonObject body, JsonObject parameters, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parameters.TryGetPropertyValue(name, out var value))
                body[name] = value?.DeepClone();
        }
    }

    /// <summary>Merges the metadata that was given into the metadata that there is.</summary>
    public static void TakeMetadata(this JsonObject body, JsonObject parameters)
    {
        if (!parameters.TryGetPropertyValue("metadata", out var given))
            return;

        body["metadata"] = Merge(body["metadata"] as JsonObject, given as JsonObject);
    }

    /// <summary>Metadata: a key that is given is set, an empty value takes it away, and an empty text instead of a map takes all away.</summary>
    public static JsonObject Merge(JsonObject? known, JsonObject? given)
    {
        var merged = new JsonObject();
        if (given is null)
            return merged;

        foreach (var (key, value) in known ?? [])
            merged[key] = value!.DeepClone();
        foreach (var (key, value) in given)
        {
            if (value is null || value.GetValue<string>().Length == 0)
                merged.Remove(key);
            else
                merged[key] = value.GetValue<string>();
        }

        return merged;
    }

    /// <summary>The members of an object that differ, as they were before: what an event tells as <c>previous_attributes</c>.</summary>
    public static JsonObject Differences(JsonObject before, JsonObject after)
    {
        var previous = new JsonObject();
        foreach (var (name, value) in after)
        {
            var known = before[name];
            if (JsonNode.DeepEquals(known, value))
                continue;

            previous[name] = known is JsonObject was && value is JsonObject now && Differences(was, now) is { Count: > 0 } inner ? inner : known?.DeepClone();
        }

        return previous;
    }

    /// <summary>Numbers as Stripe writes decimals: no exponent, no trailing zeros.</summary>
    public static string Plain(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Text(this JsonValue value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}
