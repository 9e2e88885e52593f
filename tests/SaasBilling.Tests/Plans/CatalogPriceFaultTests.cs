namespace SaasBilling.Tests.Plans;

public class CatalogPriceFaultTests
{
    private static readonly BillingInterval Month = BillingInterval.Monthly;

    [Fact]
    public void Price_Twice()
    {
        const string Mend = "There is another one like it. Remove one, or change its currency or interval.";

        Assert.Equal($"Plan 'pro', price pro/usd/month: {Mend}", Fault(plan => plan.Price(29m, "USD", Month).Price(39m, "usd", Month)));
        Assert.Equal($"Plan 'pro', price pro/seat/usd/month: {Mend}", Fault(plan => plan.PricePerSeat(29m, "USD", Month).PricePerSeat("USD", Month, tiers => tiers.Beyond(1m))));
        Assert.Equal($"Plan 'pro', price pro/api_calls/usd/month: {Mend}", Fault(plan => plan.Metered("api_calls", 1m, "USD", Month).Metered("api_calls", "USD", Month, tiers => tiers.Beyond(1m))));
    }

    [Fact]
    public void Price_OfEveryKindMeterCurrencyAndInterval_IsNoFault()
    {
        var plan = Catalogs.Plan(plan => plan
            .Price(1m, "USD", Month).Price(1m, "EUR", Month).Price(1m, "USD", BillingInterval.Yearly).Price(1m, "USD", new BillingInterval(IntervalUnit.Month, 12))
            .PricePerSeat(1m, "USD", Month)
            .Metered("api_calls", 1m, "USD", Month).Metered("storage", 1m, "USD", Month));

        Assert.Equal(
            ["pro/usd/month", "pro/eur/month", "pro/usd/year", "pro/usd/12-month", "pro/seat/usd/month", "pro/api_calls/usd/month", "pro/storage/usd/month"],
            plan.Prices.Select(price => price.Key));
    }

    [Fact]
    public void Currency_ThatIsNone()
    {
        Assert.Equal(
            "Plan 'pro', price 2: 'DOLLARS' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.",
            Fault(plan => plan.Monthly().Price(1m, "DOLLARS", Month)));
        Assert.Equal(
            "Plan 'pro', price 1: 'XAU' has no minor unit in ISO 4217, so nothing can be billed in it. Use a currency such as 'USD' or 'EUR'.",
            Fault(plan => plan.Price(1m, "XAU", Month)));
    }

    [Fact]
    public void Interval_ThatIsNone() => Assert.Equal(
        "Plan 'pro', price 1: It has no interval. Give it one such as BillingInterval.Monthly.",
        Fault(plan => plan.Price(1m, "USD", default)));

    [Fact]
    public void Amount_BelowZero() => Assert.Equal(
        "Plan 'pro', price pro/usd/month: The amount is -1, less than zero. Use zero or more; for money off, use a coupon.",
        Fault(plan => plan.Monthly(-1m)));

    [Fact]
    public void Amount_WithMoreThanTwelveDecimals() => Assert.Equal(
        "Plan 'pro', price pro/api_calls/usd/month: The amount is 0.0000000000001, with more than 12 decimals. Round it to 12.",
        Fault(plan => plan.Metered("api_calls", 0.0000000000001m, "USD", Month)));

    [Fact]
    public void Amount_WithTwelveDecimals_IsNoFault() =>
        Assert.Equal(0.000000000001m, Assert.Single(Catalogs.Plan(plan => plan.Metered("api_calls", 0.000000000001m, "USD", Month)).Prices).UnitAmount);

    [Fact]
    public void Amount_ThatIsEnormous()
    {
        Assert.Equal(
            "Plan 'pro', price pro/usd/month: 79228162514264337593543950335 USD is more than an amount can hold. Use at most 92233720368547758.07 USD.",
            Fault(plan => plan.Monthly(decimal.MaxValue)));
        Assert.Equal(
            "Plan 'pro', price pro/seat/jpy/month: 9223372036854775808 JPY is more than an amount can hold. Use at most 9223372036854775807 JPY.",
            Fault(plan => plan.PricePerSeat("JPY", Month, tiers => tiers.UpTo(5, 1m, 9223372036854775808m).Beyond(1m))));
        Assert.Equal(
            "Plan 'pro', price pro/api_calls/usd/month: 1000000000000000000 USD is more than an amount can hold. Use at most 92233720368547758.07 USD.",
            Fault(plan => plan.Metered("api_calls", "USD", Month, tiers => tiers.Package(1, 1_000_000_000_000_000_000m))));
    }

    [Fact]
    public void Tiers_ThatAreWrong()
    {
        Assert.Equal(
            """
            The billing catalog has 3 faults:
            - Plan 'pro', price pro/api_calls/usd/month: Tier 1 ends at unit 0. Let it end at 1 or later.
            - Plan 'pro', price pro/api_calls/usd/month: Tier 3's unit amount is -1, less than zero. Use zero or more; for money off, use a coupon.
            - Plan 'pro', price pro/api_calls/usd/month: The last tier ends at unit 9, so more units would have no price. Call Beyond(…) after the last UpTo(…).
            """.ReplaceLineEndings("\n"),
            Catalogs.FaultsOf(builder => builder.AddMeter("api_calls").AddPlan("pro", plan => plan
                .Metered("api_calls", "USD", Month, tiers => tiers.UpTo(0, 1m).UpTo(5, 1m).UpTo(9, -1m)))));
        Assert.Equal(
            "Plan 'pro', price pro/api_calls/usd/month: It has neither an amount nor tiers nor a package. Give an amount, UpTo(…)/Beyond(…), or Package(…).",
            Fault(plan => plan.Metered("api_calls", "USD", Month, _ => { })));
        Assert.Equal(
            "Plan 'pro', price pro/seat/usd/month: It mixes an amount, tiers and a package. Keep one of them.",
            Fault(plan => plan.PricePerSeat("USD", Month, tiers => tiers.Beyond(1m).Package(10, 5m))));
    }

    [Fact]
    public void Meter_CalledSeat() => Assert.Equal(
        "Plan 'pro', price pro/seat/usd/month: A meter cannot be called 'seat': the key of its price would be that of the seats. Use another name, such as 'active_seats'.",
        Catalogs.FaultOf(builder => builder.AddMeter("seat").AddPlan("pro", plan => plan.Metered("seat", 1m, "USD", Month))));

    [Fact]
    public void WrongPriceOfAPlan_IsNotReportedAsAMissingOne_NorAgainstAddOns() => Assert.Equal(
        "Plan 'pro', price 1: 'EUX' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.",
        Catalogs.FaultOf(builder => builder
            .AddPlan("pro", plan => plan.Price(1m, "EUX", Month))
            .AddAddOn("boost", addOn => addOn.Price(1m, "EUR", Month))));

    private static string Fault(Action<PlanBuilder> plan) => Catalogs.FaultOf(builder => builder.AddMeter("api_calls").AddMeter("storage").AddPlan("pro", plan));
}
