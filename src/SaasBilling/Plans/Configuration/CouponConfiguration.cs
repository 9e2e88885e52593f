namespace SaasBilling.Plans;

/// <summary>Reads a coupon from configuration.</summary>
internal static class CouponConfiguration
{
    private static readonly string[] Properties =
        [PlanConfiguration.Key, "PercentOff", "AmountOff", "Currency", "Duration", "DurationInMonths", "MaxRedemptions", "RedeemBy", "OnlyFor"];

    public static CouponDeclaration Read(CouponDeclaration coupon, ConfigurationNode node, CatalogFaults faults)
    {
        if (!node.CheckProperties(Properties))
        {
            coupon.HasUnreadableReduction = true;
            return coupon;
        }

        ReadReduction(coupon, node, faults);

        ReadDuration(coupon, node, faults);
        coupon.MaxRedemptions = node.SmallWhole("MaxRedemptions");
        coupon.RedeemBy = node.Instant("RedeemBy");

        var entries = node.Entries("OnlyFor", "a list of plan and add-on keys").ToList();
        foreach (var entry in entries)
        {
            if (node.Child("OnlyFor").RequiredText(entry.Key) is { } key)
                coupon.AppliesTo.Add(key);
        }

        if (entries.Count == 0 && node.Has("OnlyFor") && node.Child("OnlyFor").IsObject)
            faults.Add($"{node.Path}:OnlyFor names nothing. Name plans and add-ons, or remove it: then the coupon is for all.");
        return coupon;
    }

    private static void ReadReduction(CouponDeclaration coupon, ConfigurationNode node, CatalogFaults faults)
    {
        var before = faults.Count;
        coupon.PercentOff = node.Number("PercentOff");
        var amount = node.Number("AmountOff");
        var currency = node.Text("Currency");
        if (amount is { } off && currency is not null)
            coupon.AmountOff = (off, currency);
        else if (amount is not null && !node.Has("Currency"))
            faults.Add($"{node.Path} has AmountOff, but no Currency. Write an ISO 4217 code, such as \"USD\".");
        else if (currency is not null && !node.Has("AmountOff"))
            faults.Add($"{node.Path} has a Currency, but no AmountOff. Remove Currency, or write an AmountOff.");
        coupon.HasUnreadableReduction = faults.Count > before;
    }

    // One half is of no use without the other: a duration that cannot be read is reported once.
    private static void ReadDuration(CouponDeclaration coupon, ConfigurationNode node, CatalogFaults faults)
    {
        var before = faults.Count;
        var duration = node.Choice<CouponDuration>("Duration");
        var months = node.SmallWhole("DurationInMonths");
        if (faults.Count > before)
            return;

        coupon.Duration = duration ?? CouponDuration.Once;
        coupon.DurationInMonths = months;
    }
}
