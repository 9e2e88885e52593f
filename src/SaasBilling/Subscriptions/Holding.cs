namespace SaasBilling.Subscriptions;

/// <summary>What a subscription is made of, in the application's terms: the plan, how it is billed, and how much of it.</summary>
/// <param name="Plan">The plan; null: the application no longer sells it.</param>
/// <param name="Interval">Monthly on a free plan.</param>
/// <param name="Currency">Null on a free plan.</param>
/// <param name="Seats">Null where the plan has no price per seat.</param>
/// <param name="AddOns">Add-on key → quantity.</param>
internal sealed record Holding(Plan? Plan, BillingInterval Interval, Currency? Currency, long? Seats, IReadOnlyDictionary<string, long> AddOns)
{
    /// <summary>Whether it is never invoiced.</summary>
    public bool IsFree => Currency is null;

    /// <summary>Reads it off a subscription's items. A price that the catalog no longer has is passed over.</summary>
    public static Holding Of(PlanCatalog catalog, Subscription subscription)
    {
        long? seats = null;
        var addOns = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var item in subscription.Items)
        {
            switch (catalog.FindPrice(item.PriceKey))
            {
                case { Plan: not null, Price.Kind: PriceKind.PerSeat }:
                    seats = item.Quantity;
                    break;
                case { AddOn: { } addOn, Price.Kind: PriceKind.Metered }:
                    // An add-on that only meters is there once.
                    addOns.TryAdd(addOn.Key, 1);
                    break;
                case { AddOn: { } addOn }:
                    addOns[addOn.Key] = item.Quantity;
                    break;
            }
        }

        return new(catalog.TryGet(subscription.PlanKey, out var plan) ? plan : null, subscription.Interval, subscription.Currency, seats, addOns);
    }
}
