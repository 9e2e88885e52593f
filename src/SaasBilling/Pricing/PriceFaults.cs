namespace SaasBilling.Pricing;

/// <summary>What is wrong with a price, in sentences that name the mend.</summary>
internal static class PriceFaults
{
    internal const int MaxDecimals = 12;

    /// <summary>The part of a seat price's key that a meter's name must not take.</summary>
    private const string SeatPart = "seat";

    internal static IEnumerable<string> Of(Price price)
    {
        if (price.Currency.IsNone)
            yield return "It has no currency. Give it one such as \"USD\".";

        if (price.Interval.Count < 1)
            yield return "It has no interval. Give it one such as BillingInterval.Monthly.";

        foreach (var fault in MeterFaults(price))
            yield return fault;

        foreach (var fault in ModelFaults(price))
            yield return fault;
    }

    private static IEnumerable<string> MeterFaults(Price price)
    {
        if (price.Kind == PriceKind.Metered && string.IsNullOrWhiteSpace(price.Meter))
            yield return "It is metered, but names no meter. Name one that was added with AddMeter.";

        if (price.Kind != PriceKind.Metered && price.Meter is not null)
            yield return $"It names the meter '{price.Meter}', but is not metered. Use Metered(\"{price.Meter}\", …).";

        if (string.Equals(price.Meter, SeatPart, StringComparison.OrdinalIgnoreCase))
            yield return "A meter cannot be called 'seat': the key of its price would be that of the seats. Use another name, such as 'active_seats'.";
    }

    private static IEnumerable<string> ModelFaults(Price price)
    {
        var models = (price.UnitAmount is null ? 0 : 1) + (price.Tiers.Count > 0 ? 1 : 0) + (price.Package is null ? 0 : 1);
        if (models == 0)
            yield return "It has neither an amount nor tiers nor a package. Give an amount, UpTo(…)/Beyond(…), or Package(…).";

        if (models > 1)
            yield return "It mixes an amount, tiers and a package. Keep one of them.";

        if (price.UnitAmount is { } amount)
            foreach (var fault in AmountFaults("The amount", amount))
                yield return fault;

        if (price.Package is { } package)
        {
            if (package.Units < 1)
                yield return $"A package of {package.Units} units cannot be sold. Put at least one unit in it.";

            foreach (var fault in AmountFaults("The package's amount", package.Amount))
                yield return fault;
        }

        foreach (var fault in TierFaults(price.Tiers))
            yield return fault;
    }

    private static IEnumerable<string> TierFaults(IReadOnlyList<PriceTier> tiers)
    {
        long reached = 0;
        for (var i = 0; i < tiers.Count; i++)
        {
            var name = $"Tier {i + 1}";
            var tier = tiers[i];
            foreach (var fault in AmountFaults($"{name}'s unit amount", tier.UnitAmount).Concat(AmountFaults($"{name}'s flat amount", tier.FlatAmount)))
                yield return fault;

            if (tier.UpTo is not { } last)
            {
                if (i < tiers.Count - 1)
                    yield return $"{name} has no end, but is not the last. Call Beyond(…) once, after every UpTo(…).";

                continue;
            }

            if (last <= reached)
                yield return i == 0
                    ? $"{name} ends at unit {last}. Let it end at 1 or later."
                    : $"{name} ends at unit {last}, but the tier before it ends at {reached}. Put the tiers in ascending order.";

            reached = Math.Max(reached, last);
            if (i == tiers.Count - 1)
                yield return $"The last tier ends at unit {last}, so more units would have no price. Call Beyond(…) after the last UpTo(…).";
        }
    }

    private static IEnumerable<string> AmountFaults(string name, decimal amount)
    {
        if (amount < 0)
            yield return $"{name} is {amount}, less than zero. Use zero or more; for money off, use a coupon.";

        if (decimal.Round(amount, MaxDecimals) != amount)
            yield return $"{name} is {amount}, with more than {MaxDecimals} decimals. Round it to {MaxDecimals}.";
    }
}
