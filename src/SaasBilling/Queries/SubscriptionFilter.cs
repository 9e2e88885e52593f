using SaasBilling.Storage;

namespace SaasBilling;

/// <summary>
/// Which subscriptions; all conditions that are set must hold. A list with a condition on an instant is in the order of that instant, earliest first;
/// where several are set, of the first one in the order of the members below. Without one, the newest subscription comes first.
/// </summary>
public sealed record SubscriptionFilter
{
    /// <summary>In this status.</summary>
    public SubscriptionStatus? Status { get; init; }

    /// <summary>Of this plan.</summary>
    public string? PlanKey { get; init; }

    /// <summary><see cref="SubscriptionStatus.Trialing"/>, with a trial that ends before this instant, UTC.</summary>
    public DateTimeOffset? TrialEndsBefore { get; init; }

    /// <summary>Not ended, and past due since before this instant, UTC.</summary>
    public DateTimeOffset? PastDueSinceBefore { get; init; }

    /// <summary>Not ended, and to be canceled before this instant, UTC.</summary>
    public DateTimeOffset? CancelsBefore { get; init; }

    /// <summary>Not ended, and with a period that ends before this instant, UTC.</summary>
    public DateTimeOffset? PeriodEndsBefore { get; init; }

    /// <summary>What the list is in the order of.</summary>
    public SubscriptionOrder Order =>
        TrialEndsBefore is not null ? SubscriptionOrder.TrialEnd
        : PastDueSinceBefore is not null ? SubscriptionOrder.PastDueSince
        : CancelsBefore is not null ? SubscriptionOrder.CancelsAt
        : PeriodEndsBefore is not null ? SubscriptionOrder.PeriodEnd
        : SubscriptionOrder.Newest;

    /// <summary>A subscription's place in the list.</summary>
    /// <param name="subscription">One that <see cref="Matches"/>.</param>
    public ListPosition PositionOf(Subscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        var at = Order switch
        {
            SubscriptionOrder.TrialEnd => subscription.Trial?.End,
            SubscriptionOrder.PastDueSince => subscription.PastDueSince,
            SubscriptionOrder.CancelsAt => subscription.CancelsAt,
            SubscriptionOrder.PeriodEnd => subscription.CurrentPeriod.End,
            _ => subscription.CreatedAt,
        };
        return new(at ?? default, subscription.CustomerId, subscription.Id);
    }

    /// <summary>Whether a subscription is one of those.</summary>
    /// <param name="subscription">The subscription.</param>
    public bool Matches(Subscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return (Status is null || subscription.Status == Status)
            && (PlanKey is null || subscription.PlanKey == PlanKey)
            && (TrialEndsBefore is null || (subscription.Status == SubscriptionStatus.Trialing && subscription.Trial?.End < TrialEndsBefore))
            && (PastDueSinceBefore is null || (subscription.EndedAt is null && subscription.PastDueSince < PastDueSinceBefore))
            && (CancelsBefore is null || (subscription.EndedAt is null && subscription.CancelsAt < CancelsBefore))
            && (PeriodEndsBefore is null || (subscription.EndedAt is null && subscription.CurrentPeriod.End < PeriodEndsBefore));
    }
}

/// <summary>What a list of subscriptions is in the order of.</summary>
public enum SubscriptionOrder
{
    /// <summary><see cref="Subscription.CreatedAt"/>, newest first.</summary>
    Newest,

    /// <summary>The trial's end, earliest first.</summary>
    TrialEnd,

    /// <summary><see cref="Subscription.PastDueSince"/>, earliest first.</summary>
    PastDueSince,

    /// <summary><see cref="Subscription.CancelsAt"/>, earliest first.</summary>
    CancelsAt,

    /// <summary>The end of the current period, earliest first.</summary>
    PeriodEnd,
}
