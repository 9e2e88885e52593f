namespace SaasBilling.Tests.Plans;

public class PlanConfigurationFaultTests
{
    private const string Intervals = "day, week, month, quarter, year, or a number of them, such as \"3 months\"";
    private const string PriceProperties = "Amount, PerSeat, Meter, Tiers, TierMode, Package, Currency or Interval";

    [Fact]
    public void FaultsOfConfigurationAndOfCode_AreInOneMessage()
    {
        var configuration = Catalogs.Json(
            """
            { "Billing": {
                "Plan": { },
                "Plans": { "pro": { "Nmae": "Pro", "Trial": { "Days": "two" }, "Prices": [ { "Amount": "29 USD", "Currency": "USD", "Interval": "month" } ] } },
                "Coupons": { "launch": { "PercentOff": 120 } } } }
            """);

        Assert.Equal(
            """
            The billing catalog has 6 faults:
            - Billing:Plan is not known. Use Plans, AddOns, Coupons or Meters, or remove it.
            - Billing:Plans:pro:Nmae is not known. Use Key, Name, Description, Free, Trial, Prices, Features or Metadata, or remove it.
            - Billing:Plans:pro:Trial:Days is 'two'. Write a whole number.
            - Billing:Plans:pro:Prices:0:Amount is '29 USD'. Write a number with a decimal point, such as 29.99.
            - Plan 'team' has no price. Give it one, or make it Free.
            - Coupon 'launch' (Billing:Coupons:launch) takes 120 percent off. Give a percentage above 0 and up to 100.
            """.ReplaceLineEndings("\n"),
            Catalogs.FaultsOf(builder => builder.AddPlan("team", _ => { }).AddPlans(configuration.GetSection("Billing"))));
    }

    [Fact]
    public void Section_ThatIsNotThere() => Assert.Equal(
        "Configuration section 'Billing' has no Plans, AddOns, Coupons or Meters. Pass the section that holds them, and check its name.",
        Catalogs.FaultOfJson("""{ "Bililng": { "Plans": { } } }"""));

    [Fact]
    public void Section_WithinPlans() => Assert.Equal(
        "Configuration section 'Billing:Plans' has no Plans, AddOns, Coupons or Meters. Pass the section that holds them, and check its name.",
        Catalogs.FaultOf(builder => builder.AddPlans(Catalogs.Json("""{ "Billing": { "Plans": { "pro": { "Free": true } } } }""").GetSection("Billing:Plans"))));

    [Fact]
    public void Root_WithoutPlans() => Assert.Equal(
        "The configuration has no Plans, AddOns, Coupons or Meters. Pass the section that holds them, and check its name.",
        Catalogs.FaultOf(builder => builder.AddPlans(Catalogs.Json("""{ "Billing": { } }"""))));

    [Theory]
    [InlineData("""{ "Plans": "pro" }""", "Billing:Plans is 'pro'. Write an object with a plan for each key, or a list.")]
    [InlineData("""{ "AddOns": "boost" }""", "Billing:AddOns is 'boost'. Write an object with an add-on for each key, or a list.")]
    [InlineData("""{ "Coupons": "launch" }""", "Billing:Coupons is 'launch'. Write an object with a coupon for each key, or a list.")]
    [InlineData("""{ "Meters": "api_calls" }""", "Billing:Meters is 'api_calls'. Write an object with a meter for each key, or a list.")]
    [InlineData("""{ "Plans": { "pro": "Free" } }""", "Billing:Plans:pro is 'Free'. Write an object with Key, Name, Description, Free, Trial, Prices, Features or Metadata.")]
    [InlineData("""{ "AddOns": { "boost": 10 } }""", "Billing:AddOns:boost is '10'. Write an object with Key, Name, Description, Prices, Features or Metadata.")]
    [InlineData("""{ "Coupons": { "launch": 20 } }""", "Billing:Coupons:launch is '20'. Write an object with Key, PercentOff, AmountOff, Currency, Duration, DurationInMonths, MaxRedemptions, RedeemBy or OnlyFor.")]
    [InlineData("""{ "Plans": [ { "Name": "Pro", "Free": true } ] }""", "Billing:Plans:0 has no Key. Give each entry of a list its Key.")]
    [InlineData("""{ "Plans": [ "pro" ] }""", "Billing:Plans:0 has no Key. Give each entry of a list its Key.")]
    [InlineData("""{ "Plans": [ { "Key": " ", "Free": true } ] }""", "Billing:Plans:0:Key is empty. Write a text, or remove it.")]
    [InlineData("""{ "Plans": { "pro": { "Key": "team", "Free": true } } }""", "Billing:Plans:pro:Key is 'team', but the key is already 'pro'. Remove Key.")]
    [InlineData("""{ "Plans": { "pro plan": { "Free": true } } }""", "Plan 'pro plan' (Billing:Plans:pro plan): a key cannot be written so. Use letters a-z and A-Z, digits, '-', '_' and '.', at most 64 in all.")]
    [InlineData("""{ "Plans": [ { "Key": "pro", "Free": true }, { "Key": "pro", "Free": true } ] }""", "Plan 'pro' (Billing:Plans:1) has the same key as plan 'pro' (Billing:Plans:0). Rename or remove one: keys are unique among plans and add-ons, also when upper and lower case are not told apart.")]
    [InlineData("""{ "AddOns": { "boost": { "Free": true, "Prices": [ ] } } }""", "Billing:AddOns:boost:Free is not known. Use Key, Name, Description, Prices, Features or Metadata, or remove it.", "Add-on 'boost' (Billing:AddOns:boost) has no price. Give it one.")]
    [InlineData("""{ "Meters": { "api_calls": "Average" } }""", "Billing:Meters:api_calls is 'Average'. Write Sum, Count, Max or Last.")]
    [InlineData("""{ "Meters": { "api_calls": { "Aggregation": 1, "Unit": "call" } } }""", "Billing:Meters:api_calls:Unit is not known. Use Key or Aggregation, or remove it.", "Billing:Meters:api_calls:Aggregation is '1'. Write Sum, Count, Max or Last.")]
    public void Catalog_ThatIsWrong(string json, params string[] faults) => AssertFaults(json, faults);

    [Theory]
    [InlineData("\"Name\": \"\"", "Billing:Plans:pro:Name is empty. Write a text, or remove it.")]
    [InlineData("\"Name\": { \"en\": \"Pro\" }", "Billing:Plans:pro:Name has properties of its own. Write a text.")]
    [InlineData("\"Trial\": \"two weeks\"", "Billing:Plans:pro:Trial is 'two weeks'. Write a whole number.")]
    [InlineData("\"Trial\": 14.5", "Billing:Plans:pro:Trial is '14.5'. Write a whole number.")]
    [InlineData("\"Trial\": { \"Length\": 14 }", "Billing:Plans:pro:Trial:Length is not known. Use Days, RequirePaymentMethod or WhenNoPaymentMethod, or remove it.", "Billing:Plans:pro:Trial has no Days. Write how long the trial is, such as \"Days\": 14.")]
    [InlineData("\"Trial\": { \"Days\": 14, \"RequirePaymentMethod\": \"yes\" }", "Billing:Plans:pro:Trial:RequirePaymentMethod is 'yes'. Write true or false.")]
    [InlineData("\"Trial\": { \"Days\": 14, \"WhenNoPaymentMethod\": \"Stop\" }", "Billing:Plans:pro:Trial:WhenNoPaymentMethod is 'Stop'. Write Cancel, Pause or CreateInvoice.")]
    [InlineData("\"Trial\": { \"Days\": 800 }", "Plan 'pro' (Billing:Plans:pro) has a trial of 800 days. Give it 1 to 730 days, or leave the trial out.")]
    [InlineData("\"Free\": true", "Plan 'pro' (Billing:Plans:pro) is Free and has prices. Remove Free, or the prices.")]
    [InlineData("\"Free\": \"no\"", "Billing:Plans:pro:Free is 'no'. Write true or false.")]
    [InlineData("\"Features\": \"export\"", "Billing:Plans:pro:Features is 'export'. Write an object with true or a limit for each key, or a list.")]
    [InlineData("\"Features\": { \"export\": \"yes\" }", "Billing:Plans:pro:Features:export is 'yes'. Write true, false, \"unlimited\" or a limit that is a whole number.")]
    [InlineData("\"Features\": { \"export\": null }", "Billing:Plans:pro:Features:export is empty. Write true, false, \"unlimited\" or a limit that is a whole number.")]
    [InlineData("\"Features\": { \"export\": { \"Limit\": 5 } }", "Billing:Plans:pro:Features:export has properties of its own. Write true, false, \"unlimited\" or a limit that is a whole number.")]
    [InlineData("\"Features\": [ { \"Limit\": 5 } ]", "Billing:Plans:pro:Features:0:Key is missing. Write a text.")]
    [InlineData("\"Features\": [ { \"Key\": \"a\", \"Max\": 5 } ]", "Billing:Plans:pro:Features:0:Max is not known. Use Key or Limit, or remove it.")]
    [InlineData("\"Features\": [ { \"Key\": \"a\", \"Limit\": \"x\" } ]", "Billing:Plans:pro:Features:0:Limit is 'x'. Write true, false, \"unlimited\" or a limit that is a whole number.")]
    [InlineData("\"Features\": { \"projects\": -1 }", "Plan 'pro' (Billing:Plans:pro) limits feature 'projects' to -1. Give a limit of zero or more, or none if it is unlimited.")]
    [InlineData("\"Metadata\": \"tier\"", "Billing:Plans:pro:Metadata is 'tier'. Write an object with a text for each key.")]
    [InlineData("\"Metadata\": { \"tier\": { \"a\": 1 } }", "Billing:Plans:pro:Metadata:tier has properties of its own. Write a text.")]
    public void Plan_ThatIsWrong(string property, params string[] faults) => AssertFaults(
        $$"""{ "Plans": { "pro": { {{property}}, "Prices": [ { "Amount": 5, "Currency": "USD", "Interval": "month" } ] } } }""",
        faults);

    [Fact]
    public void FeatureOff_WrittenInTwoWays() => AssertFaults(
        """{ "Plans": { "a": { "Free": true, "Features": { "Export": false } }, "b": { "Free": true, "Features": { "export": true } } } }""",
        "Plan 'a' (Billing:Plans:a) writes feature 'Export' as plan 'b' (Billing:Plans:b) does not: 'export'. Write it one way.");

    [Theory]
    [InlineData("\"29 USD\"", "Billing:Plans:pro:Prices is '29 USD'. Write a list of prices.", "Plan 'pro' (Billing:Plans:pro) has no price. Give it one, or make it Free.")]
    [InlineData("[ 29 ]", $"Billing:Plans:pro:Prices:0 is '29'. Write an object with {PriceProperties}.")]
    [InlineData("[ { \"Price\": 5, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", $"Billing:Plans:pro:Prices:0:Price is not known. Use {PriceProperties}, or remove it.")]
    [InlineData("[ { \"Amount\": 5 } ]", "Billing:Plans:pro:Prices:0 has no Currency. Write an ISO 4217 code, such as \"USD\".", $"Billing:Plans:pro:Prices:0 has no Interval. Write {Intervals}.")]
    [InlineData("[ { \"Amount\": \"1,000\", \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Amount is '1,000'. Write a number with a decimal point, such as 29.99.")]
    [InlineData("[ { \"Amount\": 1e3, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Amount is '1e3'. Write a number with a decimal point, such as 29.99.")]
    [InlineData("[ { \"Amount\": 0.00000000000000000000000000001, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Amount is '0.00000000000000000000000000001'. Write a number with a decimal point, such as 29.99.")]
    [InlineData("[ { \"Amount\": 5, \"Currency\": \"USD\", \"Interval\": \"fortnight\" } ]", $"Billing:Plans:pro:Prices:0:Interval is 'fortnight'. Write {Intervals}.")]
    [InlineData("[ { \"Amount\": 5, \"Currency\": \"USD\", \"Interval\": \"4 years\" } ]", "Billing:Plans:pro:Prices:0:Interval is '4 years'. A billing interval of 4 years is longer than three years. Use at most 3 years.")]
    [InlineData("[ { \"Amount\": 5, \"Currency\": \"USD\", \"Interval\": { \"Unit\": \"Month\" } } ]", $"Billing:Plans:pro:Prices:0:Interval has properties of its own. Write {Intervals}.")]
    [InlineData("[ { \"Amount\": 5, \"Currency\": \"EUX\", \"Interval\": \"month\" } ]", "Plan 'pro', price 1 (Billing:Plans:pro:Prices:0): 'EUX' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.")]
    [InlineData("[ { \"Amount\": -5, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Plan 'pro', price pro/usd/month (Billing:Plans:pro:Prices:0): The amount is -5, less than zero. Use zero or more; for money off, use a coupon.")]
    [InlineData("[ { \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0 has neither an Amount nor Tiers nor a Package. Add one of them.")]
    [InlineData("[ { \"PerSeat\": true, \"Amount\": 5, \"Package\": { \"Units\": 10, \"Amount\": 1 }, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0 mixes Amount, Tiers and Package. Keep one of them.")]
    [InlineData("[ { \"PerSeat\": true, \"Tiers\": [ { \"UnitAmount\": 2 }, { \"UpTo\": 9, \"UnitAmount\": 1 } ], \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Tiers:0 has no UpTo, but is not the last tier. Write the last unit that it is for.", "Billing:Plans:pro:Prices:0:Tiers end at unit 9, so more units would have no price. Add a last tier without UpTo.")]
    [InlineData("[ { \"PerSeat\": true, \"Tiers\": [ { \"UpTo\": 9, \"UnitAmount\": 1 }, { \"UpTo\": 5, \"UnitAmount\": 1 }, { \"UnitAmount\": 1 } ], \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Plan 'pro', price pro/seat/usd/month (Billing:Plans:pro:Prices:0): Tier 2 ends at unit 5, but the tier before it ends at 9. Put the tiers in ascending order.")]
    [InlineData("[ { \"Meter\": \"api_calls\", \"Amount\": 5, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Plan 'pro' (Billing:Plans:pro) has a price for meter 'api_calls', but there are no meters. Add it to Meters.")]
    [InlineData("[ { \"PerSeat\": true, \"Meter\": \"api_calls\", \"Amount\": 5, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0 has both PerSeat and Meter. Keep one of them.")]
    [InlineData("[ { \"Tiers\": [ { \"UnitAmount\": 1 } ], \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0 has Tiers or a Package, but not what they count. Add \"PerSeat\": true, or a Meter.")]
    [InlineData("[ { \"PerSeat\": true, \"Tiers\": [ { \"UpTo\": 5 } ], \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Tiers:0 has neither UnitAmount nor FlatAmount. Write what the tier costs, 0 if nothing.")]
    [InlineData("[ { \"PerSeat\": true, \"Tiers\": [ { \"To\": 5, \"UnitAmount\": 1 } ], \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Tiers:0:To is not known. Use UpTo, UnitAmount or FlatAmount, or remove it.")]
    [InlineData("[ { \"PerSeat\": true, \"Tiers\": [ { \"UpTo\": 5.5, \"UnitAmount\": 1 } ], \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Tiers:0:UpTo is '5.5'. Write a whole number.")]
    [InlineData("[ { \"PerSeat\": true, \"Tiers\": 5, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Tiers is '5'. Write a list of tiers.")]
    [InlineData("[ { \"PerSeat\": true, \"TierMode\": \"Steps\", \"Tiers\": [ { \"UnitAmount\": 1 } ], \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:TierMode is 'Steps'. Write Graduated or Volume.")]
    [InlineData("[ { \"PerSeat\": true, \"Package\": { \"Units\": 10 }, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Package needs both Units and Amount. Write how many units a package has and what it costs.")]
    [InlineData("[ { \"PerSeat\": true, \"Package\": 10, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Billing:Plans:pro:Prices:0:Package is '10'. Write an object with Units or Amount.")]
    [InlineData("[ { \"PerSeat\": true, \"Package\": { \"Units\": 0, \"Amount\": 1 }, \"Currency\": \"USD\", \"Interval\": \"month\" } ]", "Plan 'pro', price pro/seat/usd/month (Billing:Plans:pro:Prices:0): A package of 0 units cannot be sold. Put at least one unit in it.")]
    public void Price_ThatIsWrong(string prices, params string[] faults) => AssertFaults($$"""{ "Plans": { "pro": { "Prices": {{prices}} } } }""", faults);

    [Theory]
    [InlineData("{ }", "Coupon 'launch' (Billing:Coupons:launch) takes nothing off. Give it PercentOff or AmountOff.")]
    [InlineData("{ \"PercentOff\": \"20%\" }", "Billing:Coupons:launch:PercentOff is '20%'. Write a number with a decimal point, such as 29.99.")]
    [InlineData("{ \"AmountOff\": 5 }", "Billing:Coupons:launch has AmountOff, but no Currency. Write an ISO 4217 code, such as \"USD\".")]
    [InlineData("{ \"PercentOff\": 5, \"Currency\": \"USD\" }", "Billing:Coupons:launch has a Currency, but no AmountOff. Remove Currency, or write an AmountOff.")]
    [InlineData("{ \"PercentOff\": 5, \"Duration\": \"Always\", \"DurationInMonths\": 3 }", "Billing:Coupons:launch:Duration is 'Always'. Write Once, Repeating or Forever.")]
    [InlineData("{ \"PercentOff\": 5, \"Duration\": \"Repeating\", \"DurationInMonths\": \"three\" }", "Billing:Coupons:launch:DurationInMonths is 'three'. Write a whole number.")]
    [InlineData("{ \"PercentOff\": 5, \"Duration\": \"Repeating\" }", "Coupon 'launch' (Billing:Coupons:launch) repeats, but not for how long. Give it DurationInMonths.")]
    [InlineData("{ \"PercentOff\": 5, \"DurationInMonths\": 3 }", "Coupon 'launch' (Billing:Coupons:launch) has DurationInMonths, but its duration is Once. Make it Repeating, or remove DurationInMonths.")]
    [InlineData("{ \"PercentOff\": 5, \"MaxRedemptions\": \"many\" }", "Billing:Coupons:launch:MaxRedemptions is 'many'. Write a whole number.")]
    [InlineData("{ \"PercentOff\": 5, \"MaxRedemptions\": 99999999999 }", "Billing:Coupons:launch:MaxRedemptions is '99999999999'. Write a whole number.")]
    [InlineData("{ \"PercentOff\": 5, \"RedeemBy\": \"31/12/2026\" }", "Billing:Coupons:launch:RedeemBy is '31/12/2026'. Write an instant, such as 2026-12-31T23:59:59Z; without an offset it is UTC.")]
    [InlineData("{ \"PercentOff\": 5, \"OnlyFor\": \"pro\" }", "Billing:Coupons:launch:OnlyFor is 'pro'. Write a list of plan and add-on keys.")]
    [InlineData("{ \"PercentOff\": 5, \"OnlyFor\": [ ] }", "Billing:Coupons:launch:OnlyFor names nothing. Name plans and add-ons, or remove it: then the coupon is for all.")]
    [InlineData("{ \"PercentOff\": 5, \"OnlyFor\": [ \"team\" ] }", "Coupon 'launch' (Billing:Coupons:launch) is only for 'team', but there are no plans and no add-ons. Add it, or remove OnlyFor.")]
    [InlineData("{ \"PercentOff\": 5, \"OnlyFor\": [ null ] }", "Billing:Coupons:launch:OnlyFor:0 is missing. Write a text.")]
    public void Coupon_ThatIsWrong(string coupon, params string[] faults) => AssertFaults($$"""{ "Coupons": { "launch": {{coupon}} } }""", faults);

    private static void AssertFaults(string billing, params string[] faults)
    {
        var heading = faults.Length == 1 ? "The billing catalog has a fault:" : $"The billing catalog has {faults.Length} faults:";
        Assert.Equal(
            string.Concat(faults.Select(fault => $"\n- {fault}").Prepend(heading)),
            Catalogs.FaultsOfJson($$"""{ "Billing": {{billing}} }"""));
    }
}
