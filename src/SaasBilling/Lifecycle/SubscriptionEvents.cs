namespace SaasBilling;

/// <summary>A trial began.</summary>
public sealed record TrialStarted : SubscriptionEvent;

/// <summary>
/// A trial ends soon: raised once, <see cref="SaasBillingOptions.TrialEndingNotice"/> before the end, or at once for a shorter trial; never
/// for a trial that was canceled.
/// </summary>
public sealed record TrialEnding : SubscriptionEvent
{
    /// <summary>How long the trial still runs, counted from <see cref="BillingEvent.OccurredAt"/>.</summary>
    public required TimeSpan Remaining { get; init; }
}

/// <summary>The end of a trial was moved, or free time was given to an active subscription.</summary>
public sealed record TrialExtended : SubscriptionEvent;

/// <summary>The first invoice after a trial was paid, also when it was zero.</summary>
public sealed record TrialConverted : SubscriptionEvent;

/// <summary>A trial ended with no payment method, and the plan says cancel or pause.</summary>
public sealed record TrialExpired : SubscriptionEvent;

/// <summary>The subscription became active: started, first payment made, or trial over.</summary>
public sealed record SubscriptionActivated : SubscriptionEvent;

/// <summary>A new period began.</summary>
public sealed record SubscriptionRenewed : SubscriptionEvent;

/// <summary>Another plan, or another interval of the same plan.</summary>
public sealed record PlanChanged : SubscriptionEvent
{
    /// <summary>The plan before; the same as now when only the interval changed.</summary>
    public required string PreviousPlanKey { get; init; }
}

/// <summary>Other quantities: seats or add-ons.</summary>
public sealed record QuantityChanged : SubscriptionEvent;

/// <summary>The subscription will end: at the end of its period or at a date.</summary>
public sealed record CancellationScheduled : SubscriptionEvent;

/// <summary>The scheduled end was undone.</summary>
public sealed record CancellationUndone : SubscriptionEvent;

/// <summary>The subscription ended.</summary>
public sealed record SubscriptionCanceled : SubscriptionEvent;

/// <summary>A customer whose subscription of this name had ended has a new one; raised beside what the new one raises.</summary>
public sealed record SubscriptionReactivated : SubscriptionEvent;

/// <summary>The subscription was paused, by a call or by a trial's end.</summary>
public sealed record SubscriptionPaused : SubscriptionEvent;

/// <summary>The pause ended.</summary>
public sealed record SubscriptionResumed : SubscriptionEvent;
