namespace SaasBilling;

/// <summary>A coupon on a subscription.</summary>
/// <param name="CouponKey">The coupon in the catalog.</param>
/// <param name="StartsAt">When it was attached, UTC.</param>
/// <param name="EndsAt">For a repeating coupon: invoices made from then on are not reduced (exclusive end). Null: forever, or once.</param>
public sealed record AppliedDiscount(string CouponKey, DateTimeOffset StartsAt, DateTimeOffset? EndsAt);
