namespace SaasBilling.Providers;

/// <summary>
/// What a provider says about one customer, in provider-neutral records. It may be partial: what it does not mention has not changed.
/// What it mentions is whole and current.
/// </summary>
public sealed record CustomerSnapshot
{
    /// <summary>The customer, with balance and details.</summary>
    public required Customer Customer { get; init; }

    /// <summary>When the provider said so, UTC.</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>Hand it to <see cref="IBillingProvider.ReadCustomerAsync"/> to get only what changed after this.</summary>
    public string? Cursor { get; init; }

    /// <summary>
    /// The cursor that this snapshot goes on from: it tells all that changed after that one, and nothing from before it. Where it is not the stored
    /// one, something in between is missing or this is old news, and the provider is read again from the stored cursor instead.
    /// Null: the present as it was read, which needs nothing before it.
    /// </summary>
    public string? Since { get; init; }

    /// <summary>Subscriptions that changed, or all.</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; init; } = [];

    /// <summary>Invoices that changed, or all; oldest first.</summary>
    public IReadOnlyList<Invoice> Invoices { get; init; } = [];

    /// <summary>All payment methods; null: unchanged.</summary>
    public IReadOnlyList<PaymentMethod>? PaymentMethods { get; init; }

    /// <summary>All one-off charges that wait for an invoice; null: unchanged.</summary>
    public IReadOnlyList<PendingCharge>? PendingCharges { get; init; }
}

/// <summary>A one-off charge that waits for an invoice.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="SubscriptionId">The subscription whose next invoice takes it; null: the customer's next invoice.</param>
/// <param name="Line">The line that the invoice will have.</param>
public sealed record PendingCharge(string Id, string? SubscriptionId, InvoiceLine Line);

/// <summary>A mutation's answer.</summary>
/// <param name="Snapshot">What changed.</param>
/// <param name="Id">The id of what was made; null when nothing was.</param>
public sealed record ProviderResult(CustomerSnapshot Snapshot, string? Id = null);

/// <summary>What would be invoiced.</summary>
/// <param name="DueNow">What would be charged at once, after credit.</param>
/// <param name="Lines">The lines that the change makes.</param>
/// <param name="NextInvoice">The next renewal's invoice; null when nothing will be invoiced.</param>
public sealed record InvoicePreview(Money DueNow, IReadOnlyList<InvoiceLine> Lines, Invoice? NextInvoice);
