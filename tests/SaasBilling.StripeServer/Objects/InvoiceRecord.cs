using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Objects;

/// <summary>An invoice: what was sent about it, where it is in the engine, and what came of its payment.</summary>
internal sealed class InvoiceRecord(string id, long created, CustomerRecord customer, int number) : Resource("invoice", id, created)
{
    public CustomerRecord Customer { get; } = customer;

    public int Number { get; } = number;

    /// <summary>What does not come from the engine.</summary>
    public JsonObject Body { get; } = [];

    public string? Subscription { get; init; }

    public (long Start, long End) Period { get; init; }

    /// <summary>The ids of the discounts that reduce it.</summary>
    public IReadOnlyList<string> Discounts { get; init; } = [];

    /// <summary>Those discounts, in the order in which they apply.</summary>
    public IReadOnlyList<EngineDiscount> Applied { get; init; } = [];

    /// <summary>Of a preview: the items by the prices that they would have.</summary>
    public IReadOnlyDictionary<string, string> PreviewedItems { get; init; } = new Dictionary<string, string>();

    public PlainResource? PaymentIntent { get; set; }

    public PlainResource? Payment { get; set; }

    public bool IsDelinquent { get; set; }

    public bool WasFinalized { get; set; }

    public bool WasPaid { get; set; }

    public int FailuresTold { get; set; }

    public bool DisputeTold { get; set; }

    /// <summary>Whether what it did to the credit balance is a transaction already.</summary>
    public bool IsBalanceTold { get; set; }

    public InvoiceStatus LastStatus { get; set; }

    public bool WasOverdue { get; set; }

    public long? VoidedAt { get; set; }

    public long? UncollectibleAt { get; set; }

    public long? StartingBalance { get; set; }

    public long? EndingBalance { get; set; }

    /// <summary>Reduced what was to be paid, in minor units.</summary>
    public long CreditNotesBefore { get; set; }

    /// <summary>Given back after it was paid, in minor units.</summary>
    public long CreditNotesAfter { get; set; }

    public EngineInvoice Engine => Customer.World.Invoice(Customer, Number);

    public override JsonObject Render(Account account) => InvoiceJson.Render(account, this, Engine);

    public override JsonNode? Includable(Account account, string name) => name switch
    {
        "payments" => Paging.Wrap($"/v1/invoice_payments?invoice={Id}", Payment is null ? [] : [Payment.Render(account)]),
        "confirmation_secret" when PaymentIntent is not null => new JsonObject
        {
            ["client_secret"] = PaymentIntent.Body.Text("client_secret"),
            ["type"] = "payment_intent",
        },
        _ => null,
    };
}
