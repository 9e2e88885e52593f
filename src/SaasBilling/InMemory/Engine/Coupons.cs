using SaasBilling.Pricing;

namespace SaasBilling.InMemory.Engine;

/// <summary>Which coupons does a subscription carry, and which of them reduce an invoice?</summary>
internal static class Coupons
{
    /// <summary>As Stripe's bound: https://docs.stripe.com/billing/subscriptions/coupons.</summary>
    internal const int MaxCoupons = 20;

    /// <summary>Throws when a coupon cannot be redeemed now for these items.</summary>
    internal static Coupon Check(EngineContext context, string key, Plan plan, ReadOnlySpan<EngineItem> items, Currency currency)
    {
        var coupon = context.Catalog.GetCoupon(key);
        if (coupon.RedeemBy is { } last && Instants.From(last) < context.Now)
            throw new BillingException(BillingErrorCode.InvalidState, $"Coupon '{key}' could be redeemed until {last.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z. Use another one.");

        if (coupon.MaxRedemptions is { } max && context.Redemptions.GetValueOrDefault(key) >= max)
            throw new BillingException(BillingErrorCode.InvalidState, $"Coupon '{key}' was redeemed {max} times, which is all that it allows. Use another one.");

        if (coupon.AmountOff is { } amount && amount.Currency != currency)
        {
            throw new BillingException(
                BillingErrorCode.CurrencyMismatch,
                $"Coupon '{key}' takes {amount} off, and plan '{plan.Key}' is billed in {currency}. Use a coupon in {currency}, or one that takes off a percentage.");
        }

        if (!IsFor(coupon, plan, items))
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"Coupon '{key}' is only for {string.Join(", ", coupon.AppliesTo.Select(applies => $"'{applies}'"))}, and the subscription has plan '{plan.Key}'. Use another one.");
        }

        return coupon;
    }

    internal static void Attach(EngineContext context, EngineSubscription subscription, Coupon coupon)
    {
        var end = coupon.Duration == CouponDuration.Repeating
            ? Instants.From(BillingCycle.Boundary(Instants.At(context.Now), new BillingInterval(IntervalUnit.Month), coupon.DurationInMonths!.Value))
            : Instants.Never;
        subscription.Discounts = [.. subscription.Discounts, new EngineDiscount(coupon, context.Now, end)];
    }

    internal static void CountRedemption(EngineContext context, Coupon coupon) =>
        context.Redemptions[coupon.Key] = context.Redemptions.GetValueOrDefault(coupon.Key) + 1;

    internal static void Apply(EngineContext context, EngineCustomer customer, EngineSubscription subscription, string key)
    {
        States.RequireLive(subscription, "A coupon can be attached");
        if (Array.Exists(subscription.Discounts, discount => discount.Coupon.Key == key && discount.RunsAt(context.Now)))
            throw new BillingException(BillingErrorCode.InvalidState, $"The subscription carries coupon '{key}' already. There is nothing to do.");

        if (subscription.Discounts.Length >= MaxCoupons)
            throw new BillingException(BillingErrorCode.InvalidArgument, $"A subscription can carry at most {MaxCoupons} coupons. Take one off first.");

        var coupon = Check(context, key, subscription.Plan, subscription.Items, subscription.Currency);
        subscription.Discounts = Array.FindAll(subscription.Discounts, discount => discount.Coupon.Key != key);
        Attach(context, subscription, coupon);
        CountRedemption(context, coupon);
        customer.Touch(subscription);
    }

    internal static void Remove(EngineCustomer customer, EngineSubscription subscription, string key)
    {
        var left = Array.FindAll(subscription.Discounts, discount => discount.Coupon.Key != key);
        if (left.Length == subscription.Discounts.Length)
            throw new BillingException(BillingErrorCode.UnknownCoupon, $"The subscription does not carry coupon '{key}'. Its coupons are in Subscription.Discounts.");

        subscription.Discounts = left;
        customer.Touch(subscription);
    }

    /// <summary>The coupons that reduce an invoice made now, those for certain items first; null: none.</summary>
    internal static EngineDiscount[]? ForInvoice(EngineSubscription subscription, long now)
    {
        if (subscription.Discounts.Length == 0)
            return null;

        var running = Array.FindAll(subscription.Discounts, discount => discount.RunsAt(now));
        return running.Length == 0 ? null : ItemsFirst(running);
    }

    /// <summary>The coupons that are reflected in a proration: all but those that count once, which are for the next invoice.</summary>
    internal static EngineDiscount[] ForProration(EngineSubscription subscription, long now) =>
        subscription.Discounts.Length == 0 ? [] : ItemsFirst(Array.FindAll(subscription.Discounts, discount => discount.RunsAt(now) && !discount.IsOnce));

    /// <summary>After an invoice was made: what counts once and found something to reduce is used up, and what has ended is taken off.</summary>
    internal static void Consume(EngineCustomer customer, EngineSubscription subscription, EngineInvoice invoice)
    {
        if (subscription.Discounts.Length == 0)
            return;

        var left = Array.FindAll(subscription.Discounts, discount => discount.RunsAt(invoice.CreatedAt) && !(discount.IsOnce && FindsSomething(discount, invoice)));
        if (left.Length == subscription.Discounts.Length)
            return;

        subscription.Discounts = left;
        customer.Touch(subscription);
    }

    private static bool FindsSomething(EngineDiscount discount, EngineInvoice invoice)
    {
        foreach (ref readonly var line in invoice.Lines.AsSpan())
        {
            if (line.Amount > 0 && !line.IsProration && Totals.Mask(line.Price, [discount]) != 0)
                return true;
        }

        return false;
    }

    private static EngineDiscount[] ItemsFirst(EngineDiscount[] discounts) =>
        discounts.Length < 2 ? discounts : [.. discounts.OrderBy(discount => discount.Coupon.AppliesTo.Count == 0 ? 1 : 0)];

    private static bool IsFor(Coupon coupon, Plan plan, ReadOnlySpan<EngineItem> items)
    {
        if (coupon.AppliesTo.Count == 0 || coupon.AppliesTo.Contains(plan.Key))
            return true;

        foreach (var item in items)
        {
            if (coupon.AppliesTo.Contains(item.Price.OwnerKey))
                return true;
        }

        return false;
    }
}
