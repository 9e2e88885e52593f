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
            CheckOne(catalog, coupon, items.Plan.Key, items.Currency, items.Items.Select(item => item.PriceKey), now);
        }

        return [.. coupons];
    }

    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>; <see cref="BillingErrorCode.InvalidState"/>: expired, or not for this plan.</exception>
    public static void CheckOne(PlanCatalog catalog, Coupon coupon, string planKey, Currency? billedIn, IEnumerable<string> priceKeys, DateTimeOffset now)
    {
        if (billedIn is not { } currency)
            throw Checks.State($"Coupon '{coupon.Key}' would reduce nothing: plan '{planKey}' is free and is never invoiced. Use it on a plan with a price.");
        if (coupon.AmountOff is { } amount && amount.Currency != currency)
            throw new BillingException(
                BillingErrorCode.CurrencyMismatch,
                $"Coupon '{coupon.Key}' takes off {amount}, and the subscription is billed in {currency}. Use a coupon in {currency}, or one with a percentage.");
        if (coupon.RedeemBy < now)
            throw Checks.State($"Coupon '{coupon.Key}' could be redeemed until {Checks.Show(coupon.RedeemBy.Value)}. Use another one.");

        if (coupon.AppliesTo.Count > 0 && !Owners(catalog, planKey, priceKeys).Any(coupon.AppliesTo.Contains))
            throw Checks.State($"Coupon '{coupon.Key}' is only for {string.Join(", ", coupon.AppliesTo.Select(key => $"'{key}'"))}. Use another one, or choose one of these.");
    }

    private static IEnumerable<string> Owners(PlanCatalog catalog, string planKey, IEnumerable<string> priceKeys) =>
        priceKeys.Select(key => catalog.FindPrice(key)?.OwnerKey).OfType<string>().Prepend(planKey);
}
