using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Objects;

/// <summary>Something that has an id. It is written as JSON when somebody looks.</summary>
/// <param name="kind">As the <c>object</c> member, such as <c>payment_method</c>.</param>
/// <param name="id">Unique in the account.</param>
/// <param name="created">Unix seconds.</param>
internal abstract class Resource(string kind, string id, long created)
{
    public string Kind { get; } = kind;

    public string Id { get; } = id;

    public long Created { get; } = created;

    /// <summary>Counts what was made, so that lists have an order within one second.</summary>
    public long Serial { get; set; }

    /// <summary>As the last event told it; what changed since is the next one's <c>previous_attributes</c>.</summary>
    public JsonObject? Told { get; set; }

    public abstract JsonObject Render(Account account);

    /// <summary>A member that is left out unless it is asked for by <c>expand</c>; null: there is no such member.</summary>
    public virtual JsonNode? Includable(Account account, string name) => null;
}

/// <summary>An object that is what its JSON says.</summary>
internal sealed class PlainResource : Resource
{
    public PlainResource(JsonObject body)
        : base((string)body["object"]!, (string)body["id"]!, (long?)body["created"] ?? 0) => Body = body;

    /// <summary>The object, without what only the server knows.</summary>
    public JsonObject Body { get; }

    /// <summary>What was sent, where it is needed later.</summary>
    public JsonObject? Request { get; init; }

    /// <summary>What a checkout session sells.</summary>
    public IReadOnlyList<JsonObject> LineItems { get; init; } = [];

    /// <summary>What only the server knows.</summary>
    public Dictionary<string, string> Notes { get; } = [];

    public override JsonObject Render(Account account)
    {
        var rendered = (JsonObject)Body.DeepClone();
        if (Kind == "price")
            rendered.Remove("tiers");
        else if (Kind == "coupon")
            rendered.Remove("applies_to");

        return rendered;
    }

    public override JsonNode? Includable(Account account, string name) => (Kind, name) switch
    {
        ("price", "tiers") => Body["tiers"]?.DeepClone(),
        ("coupon", "applies_to") => Body["applies_to"]?.DeepClone() ?? new JsonObject { ["products"] = new JsonArray() },
        ("charge", "refunds") => Paging.Wrap($"/v1/charges/{Id}/refunds", account.Objects.All<PlainResource>("refund").Where(refund => refund.Body.Text("charge") == Id).Select(refund => refund.Render(account))),
        ("checkout.session", "line_items") => Paging.Wrap($"/v1/checkout/sessions/{Id}/line_items", LineItems.Select((item, index) => CheckoutJson.LineItem(account, Id, item, index))),
        _ => null,
    };
}
