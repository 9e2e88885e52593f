using SaasBilling.Pricing;
using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

/// <summary>What renewals do a million times: none of it may leave anything to the garbage collector.</summary>
public class AllocationFreeTests
{
    private static readonly Price Monthly = new()
    {
        Key = "pro/seat/usd/month",
        Kind = PriceKind.PerSeat,
        Currency = Currency.Of("USD"),
        Interval = BillingInterval.Monthly,
        UnitAmount = 29m,
    };

    private static readonly Price SubCent = Monthly with { UnitAmount = 0.0005m };

    private static readonly BillingPeriod Period = new(Utc(2026, 1, 31), Utc(2026, 2, 28));

    public static TheoryData<string, Func<long, long>> Operations { get; } = new()
    {
        { "Money", i => ((Money.FromMinorUnits(i, "usd") + Money.Zero("USD")) * 2 - Money.Of(1m, "USD")).Abs().CompareTo(Money.FromMinorUnits(7, "USD")) },
        { "Amount", i => (long)Money.FromMinorUnits(i, "USD").Amount },
        { "Charge", i => ProrationMath.Charge(Money.FromMinorUnits(i, "USD"), Period, Period.Start.AddSeconds(i)).MinorUnits },
        { "Credit", i => ProrationMath.Credit(Money.FromMinorUnits(i, "USD"), Period, Period.Start.AddSeconds(i)).MinorUnits },
        { "Credit in seconds", i => ProrationMath.Credit(i, i, 2 * i + 1) },
        { "Boundary", i => BillingCycle.Boundary(Period.Start, BillingInterval.Monthly, i).UtcTicks },
        { "IndexAt", i => BillingCycle.IndexAt(Period.Start, BillingInterval.Monthly, Period.End.AddDays(i)) },
        { "AmountFor", i => Monthly.AmountFor(i).MinorUnits },
        { "AmountFor with fractions of a cent", i => SubCent.AmountFor(i).MinorUnits },
        { "NetAmount", i => Discounting.NetAmount(i, [DiscountTerm.Percent(33.33m), DiscountTerm.Amount(5)]) },
        { "Monthly value", i => MonthlyValue.Micros(i, BillingInterval.Yearly) },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Renewal_arithmetic_allocates_nothing(string name, Func<long, long> operation)
    {
        long Run()
        {
            var sum = 0L;
            for (var i = 0; i < 1_000; i++)
                sum ^= operation(i);

            return sum;
        }

        Assert.Equal((name, 0), (name, Allocations.Of(() => Run())));
    }
}
