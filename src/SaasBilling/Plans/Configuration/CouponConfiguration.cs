namespace SaasBilling.Plans;

/// <summary>Reads a coupon from configuration.</summary>
internal static class CouponConfiguration
{
    private static readonly string[] Properties =
        [PlanConfiguration.Key, "PercentOff", "AmountOff", "Currency", "Duration", "DurationInMonths", "MaxRedemptions", "RedeemBy", "OnlyFor"];

    public static CouponDeclaration Read(CouponDeclaration coupon, ConfigurationNode node)
    {
        if (!node.CheckProperties(Properties))
        {
            coupon.HasUnreadableReduction = true;
            return coupon;
        }

        ReadReduction(coupon, node);
        ReadDuration(coupon, node);
        coupon.MaxRedemptions = node["MaxRedemptions"].Int();
        coupon.RedeemBy = node["RedeemBy"].Instant();
        ReadOnlyFor(coupon, node["OnlyFor"]);
        return coupon;
    }

    private static void ReadReduction(CouponDeclaration coupon, ConfigurationNode node)
    {
        var before = node.Faults.Count;
        coupon.PercentOff = node["PercentOff"].Number();
        var amount = node["AmountOff"].Number();
        var currency = node["Currency"].Text();
        if (amount is { } off && currency is not null)
            coupon.AmountOff = (off, currency);
        else if (amount is not null && !node["Currency"].Exists)
            node.Faults.Add($"{node.Path} has AmountOff, but no Currency. Write an ISO 4217 code, such as \"USD\".");
        else if (currency is not null && !node["AmountOff"].Exists)
            node.Faults.Add($"{node.Path} has a Currency, but no AmountOff. Remove Currency, or write an AmountOff.");
        coupon.HasUnreadableReduction = node.Faults.Count > before;
    }

    // One half is of no use without the other: a duration that cannot be read is reported once.
    private static void ReadDuration(CouponDeclaration coupon, ConfigurationNode node)
    {
        var before = node.Faults.Count;
        var duration = node["Duration"].Choice<CouponDuration>();
        var months = node["DurationInMonths"].Int();
        if (node.Faults.Count > before)
            return;

        coupon.Duration = duration ?? CouponDuration.Once;
        coupon.DurationInMonths = months;
    }

    private static void ReadOnlyFor(CouponDeclaration coupon, ConfigurationNode node)
    {
        foreach (var entry in node.Entries("a list of plan and add-on keys"))
        {
            if (entry.RequiredText() is { } key)
                coupon.AppliesTo.Add(key);
        }

        if (node is { Exists: true, IsObject: true, Children.Count: 0 })
            node.Faults.Add($"{node.Path} names nothing. Name plans and add-ons, or remove it: then the coupon is for all.");
    }
}
