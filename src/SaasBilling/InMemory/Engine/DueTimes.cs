namespace SaasBilling.InMemory.Engine;

/// <summary>When is something due for a customer? Pure.</summary>
internal static class DueTimes
{
    internal static long Of(EngineCustomer customer, EngineContext context)
    {
        var due = Instants.Never;
        foreach (var subscription in customer.Subscriptions)
            due = Math.Min(due, Of(subscription, context));

        foreach (var invoice in customer.Invoices)
            due = Math.Min(due, Of(invoice));

        return due;
    }

    internal static long Of(EngineSubscription subscription, EngineContext context) => subscription.Status switch
    {
        SubscriptionStatus.Incomplete => subscription.CreatedAt + context.IncompleteExpiry,
        SubscriptionStatus.Canceled or SubscriptionStatus.IncompleteExpired => Instants.Never,
        SubscriptionStatus.Paused => subscription.CancelsAt,
        _ => Math.Min(Math.Min(subscription.PeriodEnd, subscription.CancelsAt), ResumesAt(subscription)),
    };

    internal static long Of(EngineInvoice invoice) => invoice.Status switch
    {
        InvoiceStatus.Draft => invoice.NextAttemptAt,
        // Due on receipt, or finalized late: it cannot be overdue before it is there.
        InvoiceStatus.Open when invoice.IsSent && !invoice.IsOverdue => Math.Max(invoice.DueAt, invoice.FinalizedAt),
        InvoiceStatus.Open => invoice.NextAttemptAt,
        _ => Instants.Never,
    };

    internal static long ResumesAt(EngineSubscription subscription) => Instants.From(subscription.Pause?.ResumesAt);
}
