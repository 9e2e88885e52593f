using FsCheck.Fluent;
using SaasBilling.Pricing;
using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class BillingCycleTests
{
    [Theory]
    [InlineData("2026-01-31", "month", "2026-02-28 2026-03-31 2026-04-30 2026-05-31")]
    [InlineData("2028-01-31", "month", "2028-02-29 2028-03-31 2028-04-30 2028-05-31")]
    [InlineData("2026-01-29", "month", "2026-02-28 2026-03-29 2026-04-29")]
    [InlineData("2028-02-29", "year", "2029-02-28 2030-02-28 2031-02-28 2032-02-29")]
    [InlineData("2026-11-30", "3 months", "2027-02-28 2027-05-30 2027-08-30 2027-11-30 2028-02-29")]
    [InlineData("2026-08-31", "6 months", "2027-02-28 2027-08-31 2028-02-29")]
    [InlineData("2026-12-31", "2 months", "2027-02-28 2027-04-30 2027-06-30 2027-08-31")]
    [InlineData("2026-12-28", "week", "2027-01-04 2027-01-11")]
    [InlineData("2026-02-28", "day", "2026-03-01 2026-03-02")]
    [InlineData("2096-02-29", "year", "2097-02-28 2098-02-28 2099-02-28 2100-02-28 2101-02-28 2102-02-28 2103-02-28 2104-02-29")]
    public void Boundaries_are_the_anchor_plus_n_intervals_B_19(string anchor, string interval, string boundaries)
    {
        // B-19: billing on the 31st must not drift to the 28th.
        Assert.True(BillingInterval.TryParse(interval, out var every));
        var start = DateTimeOffset.Parse(anchor + "T17:30:05Z");
        var expected = boundaries.Split(' ').Select(day => DateTimeOffset.Parse(day + "T17:30:05Z")).ToList();

        Assert.Equal(expected, Enumerable.Range(1, expected.Count).Select(n => BillingCycle.Boundary(start, every, n)));
        Assert.Equal(start, BillingCycle.Boundary(start, every, 0));
    }

    [Fact]
    public void Boundary_goes_backward_too()
    {
        Assert.Equal(Utc(2026, 2, 28), BillingCycle.Boundary(Utc(2026, 3, 31), BillingInterval.Monthly, -1));
        Assert.Equal(Utc(2025, 12, 31), BillingCycle.Boundary(Utc(2026, 3, 31), BillingInterval.Monthly, -3));
        Assert.Equal(Utc(2025, 2, 28), BillingCycle.Boundary(Utc(2028, 2, 29), BillingInterval.Yearly, -3));
        Assert.Equal(Utc(2026, 2, 22), BillingCycle.Boundary(Utc(2026, 3, 1), BillingInterval.Weekly, -1));
    }

    [Fact]
    public void An_anchor_with_an_offset_is_read_in_UTC()
    {
        // 5 PM on 31 January in New York is 22:00 UTC, and stays so when New York's clocks change.
        var anchor = new DateTimeOffset(2026, 1, 31, 17, 0, 0, TimeSpan.FromHours(-5));

        var boundary = BillingCycle.Boundary(anchor, BillingInterval.Monthly, 2);

        Assert.Equal(Utc(2026, 3, 31, 22), boundary);
        Assert.Equal(TimeSpan.Zero, boundary.Offset);
        Assert.Equal(2, BillingCycle.IndexAt(anchor, BillingInterval.Monthly, new DateTimeOffset(2026, 3, 31, 18, 0, 0, TimeSpan.FromHours(-4))));
    }

    [Fact]
    public void Fifteen_days_end_when_the_recorded_trial_ended_R_TRI_1() =>
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(1776201677),
            BillingCycle.Boundary(DateTimeOffset.FromUnixTimeSeconds(1774905677), new(IntervalUnit.Day, 15), 1));

    [Theory]
    [InlineData("2026-01-31T12:00:00Z", 0)]
    [InlineData("2026-02-28T11:59:59Z", 0)]
    [InlineData("2026-02-28T12:00:00Z", 1)]
    [InlineData("2026-03-30T23:59:59Z", 1)]
    [InlineData("2026-03-31T12:00:00Z", 2)]
    [InlineData("2026-01-31T11:59:59Z", -1)]
    [InlineData("2025-12-31T12:00:00Z", -1)]
    [InlineData("2025-12-31T11:59:59Z", -2)]
    [InlineData("2126-01-31T12:00:00Z", 1200)]
    public void IndexAt_is_the_last_boundary_reached(string instant, long index) =>
        Assert.Equal(index, BillingCycle.IndexAt(Utc(2026, 1, 31, 12), BillingInterval.Monthly, DateTimeOffset.Parse(instant)));

    [Fact]
    public void PeriodAt_joins_the_two_boundaries_around_an_instant() =>
        Assert.Equal(
            new(Utc(2026, 2, 28), Utc(2026, 3, 31)),
            BillingCycle.PeriodAt(Utc(2026, 1, 31), BillingInterval.Monthly, Utc(2026, 3, 1)));

    [Fact]
    public void Every_instant_lies_in_exactly_the_period_that_IndexAt_names() => Hold(
        from anchor in Instant
        from interval in Interval
        from instant in Instant
        select (anchor, interval, instant),
        x =>
        {
            var index = BillingCycle.IndexAt(x.anchor, x.interval, x.instant);
            var period = BillingCycle.PeriodAt(x.anchor, x.interval, x.instant);
            return period.Contains(x.instant)
                && period.Start == BillingCycle.Boundary(x.anchor, x.interval, index)
                && period.End == BillingCycle.Boundary(x.anchor, x.interval, index + 1)
                && BillingCycle.PeriodAt(x.anchor, x.interval, period.Start) == period
                && BillingCycle.PeriodAt(x.anchor, x.interval, period.End).Start == period.End;
        },
        tests: 5_000);

    [Fact]
    public void A_year_is_twelve_months_and_a_week_is_seven_days() => Hold(
        from anchor in Instant
        from index in Gen.Choose(-300, 300)
        select (anchor, index),
        x => BillingCycle.Boundary(x.anchor, BillingInterval.Yearly, x.index) == BillingCycle.Boundary(x.anchor, new(IntervalUnit.Month, 12), x.index)
            && BillingCycle.Boundary(x.anchor, BillingInterval.Weekly, x.index) == BillingCycle.Boundary(x.anchor, new(IntervalUnit.Day, 7), x.index));

    [Fact]
    public void Years_outside_the_calendar_are_refused()
    {
        Assert.Equal(
            "Period 100000 of month from 2026-01-31 lies outside the years 1 to 9999. Use an instant closer to now.",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => BillingCycle.Boundary(Utc(2026, 1, 31), BillingInterval.Monthly, 100_000)));
        Refused(BillingErrorCode.InvalidArgument, () => BillingCycle.Boundary(Utc(2026, 1, 31), BillingInterval.Yearly, -2_026));
        Refused(BillingErrorCode.InvalidArgument, () => BillingCycle.Boundary(Utc(2026, 1, 31), BillingInterval.Daily, long.MaxValue));
        Refused(BillingErrorCode.InvalidArgument, () => BillingCycle.Boundary(Utc(2026, 1, 31), new(IntervalUnit.Year, 3), long.MinValue));
        Refused(BillingErrorCode.InvalidArgument, () => BillingCycle.PeriodAt(Utc(2026, 1, 31), BillingInterval.Monthly, DateTimeOffset.MaxValue));
        Assert.Equal(Utc(1, 1, 31), BillingCycle.Boundary(Utc(2026, 1, 31), BillingInterval.Yearly, -2_025));
        Assert.Equal(Utc(9999, 12, 31), BillingCycle.Boundary(Utc(2026, 1, 31), BillingInterval.Monthly, 12 * 7_973 + 11));
        Assert.Equal(12 * 7_973 + 11, BillingCycle.IndexAt(Utc(2026, 1, 31), BillingInterval.Monthly, DateTimeOffset.MaxValue));
    }

    [Fact]
    public void An_interval_that_was_never_set_is_refused()
    {
        const string message = "The billing interval was never set. Use BillingInterval.Monthly, for example.";
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => BillingCycle.Boundary(Utc(2026, 1, 31), default, 1)));
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => BillingCycle.IndexAt(Utc(2026, 1, 31), default, Utc(2026, 2, 1))));
    }
}
