namespace SaasBilling.InMemory.Engine;

/// <summary>A coupon on a subscription. Immutable, so that drafts can keep the set that they were made with.</summary>
/// <param name="Coupon">The coupon.</param>
/// <param name="StartsAt">When it was attached.</param>
/// <param name="EndsAt">Invoices made from then on are not reduced.</param>
internal sealed record EngineDiscount(Coupon Coupon, long StartsAt, long EndsAt)
{
    public bool IsOnce => Coupon.Duration == CouponDuration.Once;

    public bool RunsAt(long now) => now < EndsAt;
}
