namespace SaasBilling.Pricing;

/// <summary>What a quantity costs by a price, exactly, and rounded once (https://docs.stripe.com/products-prices/pricing-models).</summary>
internal static class PriceMath
{
    internal static Money AmountFor(Price price, decimal quantity)
    {
        if (quantity < 0)
            throw new BillingException(BillingErrorCode.InvalidArgument, $"A quantity of {quantity} of '{price.Key}' has no price. Use zero or more.");

        var exponent = price.Currency.Exponent;
        var minorUnits = price switch
        {
            { UnitAmount: { } unit } => Times(unit, quantity, exponent),
            { Package: { Units: > 0 } package } => Times(package.Amount, Packages(quantity, package.Units), exponent),
            { Tiers: [.., { UpTo: null }], TierMode: TierMode.Volume } => Volume(price.Tiers, quantity).ToMinorUnits(exponent),
            { Tiers: [.., { UpTo: null }] } => Graduated(price.Tiers, quantity).ToMinorUnits(exponent),
            _ => throw new BillingException(BillingErrorCode.InvalidArgument, $"The price '{price.Key}' cannot be sold. {string.Join(' ', price.Faults())}"),
        };

        return Money.FromMinorUnits(minorUnits, price.Currency);
    }

    /// <summary>Rounds amount × quantity to minor units. Without an allocation, unless one of the two has more than 18 digits.</summary>
    private static long Times(decimal amount, decimal quantity, int exponent)
    {
        if (!Decimals.TrySplit(amount, out var amountDigits, out var amountScale) || !Decimals.TrySplit(quantity, out var quantityDigits, out var quantityScale))
            return new ExactSum().Plus(amount, quantity).ToMinorUnits(exponent);

        var product = (Int128)amountDigits * quantityDigits;
        return (amountScale + quantityScale - exponent) switch
        {
            0 => Rounding.Whole(product),
            < 0 and var missing => Rounding.Whole((Int128)Rounding.Whole(product) * Decimals.PowerOfTen(-missing)),
            > Decimals.MaxInt128Power => new ExactSum().Plus(amount, quantity).ToMinorUnits(exponent),
            var surplus => Rounding.HalfUp(product, Decimals.Int128PowerOfTen(surplus)),
        };
    }

    /// <summary>How many packages hold the quantity; one that was begun counts.</summary>
    private static decimal Packages(decimal quantity, long units)
    {
        var begun = quantity % units;
        return (quantity - begun) / units + (begun > 0 ? 1 : 0);
    }

    /// <summary>Every unit at its own tier's amount, and the flat amount of each tier entered; the first tier is entered by a quantity of zero too.</summary>
    private static ExactSum Graduated(IReadOnlyList<PriceTier> tiers, decimal quantity)
    {
        var sum = new ExactSum();
        decimal reached = 0;
        for (var i = 0; i < tiers.Count && (i == 0 || reached < quantity); i++)
        {
            var last = tiers[i].UpTo is { } upTo && upTo < quantity ? upTo : quantity;
            sum = sum.Plus(tiers[i].FlatAmount, 1).Plus(tiers[i].UnitAmount, last - reached);
            reached = last;
        }

        return sum;
    }

    /// <summary>All units at the amount of the tier that the quantity reaches, and that tier's flat amount; zero reaches the first.</summary>
    private static ExactSum Volume(IReadOnlyList<PriceTier> tiers, decimal quantity)
    {
        var tier = tiers.First(tier => tier.UpTo is null || quantity <= tier.UpTo);
        return new ExactSum().Plus(tier.FlatAmount, 1).Plus(tier.UnitAmount, quantity);
    }
}
