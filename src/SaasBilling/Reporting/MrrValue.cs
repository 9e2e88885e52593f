using System.Runtime.InteropServices;
using SaasBilling.Pricing;

namespace SaasBilling.Reporting;

/// <summary>
/// What a subscription is worth a month: price × quantity of its licensed items, less the discounts that it has forever, as an invoice would take them
/// off. Usage, one-off charges, tax and discounts that end do not count.
/// </summary>
internal static class MrrValue
{
    /// <summary>Adds a subscription's monthly value, in millionths of a minor unit, to the sums by currency.</summary>
    internal static void AddTo(Dictionary<string, long> total, Subscription subscription, PlanCatalog catalog)
    {
        var items = Licensed(subscription, catalog);
        if (items.Count == 0)
            return;

        var amounts = new long[items.Count];
        for (var i = 0; i < amounts.Length; i++)
            amounts[i] = AmountOf(items[i].Price.Price, items[i].Quantity);

        var discounts = new long[items.Count];
        if (subscription.Discounts.Count > 0)
            TakeOff(subscription, items, amounts, discounts, catalog);

        for (var i = 0; i < amounts.Length; i++)
        {
            var price = items[i].Price.Price;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(total, price.Currency.Code, out _);
            sum = Clamp((Int128)sum + Micros(amounts[i] - discounts[i], price.Interval));
        }
    }

    private static List<(CatalogPrice Price, long Quantity)> Licensed(Subscription subscription, PlanCatalog catalog)
    {
        var licensed = new List<(CatalogPrice, long)>(subscription.Items.Count);
        for (var i = 0; i < subscription.Items.Count; i++)
        {
            var item = subscription.Items[i];
            if (catalog.FindPrice(item.PriceKey) is { Price.Kind: not PriceKind.Metered } price)
                licensed.Add((price, item.Quantity));
        }

        return licensed;
    }

    private static void TakeOff(Subscription subscription, List<(CatalogPrice Price, long Quantity)> items, long[] amounts, long[] discounts, PlanCatalog catalog)
    {
        var terms = new List<DiscountTerm>();
        var masks = new ulong[items.Count];
        foreach (var applied in subscription.Discounts)
        {
            if (terms.Count == Discounting.MaxTerms || !catalog.TryGetCoupon(applied.CouponKey, out var coupon) || coupon.Duration != CouponDuration.Forever)
                continue;

            for (var i = 0; i < masks.Length; i++)
            {
                if (coupon.AppliesTo.Count == 0 || coupon.AppliesTo.Contains(items[i].Price.OwnerKey))
                    masks[i] |= 1UL << terms.Count;
            }

            terms.Add(new(coupon.PercentOff ?? 0, coupon.AmountOff is { } off && off.Currency == items[0].Price.Price.Currency ? off.MinorUnits : 0));
        }

        Discounting.Apply(amounts, masks, CollectionsMarshal.AsSpan(terms), discounts);
    }

    // Figures that no business has must not stop a customer's billing: they are held at the largest that the sums can carry.
    private static long AmountOf(Price price, long quantity)
    {
        try
        {
            return price.AmountFor(Math.Max(0, quantity)).MinorUnits;
        }
        catch (BillingException)
        {
            return long.MaxValue;
        }
    }

    private static long Micros(long minorUnits, BillingInterval interval)
    {
        try
        {
            return MonthlyValue.Micros(minorUnits, interval);
        }
        catch (BillingException)
        {
            return long.MaxValue;
        }
    }

    private static long Clamp(Int128 value) => value > long.MaxValue ? long.MaxValue : (long)value;
}
