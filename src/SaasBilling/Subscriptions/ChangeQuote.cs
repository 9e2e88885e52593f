namespace SaasBilling;

/// <summary>What a change costs, pinned to one instant. Accepting it charges exactly its lines, or fails with <see cref="BillingErrorCode.QuoteExpired"/>.</summary>
/// <param name="Change">The change that was quoted.</param>
/// <param name="ProrationDate">The instant from which the remaining time is counted, UTC.</param>
/// <param name="ValidUntil">From then on it can no longer be accepted, UTC.</param>
/// <param name="DueNow">What is charged at once; zero when the lines go on the next invoice.</param>
/// <param name="Lines">The proration lines that the change makes, and with a new interval the new period's.</param>
/// <param name="NextInvoice">The invoice of the next renewal as it would then be; null when nothing will be invoiced.</param>
public sealed record ChangeQuote(
    SubscriptionChange Change,
    DateTimeOffset ProrationDate,
    DateTimeOffset ValidUntil,
    Money DueNow,
    IReadOnlyList<InvoiceLine> Lines,
    Invoice? NextInvoice);
