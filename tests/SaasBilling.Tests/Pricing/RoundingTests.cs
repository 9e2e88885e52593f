using System.Numerics;
using FsCheck.Fluent;
using SaasBilling.Pricing;
using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class RoundingTests
{
    [Theory]
    [InlineData("1.5", 2)]
    [InlineData("2.5", 3)]
    [InlineData("-1.5", -1)]
    [InlineData("-2.5", -2)]
    [InlineData("1.4999999999999999999999999999", 1)]
    [InlineData("-1.5000000000000000000000000001", -2)]
    [InlineData("0.5", 1)]
    [InlineData("-0.5", 0)]
    [InlineData("9223372036854775806.5", long.MaxValue)]
    [InlineData("-9223372036854775808.5", long.MinValue)]
    public void HalfUp_takes_an_exact_half_up(string value, long rounded) => Assert.Equal(rounded, Rounding.HalfUp(decimal.Parse(value)));

    [Theory]
    [InlineData(9, 2, 4)]
    [InlineData(15, 2, 7)]
    [InlineData(-5, 2, -3)]
    [InlineData(-3, 2, -2)]
    [InlineData(2000, 3, 667)]
    [InlineData(-2000, 3, -667)]
    [InlineData(7, 1, 7)]
    public void HalfDown_takes_an_exact_half_toward_minus_infinity(long dividend, long divisor, long rounded) =>
        Assert.Equal(rounded, Rounding.HalfDown(dividend, divisor));

    [Fact]
    public void The_three_kinds_of_number_round_alike() => Hold(
        from dividend in Between(-1_000_000_000_000, 1_000_000_000_000)
        from power in Gen.Choose(0, 12)
        select (dividend, power),
        x =>
        {
            var divisor = (long)BigInteger.Pow(10, x.power);
            var expected = Rounding.HalfUp(x.dividend / (decimal)divisor);
            return Rounding.HalfUp((Int128)x.dividend, divisor) == expected && Rounding.HalfUp((BigInteger)x.dividend, divisor) == expected;
        });

    [Fact]
    public void Rounding_moves_by_at_most_a_half_and_the_two_rules_mirror_each_other() => Hold(
        from dividend in AnyLong
        from divisor in Between(1, long.MaxValue)
        select (Dividend: (Int128)dividend, Divisor: (Int128)divisor),
        x =>
        {
            var down = Rounding.HalfDown(x.Dividend, x.Divisor);
            var up = Rounding.HalfUp(x.Dividend, x.Divisor);
            var twiceTooMuch = (down * x.Divisor - x.Dividend) * 2;
            return twiceTooMuch >= -x.Divisor && twiceTooMuch < x.Divisor && -Rounding.HalfUp(-x.Dividend, x.Divisor) == down && up - down is 0 or 1;
        });

    [Fact]
    public void An_amount_that_cannot_be_held_is_refused()
    {
        const string message = "The computed amount is more than an amount can hold (9,223,372,036,854,775,807 minor units). Use a smaller price or quantity.";
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => Rounding.HalfUp(9223372036854775807.5m)));
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => Rounding.HalfUp(decimal.MinValue)));
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => Rounding.HalfUp(Int128.MaxValue, 1)));
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => Rounding.HalfDown(Int128.MinValue, 3)));
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => Rounding.HalfUp(BigInteger.Pow(10, 40), 3)));
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => Rounding.Whole((Int128)long.MaxValue + 1)));
    }
}
