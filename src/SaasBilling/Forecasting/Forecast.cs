using SaasBilling.Forecasting;

namespace SaasBilling;

/// <summary>One thing that happened, or will.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">The event's name, such as <c>SubscriptionRenewed</c>.</param>
/// <param name="Summary">One line for a person.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Kind, string Summary)
{
    /// <summary>An event of <see cref="ICustomerBilling.GetHistoryAsync"/> as a line of a timeline, in English, with amounts and dates.</summary>
    /// <param name="billingEvent">The event.</param>
    /// <param name="plans">For the names of plans; null: their keys stand in the text.</param>
    public static TimelineEntry Of(BillingEvent billingEvent, PlanCatalog? plans = null)
    {
        ArgumentNullException.ThrowIfNull(billingEvent);
        return new(billingEvent.OccurredAt, billingEvent.GetType().Name, EventText.Of(billingEvent, plans));
    }
}

/// <summary>What will happen if nobody does anything: invoices, status changes, access changes, messages.</summary>
/// <param name="Until">How far it looks ahead, UTC.</param>
/// <param name="Entries">In the order of time.</param>
/// <param name="Invoices">The invoices that will be finalized, in the order of time, as they will then be.</param>
public sealed record Forecast(DateTimeOffset Until, IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<Invoice> Invoices);
