namespace SaasBilling.Pricing;

/// <summary>
/// The calendar of a subscription. Boundary n is the anchor plus n intervals, on the last day of the month where the month lacks the anchor's day, at the
/// anchor's time of day; never the previous boundary plus one interval (https://docs.stripe.com/billing/subscriptions/billing-cycle).
/// </summary>
internal static class BillingCycle
{
    private const int MonthsPerYear = 12;

    /// <summary>Where period <paramref name="index"/> starts; it may be negative, for time before the anchor.</summary>
    internal static DateTimeOffset Boundary(DateTimeOffset anchor, BillingInterval interval, long index)
    {
        var utc = anchor.UtcDateTime;
        if (TicksOf(interval) is var ticks and > 0)
        {
            var offset = (Int128)ticks * index + utc.Ticks;
            return offset >= 0 && offset <= DateTime.MaxValue.Ticks ? At((long)offset) : throw OutOfRange(anchor, interval, index);
        }

        var month = (Int128)MonthNumber(utc) + (Int128)MonthsOf(interval) * index;
        if (month < MonthsPerYear || month >= 10_000 * MonthsPerYear)
            throw OutOfRange(anchor, interval, index);

        var (year, zeroBasedMonth) = Math.DivRem((int)month, MonthsPerYear);
        var day = Math.Min(utc.Day, DateTime.DaysInMonth(year, zeroBasedMonth + 1));
        return At(new DateTime(year, zeroBasedMonth + 1, day).Ticks + utc.TimeOfDay.Ticks);
    }

    /// <summary>The number of the period that the instant lies in: the greatest n with Boundary(n) at or before it.</summary>
    internal static long IndexAt(DateTimeOffset anchor, BillingInterval interval, DateTimeOffset instant)
    {
        var from = anchor.UtcDateTime;
        var to = instant.UtcDateTime;
        if (TicksOf(interval) is var ticks and > 0)
            return FloorDivide(to.Ticks - from.Ticks, ticks);

        var step = MonthsOf(interval);
        var months = MonthNumber(to) - MonthNumber(from);
        var index = FloorDivide(months, step);
        if (index * step != months)
            return index;

        // Only in the boundary's own month can the instant lie before the boundary.
        var day = Math.Min(from.Day, DateTime.DaysInMonth(to.Year, to.Month));
        var isBefore = to.Day != day ? to.Day < day : to.TimeOfDay < from.TimeOfDay;
        return isBefore ? index - 1 : index;
    }

    /// <summary>The period that the instant lies in.</summary>
    internal static BillingPeriod PeriodAt(DateTimeOffset anchor, BillingInterval interval, DateTimeOffset instant)
    {
        var index = IndexAt(anchor, interval, instant);
        return new(Boundary(anchor, interval, index), Boundary(anchor, interval, index + 1));
    }

    private static DateTimeOffset At(long utcTicks) => new(utcTicks, TimeSpan.Zero);

    private static int MonthNumber(DateTime utc) => utc.Year * MonthsPerYear + utc.Month - 1;

    /// <summary>The length of an interval of days or weeks; 0 for months and years, whose length varies.</summary>
    private static long TicksOf(BillingInterval interval) => interval switch
    {
        { Count: < 1 } => throw new BillingException(BillingErrorCode.InvalidArgument, "The billing interval was never set. Use BillingInterval.Monthly, for example."),
        { Unit: IntervalUnit.Day } => interval.Count * TimeSpan.TicksPerDay,
        { Unit: IntervalUnit.Week } => interval.Count * 7 * TimeSpan.TicksPerDay,
        _ => 0,
    };

    private static int MonthsOf(BillingInterval interval) => interval.Unit == IntervalUnit.Year ? interval.Count * MonthsPerYear : interval.Count;

    private static long FloorDivide(long dividend, long divisor)
    {
        var (quotient, remainder) = Math.DivRem(dividend, divisor);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    private static BillingException OutOfRange(DateTimeOffset anchor, BillingInterval interval, long index) => new(
        BillingErrorCode.InvalidArgument,
        $"Period {index} of {interval} from {anchor.UtcDateTime:yyyy-MM-dd} lies outside the years 1 to 9999. Use an instant closer to now.");
}
