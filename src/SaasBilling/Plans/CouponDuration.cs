namespace SaasBilling;

/// <summary>For how long a <see cref="Coupon"/> goes on reducing invoices once a customer has it.</summary>
/// <remarks>Source: https://docs.stripe.com/billing/subscriptions/coupons.</remarks>
public enum CouponDuration
{
    /// <summary>The next invoice only. The default.</summary>
    Once,

    /// <summary>Every invoice within a number of months from the moment that the coupon is attached, end exclusive.</summary>
    Repeating,

    /// <summary>Every invoice.</summary>
    Forever,
}
