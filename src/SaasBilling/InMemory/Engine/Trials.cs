namespace SaasBilling.InMemory.Engine;

/// <summary>How does a trial start, move and end?</summary>
internal static class Trials
{
    internal const int MaxDays = TrialTerms.MaxDays;

    /// <summary>The trial's time is over.</summary>
    internal static void End(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        Renewals.ApplyScheduled(context, subscription);
        if (EndWithoutPaymentMethod(context, customer, subscription))
            return;

        Convert(context, customer, subscription, subscription.Anchor);
        if (Drafting.Period(context, customer, subscription, BillingReason.SubscriptionCycle) is { } invoice)
            Renewals.Dispatch(context, customer, subscription, invoice);
    }

    /// <summary>Ends the trial by a call: the first period starts now, and is charged at once.</summary>
    internal static void EndNow(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        if (subscription.Status != SubscriptionStatus.Trialing)
            throw new BillingException(BillingErrorCode.InvalidState, $"No trial is running: '{subscription.Name}' is {subscription.Status}. There is nothing to end.");

        if (NeedsPaymentMethod(customer, subscription) && subscription.WhenNoPaymentMethod == TrialEndBehavior.CreateInvoice)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"The trial of '{subscription.Name}' cannot end now: there is no payment method to charge. Add one with AddPaymentMethodAsync first.");
        }

        subscription.TrialEnd = context.Now;
        subscription.PeriodEnd = context.Now;
        if (EndWithoutPaymentMethod(context, customer, subscription))
            return;

        Convert(context, customer, subscription, context.Now);
        if (Drafting.Period(context, customer, subscription, BillingReason.SubscriptionUpdate) is { } invoice)
            Settle(context, customer, subscription, invoice);
    }

    /// <summary>Moves the end of a trial, or gives free time to an active subscription.</summary>
    internal static void MoveEnd(EngineContext context, EngineCustomer customer, EngineSubscription subscription, long end)
    {
        if (end <= context.Now || end - context.Now > MaxDays * Instants.SecondsPerDay)
        {
            throw new BillingException(
                BillingErrorCode.InvalidArgument,
                $"A trial cannot end at {Instants.At(end):yyyy-MM-dd HH:mm:ss}Z. Use an instant after {Instants.At(context.Now):yyyy-MM-dd HH:mm:ss}Z, at most {MaxDays} days ahead.");
        }

        switch (subscription.Status)
        {
            case SubscriptionStatus.Trialing:
                // An anchor that was given, later than the trial's end, stays where it is.
                if (subscription.Anchor == subscription.TrialEnd || subscription.Anchor < end)
                    subscription.Anchor = end;
                Periods.StartTrial(subscription, subscription.TrialStart, end);
                break;
            case SubscriptionStatus.Active:
                UsageLedger.Close(subscription, context.Now);
                subscription.Status = SubscriptionStatus.Trialing;
                subscription.Anchor = end;
                Periods.StartTrial(subscription, context.Now, end);
                Drafting.DebitNothing(subscription);
                break;
            default:
                throw new BillingException(
                    BillingErrorCode.InvalidState,
                    $"A trial can be extended, or free time given, while a subscription is Trialing or Active; '{subscription.Name}' is {subscription.Status}.");
        }

        customer.Touch(subscription);
    }

    /// <summary>Finalizes and charges at once, unless collection is paused.</summary>
    internal static void Settle(EngineContext context, EngineCustomer customer, EngineSubscription subscription, EngineInvoice invoice)
    {
        if (subscription.Pause is not null || subscription.Status == SubscriptionStatus.Unpaid)
            Renewals.Dispatch(context, customer, subscription, invoice);
        else
            Finalization.FinalizeAndCollect(context, customer, invoice);
    }

    private static bool NeedsPaymentMethod(EngineCustomer customer, EngineSubscription subscription) =>
        !subscription.IsSent && subscription.Items.Length > 0 && customer.CardFor(subscription) is null;

    // What the plan says for a trial that ends with no card. False: go on with an invoice.
    private static bool EndWithoutPaymentMethod(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        if (!NeedsPaymentMethod(customer, subscription) || subscription.WhenNoPaymentMethod == TrialEndBehavior.CreateInvoice)
            return false;

        if (subscription.WhenNoPaymentMethod == TrialEndBehavior.Pause)
        {
            subscription.Status = SubscriptionStatus.Paused;
            subscription.Pause = null;
            customer.Touch(subscription);
        }
        else
        {
            Cancellation.End(context, customer, subscription);
        }

        return true;
    }

    private static void Convert(EngineContext context, EngineCustomer customer, EngineSubscription subscription, long anchor)
    {
        subscription.Status = SubscriptionStatus.Active;
        Periods.Start(subscription, anchor, context.Now);
        UsageLedger.Open(context, subscription, context.Now);
        customer.Touch(subscription);
    }
}
