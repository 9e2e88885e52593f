using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Http;

/// <summary>Puts objects in the place of their ids: https://docs.stripe.com/api/expanding_objects.</summary>
internal static class Expansion
{
    private const int MaxDepth = 4;

    public static void Apply(Account account, JsonNode answer, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var names = path.Split('.');
            if (names.Length > MaxDepth + (names[0] == "data" ? 1 : 0))
                throw StripeFault.Invalid($"You cannot expand more than {MaxDepth} levels of a property. Property: {path}", "expand");

            Expand(account, answer, names, path);
        }
    }

    private static void Expand(Account account, JsonNode node, ReadOnlySpan<string> names, string path)
    {
        if (names.IsEmpty)
            return;

        if (node is JsonArray list)
        {
            foreach (var element in list)
                Expand(account, element!, names, path);
            return;
        }

        if (node is not JsonObject parent)
            return;

        var name = names[0];
        var rest = names[1..];
        if (!parent.TryGetPropertyValue(name, out var value))
            value = Includable(account, parent, name) ?? throw Refused(path);

        switch (value)
        {
            case JsonValue id:
                parent[name] = value = Find(account, id, path);
                break;
            case JsonArray ids when ids.Any(element => element is JsonValue):
                value = Json.ArrayOf(ids.Select(id => id is JsonValue single ? Find(account, single, path) : id?.DeepClone()));
                parent[name] = value;
                break;
        }

        if (value is not null)
            Expand(account, value, rest, path);
    }

    private static JsonObject Find(Account account, JsonValue id, string path) =>
        account.Objects.Find(id.ToString())?.Render(account) ?? throw Refused(path);

    // Members that are left out unless they are asked for.
    private static JsonNode? Includable(Account account, JsonObject parent, string name)
    {
        if (account.Objects.Find(parent.Text("id")) is not { } resource || resource.Includable(account, name) is not { } included)
            return null;

        parent[name] = included;
        return included;
    }

    private static StripeFault Refused(string path) => StripeFault.Invalid($"This property cannot be expanded ({path}).", "expand");
}
