namespace SaasBilling.Pricing;

/// <summary>What a quantity costs by a price (https://docs.stripe.com/products-prices/pricing-models).</summary>
internal static class PriceMath
{
    internal static Money AmountFor(Price price, decimal quantity)
    {
        if (quantity < 0)
            throw new BillingException(BillingErrorCode.InvalidArgument, $"A quantity of {quantity} of '{price.Key}' has no price. Use zero or more.");

        decimal major;
        if (price.UnitAmount is { } unit)
            major = unit * quantity;
        else if (price.Package is { } package)
            major = decimal.Ceiling(quantity / package.Units) * package.Amount;
        else
            major = price.TierMode == TierMode.Volume ? Volume(price.Tiers, quantity) : Graduated(price.Tiers, quantity);

        return Money.FromMinorUnits(Rounding.HalfUp(major * Decimals.PowerOfTen(price.Currency.Exponent)), price.Currency);
    }

    private static decimal Graduated(IReadOnlyList<PriceTier> tiers, decimal quantity)
    {
        decimal sum = 0;
        decimal reached = 0;
        foreach (var tier in tiers)
        {
            var last = tier.UpTo is { } upTo && upTo < quantity ? upTo : quantity;
            sum += tier.FlatAmount + (last - reached) * tier.UnitAmount;
            reached = last;
            if (reached >= quantity)
                break;
        }

        return sum;
    }

    private static decimal Volume(IReadOnlyList<PriceTier> tiers, decimal quantity)
    {
        foreach (var tier in tiers)
        {
            if (tier.UpTo is null || quantity <= tier.UpTo)
                return tier.FlatAmount + tier.UnitAmount * quantity;
        }

        return 0;
    }
}
