using SaasBilling.Pricing;

namespace SaasBilling.Tests.Pricing;

/// <summary>
/// Bar R11: all anchors × intervals × 1,200 months against an oracle that shares nothing with the code. The oracle has its own calendar, walks it day by day, and
/// marks a day as a boundary by looking at it: it has the anchor's day of month, or it is the last of a month that lacks that day.
/// </summary>
public class BillingCycleOracleTests
{
    private const int Months = 1_200;
    private const long SecondsPerDay = 86_400;

    /// <summary>Days after 1 January 2023, with the calendar of each; enough for four years of anchors and a hundred years after the last.</summary>
    private static readonly (int Month, int Day, bool IsLastOfMonth)[] Calendar = WalkCalendar(2023, years: 106);

    private static readonly long FirstDay = new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public void Every_anchor_of_four_years_keeps_its_day_for_1200_months_in_every_interval_R11()
    {
        var compared = 0L;
        var differences = new List<string>();
        var boundaries = new int[Months + 1];
        for (var anchorDay = 0; anchorDay < 4 * 365 + 1; anchorDay++)
        {
            WalkBoundaries(anchorDay, boundaries);

            // Another time of day for each anchor, from the first second of the day to the last.
            var second = anchorDay * 59L * 977 % SecondsPerDay;
            foreach (var (interval, months) in CalendarIntervals())
                compared += Compare(anchorDay, second, interval, boundaries, months, differences);
        }

        Assert.Empty(differences);
        Assert.Equal(7_630_803, compared);
    }

    [Fact]
    public void Every_number_of_days_and_weeks_keeps_its_length_for_a_hundred_years_R11()
    {
        const int days = 36_525;
        var differences = new List<string>();
        foreach (var unit in new[] { IntervalUnit.Day, IntervalUnit.Week })
        {
            var length = unit == IntervalUnit.Day ? 1 : 7;
            for (var count = 1; count <= 1_095 / length; count++)
            {
                var every = count * length;
                var boundaries = Enumerable.Range(0, days / every + 1).Select(n => 58 + n * every).ToArray();
                Compare(58, 86_399, new(unit, count), boundaries, 1, differences);
            }
        }

        Assert.Empty(differences);
    }

    private static IEnumerable<(BillingInterval Interval, int Months)> CalendarIntervals() =>
        Enumerable.Range(1, 36).Select(count => (new BillingInterval(IntervalUnit.Month, count), count))
            .Concat(Enumerable.Range(1, 3).Select(count => (new BillingInterval(IntervalUnit.Year, count), count * 12)));

    private static long Compare(int anchorDay, long second, BillingInterval interval, int[] boundaries, int step, List<string> differences)
    {
        var anchor = Instant(anchorDay, second);
        var compared = 0L;
        for (int n = 0, at = 0; at < boundaries.Length && differences.Count < 20; n++, at += step, compared++)
        {
            var expected = Instant(boundaries[at], second);
            var actual = BillingCycle.Boundary(anchor, interval, n);
            if (actual.UtcTicks != expected.UtcTicks)
                differences.Add($"boundary {n} of {interval} from {anchor:u} is {actual:u}, not {expected:u}");

            if (BillingCycle.IndexAt(anchor, interval, expected) != n || BillingCycle.IndexAt(anchor, interval, expected.AddSeconds(-1)) != n - 1)
                differences.Add($"period {n} of {interval} from {anchor:u} does not start at {expected:u}");
        }

        return compared;
    }

    private static DateTimeOffset Instant(int day, long second) => DateTimeOffset.FromUnixTimeSeconds(FirstDay + day * SecondsPerDay + second);

    private static void WalkBoundaries(int anchorDay, int[] boundaries)
    {
        var wanted = Calendar[anchorDay].Day;
        var found = 0;
        for (var day = anchorDay; found < boundaries.Length; day++)
        {
            var today = Calendar[day];
            if (today.Day == wanted || (today.IsLastOfMonth && today.Day < wanted))
                boundaries[found++] = day;
        }
    }

    private static (int Month, int Day, bool IsLastOfMonth)[] WalkCalendar(int firstYear, int years)
    {
        int[] lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        var days = new List<(int, int, bool)>();
        for (var year = firstYear; year < firstYear + years; year++)
        {
            var isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
            for (var month = 1; month <= 12; month++)
            {
                var length = month == 2 && isLeap ? 29 : lengths[month - 1];
                for (var day = 1; day <= length; day++)
                    days.Add((month, day, day == length));
            }
        }

        return [.. days];
    }
}
