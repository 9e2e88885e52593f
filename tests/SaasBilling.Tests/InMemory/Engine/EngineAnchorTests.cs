using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

/// <summary>R11, as the engine lives it: every boundary is counted from the anchor, over years of renewals.</summary>
public class EngineAnchorTests
{
    [Theory]
    [InlineData("2026-01-31T17:00:01Z", IntervalUnit.Month, 1)]
    [InlineData("2024-02-29T00:00:00Z", IntervalUnit.Year, 1)]
    [InlineData("2026-11-30T23:59:59Z", IntervalUnit.Month, 3)]
    [InlineData("2026-08-31T12:00:00Z", IntervalUnit.Month, 6)]
    [InlineData("2026-03-29T01:30:00Z", IntervalUnit.Week, 2)]
    [InlineData("2026-12-31T00:00:00Z", IntervalUnit.Day, 10)]
    public void B19_Boundaries_NeverDrift(string start, IntervalUnit unit, int count)
    {
        var interval = new BillingInterval(unit, count);
        var world = new World(World.At(start), catalog: builder => builder.AddPlan("p", plan => plan.Price(10m, "USD", interval)));
        world.Card();
        world.Subscribe("p");
        for (var years = 2; years <= 12; years += 2)
        {
            world.To(world.Start.AddYears(years));
            world.Card();       // before the last one expires
        }

        var starts = world.Invoices.Select(invoice => invoice.CreatedAt).ToList();
        Assert.Equal(Enumerable.Range(0, starts.Count).Select(n => Expected(world.Start, unit, count * n)), starts);
        Assert.True(Expected(world.Start, unit, count * starts.Count) > world.Now);
        Assert.All(world.Invoices, invoice => Assert.Equal(1_000, invoice.Total.MinorUnits));
        var periods = world.Invoices.Select(invoice => Assert.Single(invoice.Lines).Period).ToList();
        Assert.All(periods.Zip(periods.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
    }

    [Fact]
    public void B19_AYearlyPlanFrom29February_ComesBackToThe29th()
    {
        var world = new World(World.At("2024-02-29"));
        world.Card();
        world.Subscribe("basic", new PriceQuantity("basic/usd/year", 1));
        world.To("2028-03-01");
        Assert.Equal(
            ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"],
            world.Invoices.Select(invoice => invoice.CreatedAt.ToString("yyyy-MM-dd", null)));
    }

    [Fact]
    public void Payment_NeverMovesTheAnchor()
    {
        var world = new World(World.At("2026-01-31"), options => options.WhenRetriesExhausted = RetriesExhausted.LeavePastDue);
        world.Card();
        world.Subscribe("basic");
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.To("2026-03-05");
        world.Card();
        world.Act(world.Invoices[1], InvoiceAction.Pay);
        world.To("2026-03-31");
        Assert.Equal(new BillingPeriod(World.At("2026-03-31"), World.At("2026-04-30")), world.Subscription.CurrentPeriod);
        Assert.Equal(World.At("2026-01-31"), world.Subscription.BillingCycleAnchor);
    }

    // Not BillingCycle, which is what is tested.
    private static DateTimeOffset Expected(DateTimeOffset anchor, IntervalUnit unit, int units) => unit switch
    {
        IntervalUnit.Day => anchor.AddDays(units),
        IntervalUnit.Week => anchor.AddDays(7 * units),
        IntervalUnit.Month => anchor.AddMonths(units),
        _ => anchor.AddYears(units),
    };
}
