using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

public class UsageRulesTests
{
    [Fact]
    public void RUSE3_TheFirstInvoice_HasTheFee_AndTheRenewalTheFeeAndThePastUsage()
    {
        var world = Metered();
        Assert.Equal(1_000, Assert.Single(world.Newest.Lines).Amount.MinorUnits);
        world.Use(120);
        world.Advance(days: 3);
        world.Use(30);
        world.To("2026-02-01T01:00:00Z");

        Assert.Equal([(1_000L, 1L, "Metered"), (150L, 150L, "Metered, api_calls")], world.Newest.Lines.Select(line => (line.Amount.MinorUnits, line.Quantity, line.Description)));
        Assert.Equal(new BillingPeriod(World.At("2026-01-01"), World.At("2026-02-01")), world.Newest.Lines[1].Period);
        Assert.Equal(1_150, world.Newest.AmountPaid.MinorUnits);
    }

    [Fact]
    public void ZeroUsage_StillShowsALineOfZero()
    {
        var world = Metered();
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal([1_000, 0], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
    }

    [Fact]
    public void RUSE5_MeteredOnly_HasNoFirstInvoice()
    {
        var world = new World();
        world.Card();
        world.Subscribe("usage");
        Assert.Empty(world.Invoices);
        world.Use(200);
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal(200, Assert.Single(world.Invoices).AmountPaid.MinorUnits);
    }

    [Fact]
    public void RUSE7_ARepeatedKey_CountsOnce()
    {
        var world = Metered();
        world.Use(10, key: "a");
        world.Use(10, key: "a");
        world.Use(10, key: "b");
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal(20, world.Newest.Lines[1].Amount.MinorUnits);
    }

    [Fact]
    public void RUSE2_UsageOfTheClosedPeriod_IsTakenUntilItsInvoiceIsFinalized()
    {
        var world = Metered();
        world.To("2026-02-01");
        world.Use(100, World.At("2026-01-31T23:59:59Z"));
        Assert.Equal(1_100, world.Newest.AmountDue.MinorUnits);
        world.Use(7, World.At("2026-02-01"));
        world.Advance(hours: 1);
        Assert.Equal(1_100, world.Newest.AmountPaid.MinorUnits);

        var refused = Assert.Throws<BillingException>(() => world.Use(1, World.At("2026-01-31T23:59:59Z")));
        Assert.Equal(
            (BillingErrorCode.InvalidArgument, "Usage of 'api_calls' at 2026-01-31 23:59:59Z comes too late: the invoice of that period is finalized. Record usage from 2026-02-01 00:00:00Z on, or add a one-off charge."),
            (refused.Code, refused.Message));
        world.To("2026-03-01T01:00:00Z");
        Assert.Equal(7, world.Newest.Lines[1].Amount.MinorUnits);
    }

    [Fact]
    public void RUSE6_APriceThatChangesInMidPeriod_BillsEachPartAtItsOwnPrice()
    {
        var world = Metered();
        world.Use(50);
        world.To("2026-01-16");
        world.Change("metered2", Proration.None);
        world.Use(50);
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal([1_000, 50, 100], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
        Assert.Equal(
            [new(World.At("2026-01-01"), World.At("2026-01-16")), new BillingPeriod(World.At("2026-01-16"), World.At("2026-02-01"))],
            world.Newest.Lines.Skip(1).Select(line => line.Period));
    }

    [Fact]
    public void RUSE4_MeteredPrices_AreNotProrated()
    {
        var world = Metered();
        world.To("2026-01-16");
        world.Change("metered2", Proration.AlwaysInvoice);
        Assert.Equal(["Unused time of Metered after 16 Jan 2026", "Remaining time of Metered 2 after 16 Jan 2026"], world.Newest.Lines.Select(line => line.Description));
    }

    [Fact]
    public void RTRI10_UsageInATrial_IsFree()
    {
        var world = new World();
        world.Card();
        world.Trial("metered", 14);
        world.Use(1_000);
        world.Advance(days: 14, hours: 2);
        Assert.Equal(1_000, world.Newest.AmountPaid.MinorUnits);
        world.Use(5);
        world.Use(1_000, world.Start.AddDays(3));
        world.To("2026-02-15T01:00:00Z");
        Assert.Equal([1_000, 5], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
    }

    [Theory]
    [InlineData(UsageAggregation.Sum, 9)]
    [InlineData(UsageAggregation.Count, 3)]
    [InlineData(UsageAggregation.Max, 5)]
    [InlineData(UsageAggregation.Last, 1)]
    public void RUSE1_Aggregations(UsageAggregation aggregation, int expected)
    {
        var world = new World(catalog: builder => builder
            .AddMeter("gauge", aggregation)
            .AddPlan("gauged", plan => plan.Metered("gauge", 1m, "USD", BillingInterval.Monthly)));
        world.Card();
        world.Subscribe("gauged");
        world.Advance(days: 3);
        world.Use(5, World.At("2026-01-02"), "gauge");
        world.Use(1, World.At("2026-01-03"), "gauge");
        world.Use(3, World.At("2026-01-02T12:00:00Z"), "gauge");
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal(expected * 100, world.Newest.AmountPaid.MinorUnits);
        world.To("2026-03-01T01:00:00Z");
        Assert.True(world.Newest.Total.IsZero);
    }

    [Fact]
    public void AnIntervalChange_BillsTheUsageSoFarAtOnce()
    {
        var world = new World(catalog: builder => builder.AddPlan("both", plan => plan
            .Price(10m, "USD", BillingInterval.Monthly).Metered("api_calls", 0.01m, "USD", BillingInterval.Monthly)
            .Price(100m, "USD", BillingInterval.Yearly).Metered("api_calls", 0.01m, "USD", BillingInterval.Yearly)));
        world.Card();
        world.Subscribe("both");
        world.Use(400);
        world.To("2026-01-16T12:00:00Z");
        world.Change("both", Proration.CreateProrations, ChangeTiming.Immediately, new("both/usd/year", 1), new("both/api_calls/usd/year", 0));
        Assert.Equal([-500, 10_000, 400], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
        Assert.Equal(InvoiceStatus.Paid, world.Newest.Status);
    }

    [Fact]
    public void AFractionOfAUnit_IsBilledExactly_AndStandsInTheDescription()
    {
        var world = Metered();
        world.Use(12.75m);
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal((13L, 13L, "Metered, api_calls (12.75)"), (world.Newest.Lines[1].Amount.MinorUnits, world.Newest.Lines[1].Quantity, world.Newest.Lines[1].Description));
    }

    [Fact]
    public void UsageThatNoInvoiceCanHold_IsRefusedWhenItIsRecorded()
    {
        var world = Metered();
        world.Use(10);
        foreach (var quantity in new[] { decimal.MaxValue, 1e17m })
            Assert.Equal(BillingErrorCode.InvalidArgument, Assert.Throws<BillingException>(() => world.Use(quantity)).Code);
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal(10, world.Newest.Lines[1].Amount.MinorUnits);
    }

    [Fact]
    public void AMeterThatNothingPrices_IsTaken_AndBillsNothing()
    {
        var world = new World();
        world.Subscribe("free");
        world.Use(10);
        world.To("2026-03-02");
        Assert.Empty(world.Invoices);
    }

    private static World Metered()
    {
        var world = new World();
        world.Card();
        world.Subscribe("metered");
        return world;
    }
}
