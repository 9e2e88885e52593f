using SaasBilling.Providers;

namespace SaasBilling.Subscriptions;

/// <summary>What the provider is asked for.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Interval">Monthly on a free plan.</param>
/// <param name="Currency">Null on a free plan.</param>
/// <param name="Items">The prices with their quantities, the plan's first; empty on a free plan.</param>
internal sealed record ResolvedItems(Plan Plan, BillingInterval Interval, Currency? Currency, IReadOnlyList<PriceQuantity> Items)
{
    /// <summary>Whether the subscription is made of exactly this already.</summary>
    public bool AreThoseOf(Subscription subscription) =>
        subscription.PlanKey == Plan.Key && subscription.Interval == Interval && subscription.Currency == Currency && subscription.Items.Count == Items.Count
        && Items.All(item => subscription.Items.Any(held => held.PriceKey == item.PriceKey && held.Quantity == item.Quantity));
}

/// <summary>From plan, currency, interval, seats and add-ons to prices and quantities. Every refusal names what there is.</summary>
internal static class ItemResolution
{
    /// <param name="catalog">What is sold.</param>
    /// <param name="plan">The wanted plan.</param>
    /// <param name="currency">The wanted currency; null on a free plan.</param>
    /// <param name="interval">The wanted interval.</param>
    /// <param name="seats">Null: one, where the plan has a price per seat.</param>
    /// <param name="addOns">Add-on key → quantity; zero of an add-on is none of it.</param>
    public static ResolvedItems Resolve(
        PlanCatalog catalog,
        Plan plan,
        Currency? currency,
        BillingInterval interval,
        long? seats,
        IReadOnlyDictionary<string, long>? addOns)
    {
        CheckQuantity(seats ?? 1, "seats");
        var wanted = WantedAddOns(catalog, addOns);
        if (plan.IsFree)
        {
            RequireNoSeats(plan, seats);
            if (wanted.Count > 0)
                throw Checks.Invalid($"Plan '{plan.Key}' is free and is never invoiced, so it cannot have add-on '{wanted[0].AddOn.Key}'. Leave the add-on out, or choose a plan with a price.");
            return new(plan, BillingInterval.Monthly, null, []);
        }

        var code = currency!.Value.Code;
        var prices = plan.PricesFor(code, interval);
        if (prices.Count == 0)
            throw UnknownPrice(plan, currency.Value, interval);
        if (!prices.Any(price => price.Kind == PriceKind.PerSeat))
            RequireNoSeats(plan, seats);

        var items = prices.Select(price => new PriceQuantity(price.Key, price.Kind switch
        {
            PriceKind.Flat => 1,
            PriceKind.PerSeat => seats ?? 1,
            _ => 0,
        })).ToList();
        foreach (var (addOn, quantity) in wanted)
        {
            var own = addOn.PricesFor(code, interval);
            if (own.Count == 0)
                throw Checks.Invalid($"Add-on '{addOn.Key}' has no price per {interval} in {code}, in which plan '{plan.Key}' is billed here. It is sold {Terms(addOn.AvailablePricing)}.");
            items.AddRange(own.Select(price => new PriceQuantity(price.Key, price.Kind == PriceKind.Metered ? 0 : quantity)));
        }

        CheckAmount(catalog, items);
        return new(plan, interval, currency, items);
    }

    public static BillingException UnknownPrice(Plan plan, Currency currency, BillingInterval interval) => new(
        BillingErrorCode.UnknownPrice,
        $"Plan '{plan.Key}' has no price per {interval} in {currency}. It is sold {Terms(plan.AvailablePricing)}.");

    public static BillingException UnknownPrice(Plan plan, Currency currency) => new(
        BillingErrorCode.UnknownPrice,
        $"Plan '{plan.Key}' has no price in {currency}. It is sold {Terms(plan.AvailablePricing)}.");

    public static BillingException UnknownPrice(Plan plan, BillingInterval interval) => new(
        BillingErrorCode.UnknownPrice,
        $"Plan '{plan.Key}' has no price per {interval}. It is sold {Terms(plan.AvailablePricing)}.");

    private static string Terms(IReadOnlyList<(Currency Currency, BillingInterval Interval)> pricing) =>
        string.Join(", ", pricing.Select(terms => $"per {terms.Interval} in {terms.Currency}"));

    // In the catalog's order, whatever order the caller's dictionary has.
    private static List<(AddOn AddOn, long Quantity)> WantedAddOns(PlanCatalog catalog, IReadOnlyDictionary<string, long>? addOns)
    {
        if (addOns is null)
            return [];

        var wanted = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (key, quantity) in addOns)
        {
            wanted[catalog.GetAddOn(key).Key] = quantity;
            CheckQuantity(quantity, $"of add-on '{key}'");
        }

        return [.. catalog.AddOns.Select(addOn => (addOn, wanted.GetValueOrDefault(addOn.Key))).Where(entry => entry.Item2 > 0)];
    }

    private static void CheckQuantity(long quantity, string what)
    {
        if (quantity < 0)
            throw Checks.Invalid($"{quantity} {what} cannot be billed. Use zero or more.");
        if (quantity > Bounds.MaxQuantity)
            throw Checks.Invalid($"{quantity} {what} are more than one subscription can have. Use at most {Bounds.MaxQuantity}.");
    }

    private static void RequireNoSeats(Plan plan, long? seats)
    {
        if (seats is { } count && count != 1)
            throw Checks.Invalid($"Plan '{plan.Key}' has no price per seat here, so it cannot have {count} seats. Leave Seats out, or give the plan a PricePerSeat.");
    }

    private static void CheckAmount(PlanCatalog catalog, List<PriceQuantity> items)
    {
        Int128 sum = 0;
        foreach (var item in items)
        {
            var price = catalog.GetPrice(item.PriceKey).Price;
            if (price.Kind == PriceKind.Metered)
                continue;

            sum += price.AmountFor(item.Quantity).MinorUnits;
            if (sum > Bounds.MaxMinorUnits)
                throw Checks.Invalid($"A period of this would cost more than {Money.FromMinorUnits(Bounds.MaxMinorUnits, price.Currency)}, which is the most that can be billed. Use smaller quantities.");
        }
    }
}
