using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Reading;

/// <summary>All that was read of one customer, before it is told in neutral records.</summary>
internal sealed record Account
{
    public required string AppId { get; init; }

    public required WireCustomer Customer { get; init; }

    public required DateTimeOffset ObservedAt { get; init; }

    public IReadOnlyList<WireSubscription> Subscriptions { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<WireInvoice> Invoices { get; init; } = [];

    public IReadOnlyList<WireCharge> Charges { get; init; } = [];

    public IReadOnlyList<WirePaymentMethod> PaymentMethods { get; init; } = [];

    public IReadOnlyList<WireInvoiceItem> InvoiceItems { get; init; } = [];

    /// <summary>The intents of open invoices, by id.</summary>
    public IReadOnlyDictionary<string, WireIntent> Intents { get; init; } = new Dictionary<string, WireIntent>();

    /// <summary>When charges were disputed, by the charge's id.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Disputes { get; init; } = new Dictionary<string, DateTimeOffset>();
}
