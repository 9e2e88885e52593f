using SaasBilling.Plans;

namespace SaasBilling;

/// <summary>A reduction that customers can redeem: a percentage or an amount, for a while or forever.</summary>
/// <remarks>Limits (<see cref="MaxRedemptions"/>, <see cref="RedeemBy"/>, <see cref="AppliesTo"/>) concern new redemptions only; discounts that customers have go on.
/// Source: https://docs.stripe.com/billing/subscriptions/coupons. Two coupons with the same content are equal.</remarks>
public sealed record Coupon
{
    /// <summary>The key that the application uses, and that a customer may type.</summary>
    public required string Key { get; init; }

    /// <summary>The percentage that is taken off, above 0 and up to 100, with up to two decimals; <see langword="null"/> when <see cref="AmountOff"/> is set.</summary>
    public decimal? PercentOff { get; init; }

    /// <summary>The amount that is taken off each invoice, which never goes below zero; <see langword="null"/> when <see cref="PercentOff"/> is set.</summary>
    public Money? AmountOff { get; init; }

    /// <summary>For how long it reduces invoices.</summary>
    /// <value><see cref="CouponDuration.Once"/> by default.</value>
    public CouponDuration Duration { get; init; }

    /// <summary>The number of months, with <see cref="CouponDuration.Repeating"/>; otherwise <see langword="null"/>.</summary>
    public int? DurationInMonths { get; init; }

    /// <summary>How often it can be redeemed in all; <see langword="null"/>: without limit.</summary>
    public int? MaxRedemptions { get; init; }

    /// <summary>The last instant (UTC) at which it can be redeemed; <see langword="null"/>: without end.</summary>
    public DateTimeOffset? RedeemBy { get; init; }

    /// <summary>The keys of the plans and add-ons that it is for; empty: all.</summary>
    public IReadOnlyList<string> AppliesTo
    {
        get;
        init => field = new ValueList<string>(value);
    } = ValueList<string>.Empty;
}
