namespace SaasBilling.Tests.Plans;

public class CouponBuilderTests
{
    [Fact]
    public void Coupon_WithEverything_HasEverything()
    {
        var coupon = Coupon(coupon => coupon
            .PercentOff(12.5m)
            .Repeating(3)
            .MaxRedemptions(100)
            .RedeemBy(new DateTimeOffset(2027, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)))
            .OnlyFor("pro", "boost"));

        Assert.Equal("launch", coupon.Key);
        Assert.Equal(12.5m, coupon.PercentOff);
        Assert.Null(coupon.AmountOff);
        Assert.Equal(CouponDuration.Repeating, coupon.Duration);
        Assert.Equal(3, coupon.DurationInMonths);
        Assert.Equal(100, coupon.MaxRedemptions);
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), coupon.RedeemBy);
        Assert.Equal(TimeSpan.Zero, coupon.RedeemBy!.Value.Offset);
        Assert.Equal(["pro", "boost"], coupon.AppliesTo);
    }

    [Fact]
    public void Coupon_WithoutOptionalParts_ReducesOneInvoiceOfAnybody()
    {
        var coupon = Coupon(coupon => coupon.AmountOff(5m, "eur"));

        Assert.Equal(Money.Of(5m, "EUR"), coupon.AmountOff);
        Assert.Null(coupon.PercentOff);
        Assert.Equal(CouponDuration.Once, coupon.Duration);
        Assert.Null(coupon.DurationInMonths);
        Assert.Null(coupon.MaxRedemptions);
        Assert.Null(coupon.RedeemBy);
        Assert.Empty(coupon.AppliesTo);
    }

    [Fact]
    public void Duration_SaidTwice_HoldsAsSaidLast()
    {
        Assert.Equal(CouponDuration.Forever, Coupon(coupon => coupon.PercentOff(10m).Repeating(2).Forever()).Duration);
        Assert.Null(Coupon(coupon => coupon.PercentOff(10m).Repeating(2).Once()).DurationInMonths);
    }

    [Fact]
    public void OnlyFor_SaidTwice_HoldsAsSaidLast_AndNamesEachOnce() =>
        Assert.Equal(["boost", "pro"], Coupon(coupon => coupon.PercentOff(10m).OnlyFor("pro").OnlyFor("boost", "pro", "boost")).AppliesTo);

    [Fact]
    public void EmptyArguments_AreRefusedAtOnce()
    {
        Assert.Throws<ArgumentNullException>("currency", () => Coupon(coupon => coupon.AmountOff(1m, null!)));
        Assert.Throws<ArgumentException>("currency", () => Coupon(coupon => coupon.AmountOff(1m, " ")));
        Assert.Throws<ArgumentNullException>("planAndAddOnKeys", () => Coupon(coupon => coupon.OnlyFor(null!)));
        Assert.Throws<ArgumentException>("planAndAddOnKeys", () => Coupon(coupon => coupon.OnlyFor("pro", "")));
        Assert.Equal(
            "Name at least one plan or add-on, or leave OnlyFor out. (Parameter 'planAndAddOnKeys')",
            Assert.Throws<ArgumentException>(() => Coupon(coupon => coupon.OnlyFor())).Message);
    }

    private static Coupon Coupon(Action<CouponBuilder> coupon) => Catalogs.Build(builder => builder
        .AddPlan("pro", plan => plan.Monthly())
        .AddAddOn("boost", addOn => addOn.Monthly(5m))
        .AddCoupon("launch", coupon)).GetCoupon("launch");
}
