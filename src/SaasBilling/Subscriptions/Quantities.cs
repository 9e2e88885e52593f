namespace SaasBilling.Subscriptions;

/// <summary>Seats and add-ons of a subscription, whatever the prices that bill them.</summary>
internal static class Quantities
{
    /// <summary>How seats and add-ons differ, in words; null when they do not.</summary>
    internal static string? Difference(Subscription was, Subscription now, PlanCatalog catalog)
    {
        if (HaveSameItems(was, now))
            return null;

        List<string>? differences = null;
        if (Seats(was, catalog) is { } from && Seats(now, catalog) is { } to && from != to)
            (differences ??= []).Add($"seats: {from} → {to}");

        var before = catalog.Grants.AddOnsOf(was);
        var after = catalog.Grants.AddOnsOf(now);
        foreach (var (key, quantity) in after)
        {
            var earlier = before.GetValueOrDefault(key);
            if (earlier != quantity)
                (differences ??= []).Add($"{key}: {earlier} → {quantity}");
        }

        foreach (var (key, quantity) in before)
        {
            if (quantity != 0 && !after.ContainsKey(key))
                (differences ??= []).Add($"{key}: {quantity} → 0");
        }

        AddUnknownPrices(was, now, catalog, ref differences);
        return differences is null ? null : string.Join(", ", differences);
    }

    // The ids of items are the provider's own; a renewed item is the same price and quantity.
    private static bool HaveSameItems(Subscription was, Subscription now)
    {
        if (was.Items.Count != now.Items.Count)
            return false;

        for (var i = 0; i < was.Items.Count; i++)
        {
            if (was.Items[i].PriceKey != now.Items[i].PriceKey || was.Items[i].Quantity != now.Items[i].Quantity)
                return false;
        }

        return true;
    }

    private static long? Seats(Subscription subscription, PlanCatalog catalog)
    {
        for (var i = 0; i < subscription.Items.Count; i++)
        {
            if (catalog.FindPrice(subscription.Items[i].PriceKey) is { Plan: not null, Price.Kind: PriceKind.PerSeat })
                return subscription.Items[i].Quantity;
        }

        return null;
    }

    // Prices that the application no longer sells are compared one by one: what they were for is not known.
    private static void AddUnknownPrices(Subscription was, Subscription now, PlanCatalog catalog, ref List<string>? differences)
    {
        for (var i = 0; i < now.Items.Count; i++)
        {
            var item = now.Items[i];
            if (catalog.FindPrice(item.PriceKey) is null && QuantityOf(was, item.PriceKey) is { } earlier && earlier != item.Quantity)
                (differences ??= []).Add($"{item.PriceKey}: {earlier} → {item.Quantity}");
        }
    }

    private static long? QuantityOf(Subscription subscription, string priceKey)
    {
        for (var i = 0; i < subscription.Items.Count; i++)
        {
            if (subscription.Items[i].PriceKey == priceKey)
                return subscription.Items[i].Quantity;
        }

        return null;
    }
}
