namespace SaasBilling.Tests.Plans;

public class PlanTests
{
    private static readonly Plan Pro = Catalogs.Plan(plan => plan
        .Metered("storage", 1m, "USD", BillingInterval.Monthly)
        .Metered("api_calls", 2m, "USD", BillingInterval.Monthly)
        .PricePerSeat(8m, "USD", BillingInterval.Monthly)
        .Price(29m, "USD", BillingInterval.Monthly)
        .Price(27m, "EUR", BillingInterval.Monthly)
        .Price(290m, "USD", BillingInterval.Yearly));

    [Fact]
    public void PricesFor_ACurrencyAndInterval_AreFlatThenSeatsThenMeteredAsDeclared() => Assert.Equal(
        ["pro/usd/month", "pro/seat/usd/month", "pro/storage/usd/month", "pro/api_calls/usd/month"],
        Pro.PricesFor("USD", BillingInterval.Monthly).Select(price => price.Key));

    [Fact]
    public void PricesFor_LowerCase_AreTheSame() =>
        Assert.Same(Pro.PricesFor("USD", BillingInterval.Monthly), Pro.PricesFor("usd", BillingInterval.Monthly));

    [Fact]
    public void PricesFor_WhatIsNotSold_AreNone()
    {
        Assert.Empty(Pro.PricesFor("EUR", BillingInterval.Yearly));
        Assert.Empty(Pro.PricesFor("GBP", BillingInterval.Monthly));
        Assert.Empty(Pro.PricesFor("USD", new BillingInterval(IntervalUnit.Month, 12)));
        Assert.Empty(Catalogs.Plan(plan => plan.Free()).PricesFor("USD", BillingInterval.Monthly));
    }

    [Fact]
    public void PricesFor_AllocatesNothing()
    {
        Assert.Equal(4, Pro.PricesFor("usd", BillingInterval.Monthly).Count);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = 0;
        for (var i = 0; i < 1_000; i++)
            count += Pro.PricesFor("usd", BillingInterval.Yearly).Count + Pro.PricesFor("GBP", BillingInterval.Yearly).Count + (Pro.DefaultPricing is null ? 1 : 0) + Pro.AvailablePricing.Count;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(4_000, count);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void DefaultPricing_IsTheFirstPrices()
    {
        Assert.Equal((Currency.Of("USD"), BillingInterval.Monthly), Pro.DefaultPricing);
        Assert.Null(Catalogs.Plan(plan => plan.Free()).DefaultPricing);
    }

    [Fact]
    public void AvailablePricing_IsEachOnceAsDeclared() => Assert.Equal(
        [(Currency.Of("USD"), BillingInterval.Monthly), (Currency.Of("EUR"), BillingInterval.Monthly), (Currency.Of("USD"), BillingInterval.Yearly)],
        Pro.AvailablePricing);

    [Fact]
    public void AddOn_KnowsItsPricesTheSameWay()
    {
        var addOn = new AddOn { Key = "pro", Prices = Pro.Prices };

        Assert.Equal(Pro.PricesFor("USD", BillingInterval.Monthly), addOn.PricesFor("USD", BillingInterval.Monthly));
        Assert.Equal(Pro.AvailablePricing, addOn.AvailablePricing);
        Assert.Equal("pro", addOn.Name);
        Assert.Equal(addOn, new AddOn { Key = "pro", Prices = [.. Pro.Prices] });
        Assert.NotEqual(addOn, new AddOn { Key = "pro" });
    }

    [Fact]
    public void Plans_WithTheSameContent_AreEqual()
    {
        var one = Full();
        var other = Full();

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void Plans_WithAnyOtherContent_AreNotEqual()
    {
        var plan = Full();

        Plan[] others =
        [
            plan with { Key = "team" },
            plan with { Name = "Team" },
            plan with { Description = null },
            plan with { IsFree = true },
            plan with { Prices = [.. plan.Prices.Skip(1)] },
            plan with { Prices = [.. plan.Prices.Reverse()] },
            plan with { Trial = null },
            plan with { Features = new Dictionary<string, long?> { ["export"] = null, ["projects"] = 51 } },
            plan with { Features = new Dictionary<string, long?> { ["export"] = null } },
            plan with { Metadata = new Dictionary<string, string> { ["tier"] = "3" } },
        ];
        Assert.All(others, other => Assert.NotEqual(plan, other));
        Assert.Equal(plan, plan with { Features = new Dictionary<string, long?> { ["projects"] = 50, ["export"] = null } });
    }

    [Fact]
    public void Plan_IsNotChangedThroughWhatItWasMadeOf()
    {
        var prices = Full().Prices.ToList();
        var features = new Dictionary<string, long?> { ["export"] = null };
        var plan = new Plan { Key = "pro", Prices = prices, Features = features };
        prices.Clear();
        features.Clear();

        Assert.Equal(2, plan.Prices.Count);
        Assert.Single(plan.Features);
        Assert.Throws<NotSupportedException>(() => ((IList<Price>)plan.Prices).Clear());
    }

    [Fact]
    public void Name_OfAPlanMadeByHand_IsItsKey() => Assert.Equal("pro", new Plan { Key = "pro" }.Name);

    private static Plan Full() => Catalogs.Plan(plan => plan
        .Name("Pro").Description("For teams").Monthly()
        .Metered("api_calls", "USD", BillingInterval.Monthly, tiers => tiers.UpTo(10, 1m).Beyond(2m))
        .Trial(14).Feature("export").Feature("projects", 50).Metadata("tier", "2"));
}
