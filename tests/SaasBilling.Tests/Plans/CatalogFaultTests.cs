namespace SaasBilling.Tests.Plans;

public class CatalogFaultTests
{
    private const string KeyRule = "Use letters a-z and A-Z, digits, '-', '_' and '.', at most 64 in all.";

    [Fact]
    public void EveryFault_IsInOneMessage()
    {
        var message = Catalogs.FaultsOf(builder => builder
            .AddCoupon("launch", coupon => coupon.PercentOff(120m).OnlyFor("team"))
            .AddPlan("pro", plan => plan.Trial(0))
            .AddPlan("pro", plan => plan.Free())
            .AddAddOn("boost", addOn => addOn.Price(5m, "XXQ", BillingInterval.Monthly))
            .AddMeter("api calls"));

        Assert.Equal(
            """
            The billing catalog has 7 faults:
            - Meter 'api calls': a key cannot be written so. Use letters a-z and A-Z, digits, '-', '_' and '.', at most 64 in all.
            - Plan 'pro' has the same key as plan 'pro'. Rename or remove one: keys are unique among plans and add-ons, also when upper and lower case are not told apart.
            - Plan 'pro' has no price. Give it one, or make it Free.
            - Plan 'pro' has a trial of 0 days. Give it 1 to 730 days, or leave the trial out.
            - Add-on 'boost', price 1: 'XXQ' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.
            - Coupon 'launch' takes 120 percent off. Give a percentage above 0 and up to 100.
            - Coupon 'launch' is only for 'team', which is no plan and no add-on. Use one of 'pro', 'boost'.
            """.ReplaceLineEndings("\n"),
            message);
    }

    [Fact]
    public void NothingDeclared_IsNoFault() => Assert.Empty(Catalogs.Build(_ => { }).Plans);

    [Fact]
    public void UnusedMeter_IsNoFault() => Assert.Equal("api_calls", Assert.Single(Catalogs.Build(builder => builder.AddMeter("api_calls")).Meters).Key);

    [Fact]
    public void KeysOnceEach_AreNoFault_AcrossPlansCouponsAndMeters()
    {
        var catalog = Catalogs.Build(builder => builder
            .AddMeter("pro")
            .AddCoupon("pro", coupon => coupon.PercentOff(5m))
            .AddPlan("pro", plan => plan.Monthly().Feature("pro")));

        Assert.Equal("pro", catalog["pro"].Key);
        Assert.Equal("pro", catalog.GetCoupon("pro").Key);
        Assert.Equal("pro", catalog.GetMeter("pro").Key);
    }

    [Theory]
    [InlineData("pro plan")]
    [InlineData("pro/usd")]
    [InlineData("pro:usd")]
    [InlineData("größe")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void Key_WithWhatIsNotAllowed(string key)
    {
        Assert.Equal($"Plan '{key}': a key cannot be written so. {KeyRule}", Catalogs.FaultOf(builder => builder.AddPlan(key, plan => plan.Free())));
        Assert.Equal($"Coupon '{key}': a key cannot be written so. {KeyRule}", Catalogs.FaultOf(builder => builder.AddCoupon(key, coupon => coupon.PercentOff(1m))));
        Assert.Equal($"Meter '{key}': a key cannot be written so. {KeyRule}", Catalogs.FaultOf(builder => builder.AddMeter(key)));
        Assert.Equal($"Plan 'pro' has a feature '{key}', and a key cannot be written so. {KeyRule}", Catalogs.FaultOfPlan(plan => plan.Free().Feature(key)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("Pro-2_beta.1")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void Key_WithWhatIsAllowed(string key) =>
        Assert.Equal(key, Catalogs.Build(builder => builder.AddPlan(key, plan => plan.Free()))[key].Key);

    [Fact]
    public void AddOn_WithThePlansKey() => Assert.Equal(
        "Add-on 'pro' has the same key as plan 'pro'. Rename or remove one: keys are unique among plans and add-ons, also when upper and lower case are not told apart.",
        Catalogs.FaultOf(builder => builder.AddPlan("pro", plan => plan.Monthly()).AddAddOn("pro", addOn => addOn.Monthly(5m))));

    [Fact]
    public void Keys_ThatDifferInCaseOnly()
    {
        Assert.Equal(
            "Plan 'Pro' has the same key as plan 'pro'. Rename or remove one: keys are unique among plans and add-ons, also when upper and lower case are not told apart.",
            Catalogs.FaultOf(builder => builder.AddPlan("pro", plan => plan.Free()).AddPlan("Pro", plan => plan.Free())));
        Assert.Equal(
            "Coupon 'LAUNCH' has the same key as coupon 'launch'. Rename or remove one: keys are unique among coupons, also when upper and lower case are not told apart.",
            Catalogs.FaultOf(builder => builder.AddCoupon("launch", coupon => coupon.PercentOff(5m)).AddCoupon("LAUNCH", coupon => coupon.PercentOff(5m))));
        Assert.Equal(
            "Meter 'API' has the same key as meter 'api'. Rename or remove one: keys are unique among meters, also when upper and lower case are not told apart.",
            Catalogs.FaultOf(builder => builder.AddMeter("api").AddMeter("API")));
    }

    [Fact]
    public void Feature_WrittenInTwoWays() => Assert.Equal(
        "Plan 'team' writes feature 'Export' as plan 'pro' does not: 'export'. Write it one way.",
        Catalogs.FaultOf(builder => builder
            .AddPlan("pro", plan => plan.Free().Feature("export"))
            .AddPlan("team", plan => plan.Free().Feature("Export"))));

    [Fact]
    public void Plan_WithoutPrice() => Assert.Equal("Plan 'pro' has no price. Give it one, or make it Free.", Catalogs.FaultOfPlan(_ => { }));

    [Fact]
    public void FreePlan_WithPrice() => Assert.Equal("Plan 'pro' is Free and has prices. Remove Free, or the prices.", Catalogs.FaultOfPlan(plan => plan.Free().Monthly()));

    [Theory(DisplayName = "B-27: a free plan has no trial, whatever it would end in")]
    [InlineData(TrialEndBehavior.Cancel)]
    [InlineData(TrialEndBehavior.Pause)]
    [InlineData(TrialEndBehavior.CreateInvoice)]
    public void FreePlan_WithTrial(TrialEndBehavior end) => Assert.Equal(
        $"Plan 'pro' is Free and has a trial, which would end in {end} with nothing to pay for. Remove the trial, or give the plan a price in place of Free.",
        Catalogs.FaultOfPlan(plan => plan.Free().Trial(14, whenNoPaymentMethod: end)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(731)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Trial_OfALengthThatDoesNotExist(int days) => Assert.Equal(
        $"Plan 'pro' has a trial of {days} days. Give it 1 to 730 days, or leave the trial out.",
        Catalogs.FaultOfPlan(plan => plan.Monthly().Trial(days)));

    [Theory]
    [InlineData(1)]
    [InlineData(730)]
    public void Trial_OfTheShortestAndTheLongest(int days) => Assert.Equal(days, Catalogs.Plan(plan => plan.Monthly().Trial(days)).Trial!.Days);

    [Fact]
    public void AddOn_WithoutPrice() => Assert.Equal(
        "Add-on 'boost' has no price. Give it one.",
        Catalogs.FaultOf(builder => builder.AddAddOn("boost", _ => { })));

    [Fact]
    public void AddOn_ThatIsFree() => Assert.Equal(
        "Add-on 'boost' is Free, which only a plan can be. Give it a price, of zero if it costs nothing.",
        Catalogs.FaultOf(builder => builder.AddAddOn("boost", addOn => addOn.Free())));

    [Fact]
    public void AddOn_WithTrial() => Assert.Equal(
        "Add-on 'boost' has a trial, which only a plan can have. Remove it: add-ons are free while the plan is on trial.",
        Catalogs.FaultOf(builder => builder.AddPlan("pro", plan => plan.Monthly()).AddAddOn("boost", addOn => addOn.Monthly(5m).Trial(7))));

    [Fact]
    public void AddOn_ThatNoPlanFits() => Assert.Equal(
        "Add-on 'boost' is sold in EUR/month, USD/3 months, but plans are sold in USD/month, USD/year, so that nobody could have it. Give it a price in a currency and interval of a plan.",
        Catalogs.FaultOf(builder => builder
            .AddPlan("pro", plan => plan.Monthly().PricePerSeat(1m, "USD", BillingInterval.Monthly).Price(290m, "USD", BillingInterval.Yearly))
            .AddAddOn("boost", addOn => addOn.Price(5m, "EUR", BillingInterval.Monthly).Price(5m, "USD", BillingInterval.Quarterly))));

    [Fact]
    public void AddOn_BesideFreePlansOnly() => Assert.Equal(
        "Add-on 'boost' is sold in USD/month, but no plan has a price, so that nobody could have it. Give it a price in a currency and interval of a plan.",
        Catalogs.FaultOf(builder => builder.AddPlan("free", plan => plan.Free()).AddAddOn("boost", addOn => addOn.Monthly())));

    [Fact]
    public void AddOn_ThatFitsOnePlanInOneWay_IsNoFault()
    {
        var catalog = Catalogs.Build(builder => builder
            .AddAddOn("boost", addOn => addOn.Monthly().Price(5m, "EUR", BillingInterval.Weekly))
            .AddPlan("free", plan => plan.Free())
            .AddPlan("team", plan => plan.Price(5m, "EUR", BillingInterval.Weekly)));

        Assert.Equal(2, catalog.GetAddOn("boost").Prices.Count);
    }

    [Fact]
    public void Meter_ThatIsUnknown()
    {
        Assert.Equal(
            "Plan 'pro' has a price for meter 'api_cals', which there is not. Add it with AddMeter(\"api_cals\"), or use one of 'api_calls', 'storage'.",
            Catalogs.FaultOf(builder => builder
                .AddPlan("pro", plan => plan.Metered("api_cals", 1m, "USD", BillingInterval.Monthly).Metered("api_cals", 1m, "EUR", BillingInterval.Monthly))
                .AddMeter("api_calls").AddMeter("storage")));
        Assert.Equal(
            "Plan 'pro' has a price for meter 'api_calls', but there are no meters. Add it with AddMeter(\"api_calls\").",
            Catalogs.FaultOfPlan(plan => plan.Metered("api_calls", 1m, "USD", BillingInterval.Monthly)));
    }

    [Fact]
    public void Meter_DeclaredAfterItsPlan_IsNoFault()
    {
        var catalog = Catalogs.Build(builder => builder
            .AddPlan("pro", plan => plan.Metered("api_calls", 1m, "USD", BillingInterval.Monthly))
            .AddMeter("api_calls"));

        Assert.Equal("api_calls", Assert.Single(catalog["pro"].Prices).Meter);
    }

    [Fact]
    public void Feature_Twice() => Assert.Equal(
        "Plan 'pro' has feature 'export' twice. Keep one.",
        Catalogs.FaultOfPlan(plan => plan.Free().Feature("export").Feature("export", 5)));

    [Fact]
    public void Feature_WithANegativeLimit() => Assert.Equal(
        "Plan 'pro' limits feature 'projects' to -1. Give a limit of zero or more, or none if it is unlimited.",
        Catalogs.FaultOfPlan(plan => plan.Free().Feature("projects", -1)));

    [Fact]
    public void Feature_WithALimitOfZeroOrEnormous_IsNoFault() => Assert.Equal(
        [new("none", 0), new("all", long.MaxValue)],
        Catalogs.Plan(plan => plan.Free().Feature("none", 0).Feature("all", long.MaxValue)).Features);

    [Fact]
    public void Metadata_BeyondItsBounds()
    {
        Assert.Equal(
            "Plan 'pro' has 51 entries of metadata. Keep at most 50.",
            Catalogs.FaultOfPlan(plan => AddMetadata(plan.Free(), 51, i => $"key{i}", "value")));
        Assert.Equal(
            "Plan 'pro' has metadata 'a[0]', and a key cannot be written so. Use at most 40 characters, and no square brackets.",
            Catalogs.FaultOfPlan(plan => plan.Free().Metadata("a[0]", "value")));
        Assert.Equal(
            $"Plan 'pro' has metadata '{new string('k', 41)}', and a key cannot be written so. Use at most 40 characters, and no square brackets.",
            Catalogs.FaultOfPlan(plan => plan.Free().Metadata(new string('k', 41), "value")));
        Assert.Equal(
            "Plan 'pro' has metadata 'key' with 501 characters. Use at most 500.",
            Catalogs.FaultOfPlan(plan => plan.Free().Metadata("key", new string('v', 501))));
    }

    [Fact]
    public void Metadata_AtItsBounds_IsNoFault()
    {
        var plan = Catalogs.Plan(plan => AddMetadata(plan.Free(), 50, i => $"{i:D40}", new string('v', 500)));

        Assert.Equal(50, plan.Metadata.Count);
    }

    private static void AddMetadata(PlanBuilder plan, int count, Func<int, string> key, string value)
    {
        for (var i = 0; i < count; i++)
            plan.Metadata(key(i), value);
    }
}
