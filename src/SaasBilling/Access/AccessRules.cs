using System.Collections.Frozen;
using SaasBilling.Pricing;
using SaasBilling.Storage;

namespace SaasBilling.Access;

/// <summary>
/// The one definition of access: a pure function of what is known, of the options, and of time. Gating, events and reports all use it.
/// </summary>
internal static class AccessRules
{
    /// <summary>What the customer may use at an instant.</summary>
    internal static AccessSnapshot Evaluate(CustomerState? state, PlanCatalog catalog, SaasBillingOptions options, DateTimeOffset now)
    {
        if (state is null)
            return new(AccessReason.NoSubscription, null, null, catalog.Grants.None);

        var view = AccessView.Of(state);
        var answer = Answer(view, catalog, options, now);
        if (!IsGranted(answer.Reason))
            return new(answer.Reason, LastPlan(view.Subscriptions), null, catalog.Grants.None);

        return new(answer.Reason, answer.Subscription!.PlanKey, answer.Until, Features(view, catalog, options, now));
    }

    /// <summary>When the mere passing of time next changes the answer: the grace period of a failed payment ends. Null: never.</summary>
    internal static DateTimeOffset? NextEdge(CustomerState state, SaasBillingOptions options, DateTimeOffset now) =>
        NextEdge(state.Subscriptions, options, now);

    /// <inheritdoc cref="NextEdge(CustomerState, SaasBillingOptions, DateTimeOffset)"/>
    internal static DateTimeOffset? NextEdge(IReadOnlyList<Subscription> subscriptions, SaasBillingOptions options, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        for (var i = 0; i < subscriptions.Count; i++)
        {
            if (subscriptions[i].Status != SubscriptionStatus.PastDue)
                continue;

            var end = GraceEnd(subscriptions[i], options);
            if (end > now && (next is null || end < next))
                next = end;
        }

        return next;
    }

    /// <summary>When a past due subscription stops giving access.</summary>
    internal static DateTimeOffset GraceEnd(Subscription subscription, SaasBillingOptions options) =>
        InstantMath.Add(subscription.PastDueSince ?? subscription.CurrentPeriod.Start, options.PastDueGrace);

    /// <summary>May the customer use so much of a feature, why not, until when, and what to do next.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownFeature"/>.</exception>
    internal static AccessDecision Decide(AccessSnapshot access, CustomerState? state, PlanCatalog catalog, string feature, long quantity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        var grant = access.Grant(feature);
        if (!access.IsGranted)
            return new(false, access.Reason, access.Until, null, null, NextSteps.After(access.Reason, state));

        if (!grant.IsGranted)
            return new(false, access.Reason, access.Until, null, null, NextStep.Upgrade);

        var meter = catalog.TryGetMeter(feature, out var found) ? found : null;
        var used = meter is null ? (decimal?)null : MeterReading.Of(state, meter, catalog);
        var counted = used is { } value ? ToCount(value) : (long?)null;
        if (grant.Limit is not { } limit || (used ?? 0) + quantity <= limit)
            return new(true, access.Reason, access.Until, grant.Limit, counted, NextSteps.While(access.Reason, state));

        // Only a meter that starts at zero with the next period makes room by itself.
        var until = meter is { Aggregation: not UsageAggregation.Last } && quantity <= limit ? MeterReading.PeriodOf(state, meter.Key, catalog)?.End : null;
        return new(false, access.Reason, until ?? access.Until, limit, counted, NextStep.Upgrade);
    }

    internal static bool IsGranted(AccessReason reason) =>
        reason is AccessReason.Subscribed or AccessReason.Trial or AccessReason.GracePeriod or AccessReason.FreePlan;

    /// <summary>The best that the subscriptions say: granted before not granted, then the reason that tells the customer most.</summary>
    internal static AccessAnswer Answer(in AccessView view, PlanCatalog catalog, SaasBillingOptions options, DateTimeOffset now)
    {
        var best = new AccessAnswer(AccessReason.NoSubscription, null, null);
        var subscriptions = view.Subscriptions;
        for (var i = 0; i < subscriptions.Count; i++)
        {
            var subscription = subscriptions[i];
            var reason = ReasonOf(subscription, view, catalog, options, now);
            var until = IsGranted(reason) ? UntilOf(subscription, reason, options) : null;
            if (best.Subscription is null)
            {
                best = new(reason, subscription, until);
                continue;
            }

            // Access as a whole ends when the last of those that give it ends.
            if (IsGranted(reason) && IsGranted(best.Reason))
                until = best.Until is { } other && until is { } own ? InstantMath.Max(other, own) : null;

            if (Rank(reason, subscription) <= Rank(best.Reason, best.Subscription))
                best = new(reason, subscription, until);
            else if (IsGranted(reason))
                best = best with { Until = until };
        }

        return best;
    }

    /// <summary>What one subscription says.</summary>
    internal static AccessReason ReasonOf(Subscription subscription, in AccessView view, PlanCatalog catalog, SaasBillingOptions options, DateTimeOffset now) =>
        subscription.Status switch
        {
            SubscriptionStatus.Trialing => AccessReason.Trial,
            SubscriptionStatus.Active => IsFree(subscription, catalog) ? AccessReason.FreePlan : AccessReason.Subscribed,
            SubscriptionStatus.PastDue => now < GraceEnd(subscription, options) ? AccessReason.GracePeriod : AccessReason.PaymentFailed,
            SubscriptionStatus.Unpaid => AccessReason.PaymentFailed,
            SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired => AccessReason.Incomplete,
            SubscriptionStatus.Paused => AccessReason.Paused,
            SubscriptionStatus.Canceled => EndedUnpaid(subscription, view.Trials) ? AccessReason.TrialExpired : AccessReason.Canceled,
            _ => view.ReasonBefore(subscription.Id),
        };

    /// <summary>The features that all subscriptions that give access give together.</summary>
    internal static FrozenDictionary<string, FeatureGrant> Features(in AccessView view, PlanCatalog catalog, SaasBillingOptions options, DateTimeOffset now)
    {
        Subscription? only = null;
        List<Subscription>? several = null;
        var subscriptions = view.Subscriptions;
        for (var i = 0; i < subscriptions.Count; i++)
        {
            if (!IsGranted(ReasonOf(subscriptions[i], view, catalog, options, now)))
                continue;

            if (only is null)
                only = subscriptions[i];
            else
                (several ??= [only]).Add(subscriptions[i]);
        }

        if (several is not null)
            return catalog.Grants.OfAll(several);

        return only is null ? catalog.Grants.None : catalog.Grants.Of(only);
    }

    private static bool IsFree(Subscription subscription, PlanCatalog catalog) =>
        subscription.Items.Count == 0 && catalog.TryGet(subscription.PlanKey, out var plan) && plan.IsFree;

    // Free time that a paying customer was given is a trial to the provider, but who paid before is no expired trial.
    private static bool EndedUnpaid(Subscription subscription, IReadOnlyList<TrialRecord> trials)
    {
        if (subscription.Trial is not { } trial || subscription.EndedAt is not { } ended || (ended > trial.End && subscription.CurrentPeriod.End > trial.End))
            return false;

        // A trial of its own starts with the subscription; what starts later is free time.
        if (subscription.CreatedAt != default && trial.Start > subscription.CreatedAt)
            return false;

        for (var i = 0; i < trials.Count; i++)
        {
            if (trials[i].SubscriptionId == subscription.Id && trials[i].ConvertedAt is not null)
                return false;
        }

        return true;
    }

    private static DateTimeOffset? UntilOf(Subscription subscription, AccessReason reason, SaasBillingOptions options)
    {
        DateTimeOffset? end = reason switch
        {
            AccessReason.Trial => subscription.Trial?.End,
            AccessReason.GracePeriod => GraceEnd(subscription, options),
            _ => null,
        };

        return subscription.CancelsAt is { } cancels && (end is null || cancels < end) ? cancels : end;
    }

    // Lower is better. Of two that are equally good, the newer one, which is later in the list, speaks. An ended subscription says something only where
    // there is no live one.
    private static int Rank(AccessReason reason, Subscription subscription) => reason switch
    {
        AccessReason.Subscribed => 0,
        AccessReason.Trial => 1,
        AccessReason.GracePeriod => 2,
        AccessReason.FreePlan => 3,
        _ when !subscription.IsLive => 8,
        AccessReason.PaymentFailed => 4,
        AccessReason.Paused => 5,
        AccessReason.Incomplete => 6,
        _ => 7,
    };

    private static string? LastPlan(IReadOnlyList<Subscription> subscriptions)
    {
        for (var i = subscriptions.Count - 1; i >= 0; i--)
        {
            if (subscriptions[i].Status is not (SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired))
                return subscriptions[i].PlanKey;
        }

        return null;
    }

    private static long ToCount(decimal value) => value >= long.MaxValue ? long.MaxValue : (long)decimal.Ceiling(value);
}
