using FsCheck.Fluent;
using SaasBilling.Pricing;
using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class MonthlyValueTests
{
    [Theory]
    [InlineData(2900, "month", 2_900_000_000)]
    [InlineData(9000, "3 months", 3_000_000_000)]
    [InlineData(29_000, "year", 2_416_666_667)]
    [InlineData(36_000, "3 years", 1_000_000_000)]
    [InlineData(300, "week", 1_300_000_000)]
    [InlineData(600, "2 weeks", 1_300_000_000)]
    [InlineData(12, "day", 365_000_000)]
    [InlineData(3600, "30 days", 3_650_000_000)]
    [InlineData(0, "month", 0)]
    [InlineData(1, "3 months", 333_333)]
    public void Micros_are_the_value_of_one_month(long minorUnits, string interval, long micros)
    {
        Assert.True(BillingInterval.TryParse(interval, out var every));
        Assert.Equal(micros, MonthlyValue.Micros(minorUnits, every));
    }

    [Fact]
    public void Values_are_rounded_once_for_display()
    {
        Assert.Equal(Money.Of(24.17m, "USD"), MonthlyValue.ToMoney(MonthlyValue.Micros(29_000, BillingInterval.Yearly), Currency.Of("USD")));

        // Three yearly prices of 0.20 are 0.05 a month together, though each alone would show as 0.02.
        Assert.Equal(Money.Of(0.05m, "USD"), MonthlyValue.ToMoney(3 * MonthlyValue.Micros(20, BillingInterval.Yearly), Currency.Of("USD")));
        Assert.Equal(Money.Of(0.02m, "USD"), MonthlyValue.ToMoney(MonthlyValue.Micros(20, BillingInterval.Yearly), Currency.Of("USD")));
    }

    [Fact]
    public void Twelve_months_of_a_value_are_the_year_within_the_rounding_of_a_micro_unit() => Hold(
        from minorUnits in Between(0, 100_000_000_000)
        from interval in Interval
        select (minorUnits, interval),
        x =>
        {
            var perYear = x.interval.Unit switch { IntervalUnit.Day => 365, IntervalUnit.Week => 52, IntervalUnit.Month => 12, _ => 1 };
            var twelve = (Int128)MonthlyValue.Micros(x.minorUnits, x.interval) * 12 * x.interval.Count;
            return Int128.Abs(twelve - (Int128)x.minorUnits * 1_000_000 * perYear) <= 6 * x.interval.Count;
        });

    [Fact]
    public void A_value_that_cannot_be_held_is_refused() =>
        Refused(BillingErrorCode.InvalidArgument, () => MonthlyValue.Micros(long.MaxValue, BillingInterval.Monthly));
}
