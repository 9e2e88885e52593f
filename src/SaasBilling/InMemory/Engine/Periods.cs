using SaasBilling.Pricing;

namespace SaasBilling.InMemory.Engine;

/// <summary>When does a period start and end? Boundary n is anchor + n intervals, never the boundary before + 1 interval.</summary>
internal static class Periods
{
    /// <summary>Boundary <paramref name="index"/> of the subscription's calendar.</summary>
    internal static long Boundary(EngineSubscription subscription, int index) =>
        Instants.From(BillingCycle.Boundary(Instants.At(subscription.Anchor), subscription.Interval, index));

    /// <summary>A calendar that starts now: period 0.</summary>
    internal static void StartNew(EngineSubscription subscription, long start) => Start(subscription, start, start);

    /// <summary>The period around <paramref name="start"/>; a short one when that is not a boundary of the anchor's.</summary>
    internal static void Start(EngineSubscription subscription, long anchor, long start)
    {
        subscription.Anchor = anchor;
        subscription.PeriodIndex = anchor == start ? 0 : (int)BillingCycle.IndexAt(Instants.At(anchor), subscription.Interval, Instants.At(start));
        Set(subscription, start, Boundary(subscription, subscription.PeriodIndex + 1));
    }

    /// <summary>The next period; it starts exactly where this one ends.</summary>
    internal static void StartNext(EngineSubscription subscription)
    {
        subscription.PeriodIndex++;
        Set(subscription, subscription.PeriodEnd, Boundary(subscription, subscription.PeriodIndex + 1));
    }

    /// <summary>A trial, or free time: it is no period of the calendar, which starts when it ends.</summary>
    internal static void StartTrial(EngineSubscription subscription, long start, long end)
    {
        subscription.TrialStart = start;
        subscription.TrialEnd = end;
        Set(subscription, start, end);
    }

    /// <summary>Where the running period would have started if it were not a short one.</summary>
    internal static long NaturalStart(EngineSubscription subscription) =>
        subscription.Status == SubscriptionStatus.Trialing ? subscription.PeriodStart : Boundary(subscription, subscription.PeriodIndex);

    private static void Set(EngineSubscription subscription, long start, long end)
    {
        subscription.PeriodStart = start;
        subscription.PeriodEnd = end;
        subscription.LastChange = null;
        if (subscription.CancelsAtPeriodEnd)
            subscription.CancelsAt = end;
    }
}
