namespace SaasBilling.Tests.Plans;

public class CouponFaultTests
{
    [Fact]
    public void Coupon_ThatTakesNothingOff() => Assert.Equal("Coupon 'launch' takes nothing off. Give it PercentOff or AmountOff.", Fault(coupon => coupon.Forever()));

    [Fact]
    public void Coupon_WithPercentageAndAmount() => Assert.Equal(
        "Coupon 'launch' has both PercentOff and AmountOff. Keep one of them.",
        Fault(coupon => coupon.PercentOff(10m).AmountOff(5m, "USD")));

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("100.01")]
    [InlineData("79228162514264337593543950335")]
    public void Percentage_OutOfRange(string percent) => Assert.Equal(
        $"Coupon 'launch' takes {percent} percent off. Give a percentage above 0 and up to 100.",
        Fault(coupon => coupon.PercentOff(decimal.Parse(percent))));

    [Fact]
    public void Percentage_WithThreeDecimals() => Assert.Equal(
        "Coupon 'launch' takes 33.333 percent off. Round it to two decimals.",
        Fault(coupon => coupon.PercentOff(33.333m)));

    [Theory]
    [InlineData("0.01")]
    [InlineData("33.330")]
    [InlineData("100")]
    public void Percentage_InRange_IsNoFault(string percent) => Assert.Equal(
        decimal.Parse(percent),
        Catalogs.Build(builder => builder.AddCoupon("launch", coupon => coupon.PercentOff(decimal.Parse(percent)))).GetCoupon("launch").PercentOff);

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Amount_OfZeroOrLess(int amount) => Assert.Equal(
        $"Coupon 'launch' takes {amount} USD off. Give an amount above zero.",
        Fault(coupon => coupon.AmountOff(amount, "USD")));

    [Fact]
    public void Amount_ThatMoneyCannotHold()
    {
        Assert.Equal(
            "Coupon 'launch': 5.005 USD cannot be held exactly: USD has 2 decimals. Round it to a multiple of 0.01 first.",
            Fault(coupon => coupon.AmountOff(5.005m, "USD")));
        Assert.Equal(
            "Coupon 'launch': 'EUX' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.",
            Fault(coupon => coupon.AmountOff(5m, "EUX")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Repeating_ForLessThanAMonth(int months) => Assert.Equal(
        $"Coupon 'launch' repeats for {months} months. Give it one or more.",
        Fault(coupon => coupon.PercentOff(10m).Repeating(months)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void MaxRedemptions_OfLessThanOne(int count) => Assert.Equal(
        $"Coupon 'launch' can be redeemed {count} times. Give MaxRedemptions of one or more, or leave it out.",
        Fault(coupon => coupon.PercentOff(10m).MaxRedemptions(count)));

    [Fact]
    public void OnlyFor_WhatIsNotSold()
    {
        Assert.Equal(
            """
            The billing catalog has 2 faults:
            - Coupon 'launch' is only for 'proo', which is no plan and no add-on. Use one of 'pro', 'boost'.
            - Coupon 'launch' is only for 'launch', which is no plan and no add-on. Use one of 'pro', 'boost'.
            """.ReplaceLineEndings("\n"),
            Catalogs.FaultsOf(builder => builder
                .AddCoupon("launch", coupon => coupon.PercentOff(10m).OnlyFor("proo", "pro", "launch", "boost", "proo"))
                .AddPlan("pro", plan => plan.Monthly())
                .AddAddOn("boost", addOn => addOn.Monthly())));
        Assert.Equal(
            "Coupon 'launch' is only for 'pro', but there are no plans and no add-ons. Add it, or remove OnlyFor.",
            Fault(coupon => coupon.PercentOff(10m).OnlyFor("pro")));
    }

    private static string Fault(Action<CouponBuilder> coupon) => Catalogs.FaultOf(builder => builder.AddCoupon("launch", coupon));
}
