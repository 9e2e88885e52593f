namespace SaasBilling.Subscriptions;

/// <summary>Who may redeem which coupon. How often it was redeemed is the provider's to know.</summary>
internal static class CouponRules
{
    /// <summary>The coupons of a new subscription.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>, <see cref="BillingErrorCode.UnknownCoupon"/>, or as <see cref="CheckOne"/>.</exception>
    public static IReadOnlyList<string> Check(PlanCatalog catalog, IReadOnlyList<string>? coupons, ResolvedItems items, DateTimeOffset now)
    {
        if (coupons is null or [])
            return [];
        if (coupons.Count > Bounds.Coupons)
            throw Checks.Invalid($"{coupons.Count} coupons are more than one subscription can have. Use at most {Bounds.Coupons}.");

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in coupons)
        {
            if (string.IsNullOrWhiteSpace(key))
                throw Checks.Invalid("One of the coupons has no key. Remove it.");
            var coupon = catalog.GetCoupon(key);
            if (!seen.Add(key))
                throw Checks.Invalid($"Coupon '{key}' is given twice. Give it once.");
            CheckOne(catalog, coupon, items, now);
        }

        return [.. coupons];
    }

    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>; <see cref="BillingErrorCode.InvalidState"/>: expired, or not for this plan.</exception>
    public static void CheckOne(PlanCatalog catalog, Coupon coupon, ResolvedItems items, DateTimeOffset now)
    {
        if (items.Currency is not { } currency)
            throw Checks.State($"Coupon '{coupon.Key}' would reduce nothing: plan '{items.Plan.Key}' is free and is never invoiced. Use it on a plan with a price.");
        if (coupon.AmountOff is { } amount && amount.Currency != currency)
            throw new BillingException(
                BillingErrorCode.CurrencyMismatch,
                $"Coupon '{coupon.Key}' takes off {amount}, and the subscription is billed in {currency}. Use a coupon in {currency}, or one with a percentage.");
        if (coupon.RedeemBy < now)
            throw Checks.State($"Coupon '{coupon.Key}' could be redeemed until {Checks.Show(coupon.RedeemBy.Value)}. Use another one.");

        if (coupon.AppliesTo.Count > 0 && !Owners(catalog, items).Any(coupon.AppliesTo.Contains))
            throw Checks.State($"Coupon '{coupon.Key}' is only for {string.Join(", ", coupon.AppliesTo.Select(key => $"'{key}'"))}. Use another one, or choose one of these.");
    }

    private static IEnumerable<string> Owners(PlanCatalog catalog, ResolvedItems items) =>
        items.Items.Select(item => catalog.FindPrice(item.PriceKey)?.OwnerKey).OfType<string>().Prepend(items.Plan.Key);
}
