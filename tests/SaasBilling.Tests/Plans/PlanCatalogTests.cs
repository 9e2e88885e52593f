namespace SaasBilling.Tests.Plans;

public class PlanCatalogTests
{
    private static readonly PlanCatalog Catalog = Catalogs.Build(builder => builder
        .AddPlan("team", plan => plan.Name("Team").Monthly(99m).PricePerSeat(8m, "USD", BillingInterval.Monthly).Feature("export").Feature("sso"))
        .AddAddOn("support", addOn => addOn.Name("Support").Monthly(10m).Feature("chat"))
        .AddPlan("free", plan => plan.Free().Feature("projects", 3))
        .AddMeter("storage", UsageAggregation.Last)
        .AddCoupon("launch", coupon => coupon.PercentOff(20m))
        .AddPlan("pro", plan => plan.Monthly().Feature("export").Feature("projects", 50))
        .AddMeter("api_calls")
        .AddAddOn("boost", addOn => addOn.Monthly(5m).Feature("projects", 10))
        .AddCoupon("autumn", coupon => coupon.AmountOff(5m, "USD")));

    [Fact]
    public void Everything_KeepsTheOrderOfDeclaration()
    {
        Assert.Equal(["team", "free", "pro"], Catalog.Plans.Select(plan => plan.Key));
        Assert.Equal(["support", "boost"], Catalog.AddOns.Select(addOn => addOn.Key));
        Assert.Equal(["launch", "autumn"], Catalog.Coupons.Select(coupon => coupon.Key));
        Assert.Equal([new Meter { Key = "storage", Aggregation = UsageAggregation.Last }, new Meter { Key = "api_calls" }], Catalog.Meters);
    }

    [Fact]
    public void Features_AreThoseOfPlansAndAddOns() => Assert.Equal(["chat", "export", "projects", "sso"], Catalog.Features.Order());

    [Fact]
    public void KnownKeys_AreFound()
    {
        Assert.Same(Catalog.Plans[2], Catalog["pro"]);
        Assert.True(Catalog.TryGet("pro", out var plan));
        Assert.Same(Catalog.Plans[2], plan);
        Assert.Same(Catalog.AddOns[1], Catalog.GetAddOn("boost"));
        Assert.True(Catalog.TryGetAddOn("boost", out var addOn));
        Assert.Same(Catalog.AddOns[1], addOn);
        Assert.Same(Catalog.Coupons[1], Catalog.GetCoupon("autumn"));
        Assert.True(Catalog.TryGetCoupon("autumn", out var coupon));
        Assert.Same(Catalog.Coupons[1], coupon);
        Assert.Same(Catalog.Meters[1], Catalog.GetMeter("api_calls"));
        Assert.True(Catalog.TryGetMeter("api_calls", out var meter));
        Assert.Same(Catalog.Meters[1], meter);
    }

    [Fact]
    public void UnknownKeys_AreNotFound()
    {
        Assert.False(Catalog.TryGet("Pro", out var plan));
        Assert.Null(plan);
        Assert.False(Catalog.TryGetAddOn("pro", out var addOn));
        Assert.Null(addOn);
        Assert.False(Catalog.TryGetCoupon("", out var coupon));
        Assert.Null(coupon);
        Assert.False(Catalog.TryGetMeter("seat", out var meter));
        Assert.Null(meter);
        Assert.Null(Catalog.FindPrice("pro/usd/year"));
    }

    [Theory]
    [InlineData("proo")]
    [InlineData("Pro")]
    [InlineData("boost")]
    [InlineData("")]
    public void UnknownPlan_NamesTheKnownOnes(string key) => Unknown(
        BillingErrorCode.UnknownPlan,
        $"There is no plan '{key}'. Use one of these plans: 'team', 'free', 'pro'.",
        () => Catalog[key]);

    [Fact]
    public void UnknownAnythingElse_NamesTheKnownOnes()
    {
        Unknown(BillingErrorCode.UnknownAddOn, "There is no add-on 'pro'. Use one of these add-ons: 'support', 'boost'.", () => Catalog.GetAddOn("pro"));
        Unknown(BillingErrorCode.UnknownCoupon, "There is no coupon 'pro'. Use one of these coupons: 'launch', 'autumn'.", () => Catalog.GetCoupon("pro"));
        Unknown(BillingErrorCode.UnknownMeter, "There is no meter 'pro'. Use one of these meters: 'storage', 'api_calls'.", () => Catalog.GetMeter("pro"));
        Unknown(
            BillingErrorCode.UnknownPrice,
            "There is no price 'pro'. Use one of these prices: 'team/usd/month', 'team/seat/usd/month', 'pro/usd/month', 'support/usd/month', 'boost/usd/month'.",
            () => Catalog.GetPrice("pro"));
    }

    [Fact]
    public void UnknownKey_OfAnEmptyCatalog_SaysSo()
    {
        var empty = Catalogs.Build(_ => { });

        Unknown(BillingErrorCode.UnknownPlan, "There is no plan 'pro': the catalog has no plans.", () => empty["pro"]);
        Unknown(BillingErrorCode.UnknownAddOn, "There is no add-on 'pro': the catalog has no add-ons.", () => empty.GetAddOn("pro"));
        Unknown(BillingErrorCode.UnknownCoupon, "There is no coupon 'pro': the catalog has no coupons.", () => empty.GetCoupon("pro"));
        Unknown(BillingErrorCode.UnknownMeter, "There is no meter 'pro': the catalog has no meters.", () => empty.GetMeter("pro"));
        Unknown(BillingErrorCode.UnknownPrice, "There is no price 'pro': the catalog has no prices.", () => empty.GetPrice("pro"));
    }

    [Fact]
    public void UnknownPlan_AmongMany_NamesTwenty()
    {
        var many = Catalogs.Build(builder =>
        {
            for (var i = 1; i <= 23; i++)
                builder.AddPlan($"p{i}", plan => plan.Free());
        });

        var message = Assert.Throws<BillingException>(() => many["x"]).Message;

        Assert.StartsWith("There is no plan 'x'. Use one of these plans: 'p1', 'p2',", message, StringComparison.Ordinal);
        Assert.EndsWith(" 'p20' and 3 more.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoKey_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("planKey", () => Catalog[null!]);
        Assert.Throws<ArgumentNullException>("addOnKey", () => Catalog.GetAddOn(null!));
        Assert.Throws<ArgumentNullException>("couponKey", () => Catalog.GetCoupon(null!));
        Assert.Throws<ArgumentNullException>("meterKey", () => Catalog.GetMeter(null!));
        Assert.Throws<ArgumentNullException>("priceKey", () => Catalog.GetPrice(null!));
    }

    [Fact(DisplayName = "B-25: every price is found by a key that is the same in every environment, with the plan or add-on that has it")]
    public void Price_IsFoundByItsKey()
    {
        foreach (var plan in Catalog.Plans)
        {
            foreach (var price in plan.Prices)
            {
                Assert.Equal(new CatalogPrice(price, plan, null), Catalog.FindPrice(price.Key));
                Assert.Equal(price.Key, Price.KeyOf(plan.Key, price.Kind, price.Meter, price.Currency, price.Interval));
            }
        }

        var seat = Catalog.GetPrice("team/seat/usd/month");
        Assert.Equal(PriceKind.PerSeat, seat.Price.Kind);
        Assert.Equal("team", seat.OwnerKey);
        Assert.Equal("Team", seat.OwnerName);

        var support = Catalog.GetPrice("support/usd/month");
        Assert.Same(Catalog.AddOns[0], support.AddOn);
        Assert.Null(support.Plan);
        Assert.Equal("support", support.OwnerKey);
        Assert.Equal("Support", support.OwnerName);
    }

    [Fact]
    public void LookUps_AllocateNothing()
    {
        Assert.NotNull(Catalog.FindPrice("team/seat/usd/month"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = 0;
        for (var i = 0; i < 1_000; i++)
        {
            if (Catalog.TryGet("pro", out _) && Catalog.TryGetMeter("api_calls", out _) && Catalog.FindPrice("pro/usd/month") is not null && Catalog.Features.Contains("export"))
                found++;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_000, found);
    }

    private static void Unknown(BillingErrorCode code, string message, Func<object> lookUp)
    {
        var exception = Assert.Throws<BillingException>(lookUp);
        Assert.Equal(code, exception.Code);
        Assert.Equal(message, exception.Message);
    }
}
