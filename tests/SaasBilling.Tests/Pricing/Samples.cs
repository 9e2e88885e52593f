using FsCheck;
using FsCheck.Fluent;

namespace SaasBilling.Tests.Pricing;

/// <summary>Generators of the pricing room, and the one way in which its properties are checked.</summary>
internal static class Samples
{
    /// <summary>Whole minor units of every magnitude, borders included.</summary>
    public static Gen<long> AnyLong { get; } = Gen.OneOf(
        Gen.Choose(-1_000, 1_000).Select(value => (long)value),
        Between(-1_000_000_000_000, 1_000_000_000_000),
        Between(long.MinValue, long.MaxValue),
        Gen.Elements(long.MinValue, long.MinValue + 1, -1, 0, 1, long.MaxValue - 1, long.MaxValue));

    /// <summary>What people pay, in minor units: from nothing to ten billion.</summary>
    public static Gen<long> Amount { get; } = Gen.OneOf(
        Gen.Choose(0, 20).Select(value => (long)value),
        Gen.Choose(0, 1_000_000).Select(value => (long)value),
        Between(0, 1_000_000_000_000));

    public static Gen<Currency> AnyCurrency { get; } = Gen.Elements(Currency.All.ToArray());

    public static Gen<BillingInterval> Interval { get; } = Gen.OneOf(
        Gen.Choose(1, 1095).Select(count => new BillingInterval(IntervalUnit.Day, count)),
        Gen.Choose(1, 156).Select(count => new BillingInterval(IntervalUnit.Week, count)),
        Gen.Choose(1, 36).Select(count => new BillingInterval(IntervalUnit.Month, count)),
        Gen.Choose(1, 3).Select(count => new BillingInterval(IntervalUnit.Year, count)));

    /// <summary>Instants to the second, from 1970 to 2120, with month-ends as common as all other days together.</summary>
    public static Gen<DateTimeOffset> Instant { get; } = Gen.OneOf(
        Between(0, 4_733_510_400).Select(DateTimeOffset.FromUnixTimeSeconds),
        from month in Gen.Choose(0, 12 * 150)
        from daysBack in Gen.Choose(1, 4)
        from second in Gen.Choose(0, 86_399)
        select new DateTimeOffset(1970, 2, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(month).AddDays(-daysBack).AddSeconds(second));

    /// <summary>A unit amount with up to 12 decimals.</summary>
    public static Gen<decimal> UnitAmount { get; } =
        from digits in Between(0, 10_000_000)
        from scale in Gen.Choose(0, 12)
        select new decimal((int)digits, 0, 0, isNegative: false, (byte)scale);

    public static Gen<long> Between(long low, long high) =>
        from a in Gen.Choose(0, (1 << 22) - 1)
        from b in Gen.Choose(0, (1 << 22) - 1)
        from c in Gen.Choose(0, (1 << 22) - 1)
        select (long)(low + (Int128)(((UInt128)a << 44) | ((UInt128)b << 22) | (uint)c) % ((Int128)high - low + 1));

    public static void Hold<T>(Gen<T> values, Func<T, bool> property, int tests = 1_000) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), Prop.ForAll(values.ToArbitrary(), property));

    public static DateTimeOffset Utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) =>
        new(year, month, day, hour, minute, second, TimeSpan.Zero);

    public static BillingException Refused(BillingErrorCode code, Action action)
    {
        var exception = Assert.Throws<BillingException>(action);
        Assert.Equal(code, exception.Code);
        return exception;
    }

    public static string RefusedMessage(BillingErrorCode code, Func<object?> function) => Refused(code, () => function()).Message;
}
