using SaasBilling.Storage;

namespace SaasBilling.Access;

/// <summary>What a meter counted in the running period.</summary>
internal static class MeterReading
{
    /// <summary>The aggregate that limits are compared with. A level carries over to the next period; all else starts at zero.</summary>
    internal static decimal Of(CustomerState? state, Meter meter, PlanCatalog catalog)
    {
        for (var i = 0; i < state?.Usage.Count; i++)
        {
            var usage = state.Usage[i];
            if (usage.Meter != meter.Key)
                continue;

            var isCurrent = meter.Aggregation == UsageAggregation.Last || PeriodOf(state, meter.Key, catalog) is not { } period || usage.PeriodStart >= period.Start;
            return isCurrent ? usage.Value : 0;
        }

        return 0;
    }

    /// <summary>The period that a meter counts in; null: no live subscription.</summary>
    internal static BillingPeriod? PeriodOf(CustomerState? state, string meter, PlanCatalog catalog) => state is null ? null : PeriodOf(state.Subscriptions, meter, catalog);

    /// <summary>The period of the live subscription that bills or limits the meter, else of the newest live one.</summary>
    internal static BillingPeriod? PeriodOf(IReadOnlyList<Subscription> subscriptions, string meter, PlanCatalog catalog)
    {
        Subscription? newest = null;
        for (var i = subscriptions.Count - 1; i >= 0; i--)
        {
            var subscription = subscriptions[i];
            if (!subscription.IsLive)
                continue;

            if (Counts(subscription, meter, catalog))
                return subscription.CurrentPeriod;

            newest ??= subscription;
        }

        return newest?.CurrentPeriod;
    }

    private static bool Counts(Subscription subscription, string meter, PlanCatalog catalog)
    {
        for (var i = 0; i < subscription.Items.Count; i++)
        {
            if (catalog.FindPrice(subscription.Items[i].PriceKey)?.Price.Meter == meter)
                return true;
        }

        return catalog.Grants.Of(subscription).TryGetValue(meter, out var grant) && grant.IsGranted;
    }
}
