namespace SaasBilling.Pricing;

/// <summary>
/// What an item is worth a month, in millionths of a minor unit, so that sums stay whole numbers and are rounded once, for display.
/// A month is 1/12 year, 12/52 week and 12/365 day.
/// </summary>
internal static class MonthlyValue
{
    /// <summary>How many micro-units a minor unit has.</summary>
    internal const long MicrosPerMinorUnit = 1_000_000;

    /// <summary>The monthly value of an amount that is billed every interval.</summary>
    /// <param name="minorUnits">What one interval costs, quantity included.</param>
    /// <param name="interval">How often it is billed.</param>
    internal static long Micros(long minorUnits, BillingInterval interval)
    {
        var (times, per) = interval.Unit switch
        {
            IntervalUnit.Day => (365, 12),
            IntervalUnit.Week => (52, 12),
            IntervalUnit.Month => (1, 1),
            _ => (1, 12),
        };

        return Rounding.HalfUp((Int128)minorUnits * MicrosPerMinorUnit * times, (Int128)per * interval.Count);
    }

    /// <summary>A sum of monthly values, rounded half up to the currency's minor unit.</summary>
    internal static Money ToMoney(Int128 micros, Currency currency) =>
        Money.FromMinorUnits(Rounding.HalfUp(micros, MicrosPerMinorUnit), currency);
}
