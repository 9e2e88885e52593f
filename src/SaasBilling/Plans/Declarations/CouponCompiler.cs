namespace SaasBilling.Plans;

/// <summary>Makes a coupon from what was declared.</summary>
/// <remarks>Source of the rules: https://docs.stripe.com/billing/subscriptions/coupons.</remarks>
internal static class CouponCompiler
{
    /// <summary>The coupon. What is wrong with it goes to the faults, and then it is of no use.</summary>
    public static Coupon Compile(CouponDeclaration coupon, IReadOnlyList<string> offerKeys, CatalogFaults faults)
    {
        foreach (var fault in ReductionFaults(coupon).Concat(DurationFaults(coupon)).Concat(LimitFaults(coupon, offerKeys)))
            faults.Add($"{coupon.Subject} {fault}");

        return new Coupon
        {
            Key = coupon.Key,
            PercentOff = coupon.PercentOff,
            AmountOff = AmountOf(coupon, faults),
            Duration = coupon.Duration,
            DurationInMonths = coupon.DurationInMonths,
            MaxRedemptions = coupon.MaxRedemptions,
            RedeemBy = coupon.RedeemBy,
            AppliesTo = [.. coupon.AppliesTo.Distinct()],
        };
    }

    private static Money? AmountOf(CouponDeclaration coupon, CatalogFaults faults)
    {
        if (coupon.AmountOff is not var (amount, currency))
            return null;

        try
        {
            return Money.Of(amount, currency);
        }
        catch (BillingException e)
        {
            faults.Add($"{coupon.Subject}: {e.Message}");
            return null;
        }
    }

    private static IEnumerable<string> ReductionFaults(CouponDeclaration coupon)
    {
        if (coupon is { PercentOff: null, AmountOff: null, HasUnreadableReduction: false })
            yield return "takes nothing off. Give it PercentOff or AmountOff.";
        if (coupon is { PercentOff: not null, AmountOff: not null })
            yield return "has both PercentOff and AmountOff. Keep one of them.";

        if (coupon.PercentOff is <= 0 or > 100)
            yield return $"takes {coupon.PercentOff} percent off. Give a percentage above 0 and up to 100.";
        else if (coupon.PercentOff is { } percent && decimal.Round(percent, 2) != percent)
            yield return $"takes {percent} percent off. Round it to two decimals.";

        if (coupon.AmountOff is var (amount, currency) && amount <= 0)
            yield return $"takes {amount} {currency} off. Give an amount above zero.";
    }

    private static IEnumerable<string> DurationFaults(CouponDeclaration coupon)
    {
        if (coupon is { Duration: CouponDuration.Repeating, DurationInMonths: null })
            yield return "repeats, but not for how long. Give it DurationInMonths.";
        if (coupon is { Duration: CouponDuration.Repeating, DurationInMonths: < 1 })
            yield return $"repeats for {coupon.DurationInMonths} months. Give it one or more.";
        if (coupon is { Duration: not CouponDuration.Repeating, DurationInMonths: not null })
            yield return $"has DurationInMonths, but its duration is {coupon.Duration}. Make it Repeating, or remove DurationInMonths.";
    }

    private static IEnumerable<string> LimitFaults(CouponDeclaration coupon, IReadOnlyList<string> offerKeys)
    {
        if (coupon.MaxRedemptions < 1)
            yield return $"can be redeemed {coupon.MaxRedemptions} times. Give MaxRedemptions of one or more, or leave it out.";

        foreach (var key in coupon.AppliesTo.Distinct().Except(offerKeys))
        {
            yield return offerKeys.Count == 0
                ? $"is only for '{key}', but there are no plans and no add-ons. Add it, or remove OnlyFor."
                : $"is only for '{key}', which is no plan and no add-on. Use one of {CatalogKeys.Quote(offerKeys)}.";
        }
    }
}
