using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class BillingIntervalTests
{
    [Theory]
    [InlineData(IntervalUnit.Day, 1, "day", "day")]
    [InlineData(IntervalUnit.Week, 2, "2 weeks", "2-week")]
    [InlineData(IntervalUnit.Month, 1, "month", "month")]
    [InlineData(IntervalUnit.Month, 3, "3 months", "3-month")]
    [InlineData(IntervalUnit.Year, 1, "year", "year")]
    [InlineData(IntervalUnit.Year, 3, "3 years", "3-year")]
    [InlineData(IntervalUnit.Day, 1095, "1095 days", "1095-day")]
    [InlineData(IntervalUnit.Week, 156, "156 weeks", "156-week")]
    [InlineData(IntervalUnit.Month, 36, "36 months", "36-month")]
    public void An_interval_reads_as_people_say_it(IntervalUnit unit, int count, string text, string keyPart)
    {
        var interval = new BillingInterval(unit, count);

        Assert.Equal(text, interval.ToString());
        Assert.Equal(keyPart, interval.KeyPart);
    }

    [Fact]
    public void The_named_intervals_are_what_they_say()
    {
        Assert.Equal(new(IntervalUnit.Day), BillingInterval.Daily);
        Assert.Equal(new(IntervalUnit.Week), BillingInterval.Weekly);
        Assert.Equal(new(IntervalUnit.Month), BillingInterval.Monthly);
        Assert.Equal(new(IntervalUnit.Month, 3), BillingInterval.Quarterly);
        Assert.Equal(new(IntervalUnit.Year), BillingInterval.Yearly);
    }

    [Theory]
    [InlineData(IntervalUnit.Month, 0, "A billing interval of 0 months is too short. Use at least 1 month.")]
    [InlineData(IntervalUnit.Day, -1, "A billing interval of -1 days is too short. Use at least 1 day.")]
    [InlineData(IntervalUnit.Week, int.MinValue, "A billing interval of -2147483648 weeks is too short. Use at least 1 week.")]
    [InlineData(IntervalUnit.Day, 1096, "A billing interval of 1096 days is longer than three years. Use at most 1095 days.")]
    [InlineData(IntervalUnit.Week, 157, "A billing interval of 157 weeks is longer than three years. Use at most 156 weeks.")]
    [InlineData(IntervalUnit.Month, 37, "A billing interval of 37 months is longer than three years. Use at most 36 months.")]
    [InlineData(IntervalUnit.Year, 4, "A billing interval of 4 years is longer than three years. Use at most 3 years.")]
    [InlineData((IntervalUnit)7, 1, "7 is not a unit of time. Use IntervalUnit.Day, Week, Month or Year.")]
    public void An_interval_out_of_range_is_refused(IntervalUnit unit, int count, string message) =>
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => new BillingInterval(unit, count)));

    [Theory]
    [InlineData("month", IntervalUnit.Month, 1)]
    [InlineData("Monthly", IntervalUnit.Month, 1)]
    [InlineData(" 3 months ", IntervalUnit.Month, 3)]
    [InlineData("3-month", IntervalUnit.Month, 3)]
    [InlineData("quarterly", IntervalUnit.Month, 3)]
    [InlineData("daily", IntervalUnit.Day, 1)]
    [InlineData("14 days", IntervalUnit.Day, 14)]
    [InlineData("weekly", IntervalUnit.Week, 1)]
    [InlineData("2-week", IntervalUnit.Week, 2)]
    [InlineData("YEAR", IntervalUnit.Year, 1)]
    [InlineData("yearly", IntervalUnit.Year, 1)]
    [InlineData("annually", IntervalUnit.Year, 1)]
    public void TryParse_reads_what_people_write(string text, IntervalUnit unit, int count)
    {
        Assert.True(BillingInterval.TryParse(text, out var interval));
        Assert.Equal(new(unit, count), interval);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("fortnight")]
    [InlineData("2 monthly")]
    [InlineData("0 months")]
    [InlineData("37 months")]
    [InlineData("99999999999 days")]
    [InlineData("3 long months")]
    [InlineData("-3 months of")]
    [InlineData("1.5 months")]
    public void TryParse_says_no_to_the_rest(string? text)
    {
        Assert.False(BillingInterval.TryParse(text, out var interval));
        Assert.Equal(default, interval);
    }

    [Fact]
    public void TryParse_reads_back_every_interval() => Hold(
        Interval,
        interval => BillingInterval.TryParse(interval.ToString(), out var spoken)
            && spoken == interval
            && BillingInterval.TryParse(interval.KeyPart, out var key)
            && key == interval);

    [Fact]
    public void A_default_interval_can_be_printed() => Assert.Equal("(no interval)", default(BillingInterval).ToString());

    [Fact]
    public void A_period_is_half_open()
    {
        var period = new BillingPeriod(Utc(2026, 1, 31), Utc(2026, 2, 28));

        Assert.Equal(TimeSpan.FromDays(28), period.Length);
        Assert.True(period.Contains(Utc(2026, 1, 31)));
        Assert.True(period.Contains(Utc(2026, 2, 27, 23, 59, 59)));
        Assert.False(period.Contains(Utc(2026, 2, 28)));
        Assert.False(period.Contains(Utc(2026, 1, 30, 23, 59, 59)));
        Assert.False(new BillingPeriod(Utc(2026, 1, 1), Utc(2026, 1, 1)).Contains(Utc(2026, 1, 1)));
    }
}
