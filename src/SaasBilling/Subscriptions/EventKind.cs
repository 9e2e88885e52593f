namespace SaasBilling.Subscriptions;

/// <summary>
/// The events that a transition can raise. Those of one instant are told in this order, so that a cause comes before what it leads to: the customer, the
/// card, the subscription, its invoices, and last what the customer may do.
/// </summary>
internal enum EventKind
{
    CustomerCreated,
    CustomerDeleted,
    MilestoneReached,
    PaymentMethodAdded,
    PaymentMethodRemoved,
    PaymentMethodExpiring,
    TrialStarted,
    TrialExtended,
    TrialEnding,
    PlanChanged,
    QuantityChanged,
    TrialExpired,
    SubscriptionActivated,
    SubscriptionReactivated,
    SubscriptionRenewed,
    SubscriptionResumed,
    CancellationUndone,
    CancellationScheduled,
    SubscriptionPaused,
    SubscriptionCanceled,
    ChargeAdded,
    InvoiceUpcoming,
    InvoiceFinalized,
    PaymentFailed,
    PaymentActionRequired,
    InvoicePaid,
    PaymentRecovered,
    PaymentRefunded,
    PaymentDisputed,
    SubscriptionGivenUp,
    TrialConverted,
    UsageLimitReached,
    AccessGranted,
    AccessRestricted,
}
