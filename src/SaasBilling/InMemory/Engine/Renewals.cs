namespace SaasBilling.InMemory.Engine;

/// <summary>What happens to a subscription when an instant of its own is due?</summary>
internal static class Renewals
{
    /// <summary>Does the one thing that is due first.</summary>
    internal static void RunDue(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        if (subscription.Status == SubscriptionStatus.Incomplete)
            Cancellation.ExpireUnpaid(context, customer, subscription);
        else if (DueTimes.ResumesAt(subscription) <= context.Now)
            Pauses.End(customer, subscription);
        else if (subscription.CancelsAt <= context.Now)
            Cancellation.EndAsScheduled(context, customer, subscription);
        else if (subscription.Status == SubscriptionStatus.Trialing)
            Trials.End(context, customer, subscription);
        else
            Renew(context, customer, subscription);
    }

    /// <summary>An invoice's own instant: a draft is finalized, an open one is tried again, a sent one is overdue.</summary>
    internal static void RunDue(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        if (invoice.Status == InvoiceStatus.Draft)
        {
            if (customer.FindSubscription(invoice.SubscriptionNumber) is { Status: SubscriptionStatus.Unpaid })
                Keep(customer, invoice);
            else
                Finalization.FinalizeAndCollect(context, customer, invoice);
        }
        else if (invoice.IsSent)
        {
            invoice.IsOverdue = true;
            if (customer.FindSubscription(invoice.SubscriptionNumber) is { Status: SubscriptionStatus.Active } subscription)
                Statuses.FallBehind(context, customer, subscription);
        }
        else
        {
            Payments.Collect(context, customer, invoice, Attempt.Retry);
        }
    }

    /// <summary>The invoice of a period that just started: how it goes on from here.</summary>
    internal static void Dispatch(EngineContext context, EngineCustomer customer, EngineSubscription subscription, EngineInvoice invoice)
    {
        switch (subscription)
        {
            case { Pause.Behavior: PauseBehavior.Void }:
                Finalization.FinalizeVoid(context, customer, invoice);
                Drafting.DebitNothing(subscription);
                break;
            case { Pause.Behavior: PauseBehavior.MarkUncollectible }:
                Finalization.Finalize(context, customer, invoice);
                if (invoice.Status == InvoiceStatus.Open)
                    invoice.Status = InvoiceStatus.Uncollectible;
                break;
            case { Pause: not null } or { Status: SubscriptionStatus.Unpaid }:
                break;
            default:
                invoice.NextAttemptAt = context.Now + context.DraftDelay;
                break;
        }
    }

    /// <summary>Puts the change that waited for the period's end into force.</summary>
    /// <returns>Whether a new calendar is to start.</returns>
    internal static bool ApplyScheduled(EngineContext context, EngineSubscription subscription)
    {
        if (subscription.Scheduled is not { } change)
            return false;

        // Compared now: a change in between may have changed the interval since this one was asked for.
        var restarts = Changes.Restarts(subscription, change);
        subscription.Scheduled = null;
        Changes.SetItems(context, subscription, change);
        return restarts;
    }

    private static void Renew(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        var boundary = subscription.PeriodEnd;
        UsageLedger.Close(subscription, boundary);
        if (ApplyScheduled(context, subscription))
            Periods.StartNew(subscription, boundary);
        else
            Periods.StartNext(subscription);

        UsageLedger.Open(context, subscription, boundary);
        customer.Touch(subscription);
        if (Drafting.Period(context, customer, subscription, BillingReason.SubscriptionCycle) is { } invoice)
            Dispatch(context, customer, subscription, invoice);
    }

    private static void Keep(EngineCustomer customer, EngineInvoice invoice)
    {
        invoice.NextAttemptAt = Instants.Never;
        customer.Touch(invoice);
    }
}
