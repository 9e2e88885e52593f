using SaasBilling.Plans;

namespace SaasBilling;

/// <summary>Declares a coupon: what it takes off (<see cref="PercentOff"/> or <see cref="AmountOff"/>), for how long, and who may redeem it.</summary>
/// <remarks>
/// Without <see cref="Once"/>, <see cref="Repeating"/> or <see cref="Forever"/> it reduces one invoice. What is said twice holds as it was said last.
/// Faults are reported when the application starts, in one message with all other faults of the catalog.
/// Source of the rules: https://docs.stripe.com/billing/subscriptions/coupons.
/// </remarks>
public sealed class CouponBuilder
{
    private readonly CouponDeclaration _coupon;

    internal CouponBuilder(CouponDeclaration coupon) => _coupon = coupon;

    /// <summary>Takes a percentage off.</summary>
    /// <param name="percent">Above 0, up to 100, with up to two decimals: 12.5 for 12.5 %.</param>
    /// <returns>The builder.</returns>
    public CouponBuilder PercentOff(decimal percent)
    {
        _coupon.PercentOff = percent;
        return this;
    }

    /// <summary>Takes an amount off each invoice in its currency; an invoice never goes below zero.</summary>
    /// <param name="amount">In major units, above zero, with no more decimals than the currency has.</param>
    /// <param name="currency">An ISO 4217 code, in upper or lower case. In another currency the coupon is refused.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The currency is empty.</exception>
    public CouponBuilder AmountOff(decimal amount, string currency)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(currency);
        _coupon.AmountOff = (amount, currency);
        return this;
    }

    /// <summary>Reduces the next invoice only. The default.</summary>
    /// <returns>The builder.</returns>
    public CouponBuilder Once() => Lasts(CouponDuration.Once, null);

    /// <summary>Reduces every invoice.</summary>
    /// <returns>The builder.</returns>
    public CouponBuilder Forever() => Lasts(CouponDuration.Forever, null);

    /// <summary>Reduces every invoice within a number of months from the moment that the coupon is attached, end exclusive: 4 months from 1 January cover the invoices of 1 January to 1 April.</summary>
    /// <param name="months">One or more.</param>
    /// <returns>The builder.</returns>
    public CouponBuilder Repeating(int months) => Lasts(CouponDuration.Repeating, months);

    /// <summary>Limits how often the coupon can be redeemed, over all customers. Without it there is no limit.</summary>
    /// <param name="count">One or more.</param>
    /// <returns>The builder.</returns>
    public CouponBuilder MaxRedemptions(int count)
    {
        _coupon.MaxRedemptions = count;
        return this;
    }

    /// <summary>The last instant at which the coupon can be redeemed. Discounts that customers have then go on after it.</summary>
    /// <param name="instant">The instant; kept in UTC.</param>
    /// <returns>The builder.</returns>
    public CouponBuilder RedeemBy(DateTimeOffset instant)
    {
        _coupon.RedeemBy = instant.ToUniversalTime();
        return this;
    }

    /// <summary>Limits the coupon to some plans and add-ons. Without it, it is for all.</summary>
    /// <param name="planAndAddOnKeys">Their keys, one or more.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">There is no key, or an empty one.</exception>
    public CouponBuilder OnlyFor(params string[] planAndAddOnKeys)
    {
        ArgumentNullException.ThrowIfNull(planAndAddOnKeys);
        if (planAndAddOnKeys.Length == 0)
            throw new ArgumentException("Name at least one plan or add-on, or leave OnlyFor out.", nameof(planAndAddOnKeys));
        foreach (var key in planAndAddOnKeys)
            ArgumentException.ThrowIfNullOrWhiteSpace(key, nameof(planAndAddOnKeys));

        _coupon.AppliesTo.Clear();
        _coupon.AppliesTo.AddRange(planAndAddOnKeys);
        return this;
    }

    private CouponBuilder Lasts(CouponDuration duration, int? months)
    {
        _coupon.Duration = duration;
        _coupon.DurationInMonths = months;
        return this;
    }
}
