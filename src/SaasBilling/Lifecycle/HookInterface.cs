namespace SaasBilling.Lifecycle;

/// <summary>
/// One closed form of <see cref="ILifecycleHook{TEvent}"/>. All of them are named here, at compile time, so that nothing has to be constructed by
/// reflection: that would not survive trimming.
/// </summary>
internal abstract class HookInterface
{
    /// <summary>Every form that a hook can implement, the narrow ones first.</summary>
    public static IReadOnlyList<HookInterface> All { get; } =
    [
        Of<CustomerCreated>(),
        Of<CustomerDeleted>(),
        Of<MilestoneReached>(),
        Of<TrialStarted>(),
        Of<TrialEnding>(),
        Of<TrialExtended>(),
        Of<TrialConverted>(),
        Of<TrialExpired>(),
        Of<SubscriptionActivated>(),
        Of<SubscriptionRenewed>(),
        Of<PlanChanged>(),
        Of<QuantityChanged>(),
        Of<CancellationScheduled>(),
        Of<CancellationUndone>(),
        Of<SubscriptionCanceled>(),
        Of<SubscriptionReactivated>(),
        Of<SubscriptionPaused>(),
        Of<SubscriptionResumed>(),
        Of<PaymentMethodAdded>(),
        Of<PaymentMethodRemoved>(),
        Of<PaymentMethodExpiring>(),
        Of<ChargeAdded>(),
        Of<InvoiceUpcoming>(),
        Of<InvoiceFinalized>(),
        Of<InvoicePaid>(),
        Of<PaymentFailed>(),
        Of<PaymentActionRequired>(),
        Of<PaymentRecovered>(),
        Of<PaymentRefunded>(),
        Of<PaymentDisputed>(),
        Of<UsageLimitReached>(),
        Of<AccessGranted>(),
        Of<AccessRestricted>(),
        Of<SubscriptionEvent>(),
        Of<BillingEvent>(),
    ];

    /// <summary>The event's type.</summary>
    public abstract Type EventType { get; }

    /// <summary>The interface's type.</summary>
    public abstract Type Type { get; }

    /// <summary>Whether the interface takes this event.</summary>
    public abstract bool Takes(BillingEvent billingEvent);

    /// <summary>Calls the hook.</summary>
    public abstract Task HandleAsync(object hook, BillingEvent billingEvent, CancellationToken cancellationToken);

    private static HookInterface<TEvent> Of<TEvent>()
        where TEvent : BillingEvent => new();
}

/// <inheritdoc/>
internal sealed class HookInterface<TEvent> : HookInterface
    where TEvent : BillingEvent
{
    public override Type EventType => typeof(TEvent);

    public override Type Type => typeof(ILifecycleHook<TEvent>);

    public override bool Takes(BillingEvent billingEvent) => billingEvent is TEvent;

    public override Task HandleAsync(object hook, BillingEvent billingEvent, CancellationToken cancellationToken) =>
        ((ILifecycleHook<TEvent>)hook).HandleAsync((TEvent)billingEvent, cancellationToken);
}
