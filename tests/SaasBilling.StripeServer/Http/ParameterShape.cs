using System.Globalization;
using System.Text.Json.Nodes;

namespace SaasBilling.StripeServer.Http;

/// <summary>What an endpoint takes: the kind of a value, or the parameters within an object.</summary>
/// <param name="Kind"><c>s</c> text, <c>i</c> integer, <c>d</c> decimal, <c>b</c> boolean, <c>m</c> free map, <c>x</c> text or integer, <c>o</c> object.</param>
/// <param name="IsList">Whether it is a list of them.</param>
/// <param name="Members">The parameters of an object.</param>
internal sealed record ParameterShape(char Kind, bool IsList, IReadOnlyDictionary<string, ParameterShape> Members)
{
    public static readonly IReadOnlyDictionary<string, ParameterShape> None = new Dictionary<string, ParameterShape>();

    /// <summary>This and what another takes besides.</summary>
    public ParameterShape With(ParameterShape other)
    {
        var members = new Dictionary<string, ParameterShape>(Members);
        foreach (var (name, shape) in other.Members)
            members[name] = members.TryGetValue(name, out var known) && known.Kind == 'o' ? known.With(shape) : shape;

        return this with { Members = members };
    }

    /// <summary>Text becomes what the endpoint takes; an empty text is null, which unsets.</summary>
    /// <param name="node">An object.</param>
    /// <param name="path">Its name; empty: the whole request.</param>
    /// <exception cref="StripeFault">A parameter that the endpoint does not take, or a value of another kind.</exception>
    public JsonObject ReadMembers(FormNode node, string path)
    {
        var read = new JsonObject();
        foreach (var (name, member) in node.Members)
        {
            var inner = path.Length == 0 ? name : $"{path}[{name}]";
            if (!Members.TryGetValue(name, out var shape))
                throw new StripeFault(400, "invalid_request_error", "parameter_unknown", $"Received unknown parameter: {inner}", inner) { IsBeforeWork = true };

            read[name] = shape.Read(member, inner);
        }

        return read;
    }

    /// <summary>Where no table says what is taken: everything is, as text.</summary>
    public static JsonObject ReadFreely(FormNode node)
    {
        var read = new JsonObject();
        foreach (var (name, member) in node.Members)
            read[name] = member.Members.Count > 0 ? ReadFreely(member) : member.Text;

        return read;
    }

    private JsonNode? Read(FormNode node, string path)
    {
        if (node.Members.Count == 0 && node.Text is { Length: 0 })
            return null;

        if (IsList)
        {
            if (node.Members.Count == 0)
                throw new StripeFault(400, "invalid_request_error", null, "Invalid array", path) { IsBeforeWork = true };

            var index = 0;
            return new JsonArray([.. node.Elements().Select(element => ReadOne(element, $"{path}[{index++}]"))]);
        }

        return ReadOne(node, path);
    }

    private JsonNode? ReadOne(FormNode node, string path)
    {
        if (Kind == 'm' || (Kind == 'x' && node.Members.Count > 0))
            return ReadFreely(node);

        if (Kind == 'o')
            return node.Text is null ? ReadMembers(node, path) : throw new StripeFault(400, "invalid_request_error", null, "Invalid object", path) { IsBeforeWork = true };

        if (node.Text is not { } text)
            throw new StripeFault(400, "invalid_request_error", null, $"Invalid string: {ReadFreely(node).ToJsonString()}", path) { IsBeforeWork = true };

        if (text.Length == 0)
            return null;

        return Kind switch
        {
            'i' => ParseLong(text) ?? throw Wrong("integer", text, path),
            'd' => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("decimal", text, path),
            'b' => text switch { "true" => true, "false" => false, _ => throw Wrong("boolean", text, path) },
            'x' => ParseLong(text) ?? (JsonNode)text,
            _ => text,
        };
    }

    private static JsonNode? ParseLong(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null;

    private static StripeFault Wrong(string kind, string text, string path) =>
        new(400, "invalid_request_error", $"parameter_invalid_{kind}", $"Invalid {kind}: {text}", path) { IsBeforeWork = true };
}
