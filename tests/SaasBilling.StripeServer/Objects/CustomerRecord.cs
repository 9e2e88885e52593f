using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Objects;

/// <summary>A customer: what was sent about them, and their account in the engine.</summary>
internal sealed class CustomerRecord(string id, long created, World world, JsonObject body) : Resource("customer", id, created)
{
    public World World { get; } = world;

    /// <summary>What does not come from the engine.</summary>
    public JsonObject Body { get; } = body;

    /// <summary>The newest revision of the engine's account that events tell of.</summary>
    public long Seen { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>The subscriptions by their number in the engine.</summary>
    public Dictionary<int, SubscriptionRecord> Subscriptions { get; } = [];

    /// <summary>The invoices by their number in the engine.</summary>
    public Dictionary<int, InvoiceRecord> Invoices { get; } = [];

    /// <summary>The ids of payment methods by the number of the engine's card, also of those that were detached.</summary>
    public Dictionary<int, string> Cards { get; } = [];

    /// <summary>The prorations that wait for an invoice, by their number in the engine.</summary>
    public Dictionary<int, PlainResource> Prorations { get; } = [];

    /// <summary>The subscription that was canceled last: what its end credits is its own, and waits for any invoice.</summary>
    public string? LastCanceled { get; set; }

    /// <summary>The card that the present command charges in the place of the usual one; 0: none.</summary>
    public int PayingCard { get; set; }

    /// <summary>The credit balance when it was last looked at, in minor units; positive: we owe the customer.</summary>
    public Dictionary<Currency, long> Balances { get; } = [];

    public string? DefaultPaymentMethod => Body.Object("invoice_settings")!.Text("default_payment_method");

    public override JsonObject Render(Account account)
    {
        if (IsDeleted)
            return Call.Deleted("customer", Id);

        var customer = World.Find(this);
        var rendered = (JsonObject)Body.DeepClone();
        var currency = customer.Subscriptions.LastOrDefault(subscription => !subscription.Currency.IsNone)?.Currency ?? customer.BalanceCurrency;
        rendered["balance"] = currency.IsNone ? 0 : -WireMoney.ToWire(customer.BalanceIn(currency), currency);
        rendered["currency"] = currency.IsNone ? null : WireMoney.Code(currency);
        rendered["delinquent"] = Invoices.Values.Any(invoice => invoice.IsDelinquent);
        rendered["next_invoice_sequence"] = customer.LastSerial + 1;
        return rendered;
    }

    public static JsonObject NewBody(string id, long created, string? clock) => new()
    {
        ["id"] = id,
        ["object"] = "customer",
        ["address"] = null,
        ["balance"] = 0,
        ["created"] = created,
        ["currency"] = null,
        ["default_source"] = null,
        ["delinquent"] = false,
        ["description"] = null,
        ["discount"] = null,
        ["email"] = null,
        ["invoice_prefix"] = "",
        ["invoice_settings"] = new JsonObject { ["custom_fields"] = null, ["default_payment_method"] = null, ["footer"] = null, ["rendering_options"] = null },
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["name"] = null,
        ["next_invoice_sequence"] = 1,
        ["phone"] = null,
        ["preferred_locales"] = new JsonArray(),
        ["shipping"] = null,
        ["tax_exempt"] = "none",
        ["test_clock"] = clock,
    };
}
