namespace SaasBilling.InMemory.Engine;

/// <summary>How does a pause start and end? And how is a scheduled cancellation undone?</summary>
internal static class Pauses
{
    internal static void Start(EngineContext context, EngineCustomer customer, EngineSubscription subscription, PauseOptions options)
    {
        States.RequireStarted(subscription, "Collection can be paused");
        if (subscription.IsPausedAfterTrial)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"'{subscription.Name}' is paused already: its trial ended without a payment method. Add one and call ResumeAsync to go on.");
        }

        if (options.ResumesAt is { } resumesAt && Instants.From(resumesAt) <= context.Now)
        {
            throw new BillingException(
                BillingErrorCode.InvalidArgument,
                $"A pause cannot end at {resumesAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, which is not in the future. Use a later instant, or null to resume by a call.");
        }

        subscription.Pause = options;
        customer.Touch(subscription);
    }

    /// <summary>Only invoices that are made from now on are collected: those of the pause stay as they are.</summary>
    internal static void End(EngineCustomer customer, EngineSubscription subscription)
    {
        subscription.Pause = null;
        customer.Touch(subscription);
    }

    /// <summary>Undoes a scheduled cancellation, ends a pause, or both.</summary>
    internal static void Resume(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        States.RequireLive(subscription, "A cancellation can be undone, or a pause ended,");
        if (!subscription.IsPausedAfterTrial && subscription.Pause is null && subscription.CancelsAt == Instants.Never)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"There is nothing to resume: '{subscription.Name}' is {subscription.Status}, neither paused nor going to be canceled.");
        }

        if (subscription.IsPausedAfterTrial && !subscription.IsSent && customer.CardFor(subscription) is null)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"'{subscription.Name}' is paused because its trial ended without a payment method. Add one with AddPaymentMethodAsync, then resume.");
        }

        subscription.Pause = null;
        Cancellation.Undo(subscription);
        customer.Touch(subscription);
        if (subscription.IsPausedAfterTrial)
            StartAgain(context, customer, subscription);
    }

    private static void StartAgain(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        subscription.Status = SubscriptionStatus.Active;
        Periods.StartNew(subscription, context.Now);
        UsageLedger.Open(context, subscription, context.Now);
        if (Drafting.Period(context, customer, subscription, BillingReason.SubscriptionUpdate) is { } invoice)
            Finalization.FinalizeAndCollect(context, customer, invoice);
    }
}
