using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaasBilling.StripeServer.Tests.Shapes;

/// <summary>The members of an object as Stripe publishes them.</summary>
internal static class Shape
{
    // Present on request only, or where the object has something to say.
    private static readonly HashSet<string> Optional =
    [
        "subscription_item.quantity", "charge.refunds", "price.tiers", "coupon.applies_to", "invoice.payments", "invoice.confirmation_secret", "webhook_endpoint.secret",
    ];

    // Members of an invoice and a line before basil, which the published examples still show.
    private static readonly HashSet<string> Gone = ["invoice.subscription", "setup_intent.customer_account"];

    private static readonly Dictionary<string, Dictionary<string, char>> Published = Load();

    /// <summary>What is wrong with an object and the objects within it; empty: nothing.</summary>
    public static List<string> Faults(JsonObject body)
    {
        var faults = new List<string>();
        Check(body, faults);
        return faults;
    }

    private static void Check(JsonNode? node, List<string> faults)
    {
        if (node is JsonArray list)
        {
            foreach (var element in list)
                Check(element, faults);
            return;
        }

        if (node is not JsonObject body)
            return;

        if (body["object"] is JsonValue name && name.ToString() != "list")
            CheckMembers(body["deleted"] is null ? name.ToString() : $"deleted_{name}", body, faults);
        foreach (var (_, member) in body)
            Check(member, faults);
    }

    private static void CheckMembers(string name, JsonObject body, List<string> faults)
    {
        if (!Published.TryGetValue(name, out var members))
        {
            faults.Add($"{name}: not a published object");
            return;
        }

        foreach (var (member, value) in body)
        {
            var known = members.GetValueOrDefault(member);
            if (known == default && !Optional.Contains($"{name}.{member}"))
                faults.Add($"{name}.{member}: not a published member");
            else if (known != default && !Fits(known, value))
                faults.Add($"{name}.{member}: {value?.ToJsonString()} where the published example has kind {known}");
        }

        foreach (var member in members.Keys.Where(member => !body.ContainsKey(member) && !Optional.Contains($"{name}.{member}") && !Gone.Contains($"{name}.{member}")))
            faults.Add($"{name}.{member}: missing");
    }

    // An id may be expanded to an object, and nearly everything may be null.
    private static bool Fits(char kind, JsonNode? value) => value is null || kind == 'z' || value switch
    {
        JsonArray => kind == 'a',
        JsonObject => kind is 'o' or 's',
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => kind is 's' or 'o',
            JsonValueKind.Number => kind == 'n',
            _ => kind == 'b',
        },
    };

    private static Dictionary<string, Dictionary<string, char>> Load()
    {
        using var reader = new StreamReader(typeof(Shape).Assembly.GetManifestResourceStream("objects.txt")!);
        var published = new Dictionary<string, Dictionary<string, char>>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;

            var parts = line.Split(' ');
            published.Add(parts[0], parts[1..].ToDictionary(part => part[..^2], part => part[^1]));
        }

        return published;
    }
}
