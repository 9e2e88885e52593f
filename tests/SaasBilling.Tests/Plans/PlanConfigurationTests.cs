using System.Text;
using Microsoft.Extensions.Configuration;

namespace SaasBilling.Tests.Plans;

public class PlanConfigurationTests
{
    private const string Everything =
        """
        {
          "Billing": {
            "Meters": {
              "api_calls": "Sum",
              "exports": { "Aggregation": "count" },
              "storage": { "Aggregation": "Max" },
              "users": {}
            },
            "Plans": [
              { "Key": "pro",
                "Name": "Pro",
                "Description": "For teams",
                "Trial": { "Days": 14, "RequirePaymentMethod": true, "WhenNoPaymentMethod": "Pause" },
                "Prices": [
                  { "Amount": 29.99, "Currency": "USD", "Interval": "month" },
                  { "PerSeat": true, "Amount": 8, "Currency": "usd", "Interval": "monthly" },
                  { "PerSeat": true, "Currency": "EUR", "Interval": "year", "TierMode": "Volume",
                    "Tiers": [ { "UpTo": 10, "UnitAmount": 80, "FlatAmount": 5 }, { "UnitAmount": 60 } ] },
                  { "Meter": "api_calls", "Currency": "USD", "Interval": "month", "TierMode": "Graduated",
                    "Tiers": [ { "UpTo": 1000, "UnitAmount": 0 }, { "FlatAmount": 5, "UnitAmount": 0.002 } ] },
                  { "Meter": "exports", "Currency": "USD", "Interval": "3 months", "Package": { "Units": 100, "Amount": 5 } },
                  { "Meter": "storage", "Amount": 0.000000000001, "Currency": "USD", "Interval": "month" }
                ],
                "Features": { "export": true, "projects": 50, "seats": "unlimited", "sso": false },
                "Metadata": { "tier": "2", "empty": "" } },
              { "Key": "free", "Name": "Free", "Free": true, "Features": [ "export", { "Key": "projects", "Limit": 3 }, { "Key": "users" } ] },
              { "Key": "basic", "Prices": [ { "Amount": 5, "Currency": "USD", "Interval": "month" } ], "Trial": 7 }
            ],
            "AddOns": {
              "boost": {
                "Name": "Boost",
                "Description": "More of it",
                "Prices": [ { "Amount": 10, "Currency": "USD", "Interval": "month" } ],
                "Features": { "projects": 10 },
                "Metadata": { "team": "growth" }
              }
            },
            "Coupons": {
              "launch": {
                "PercentOff": 12.5, "Duration": "Repeating", "DurationInMonths": 3,
                "MaxRedemptions": 100, "RedeemBy": "2026-12-31T23:59:59Z", "OnlyFor": [ "pro", "boost" ]
              },
              "five": { "AmountOff": 5, "Currency": "USD", "Duration": "Forever" },
              "ten": { "AmountOff": 10.5, "Currency": "EUR" }
            }
          }
        }
        """;

    private static void DeclareEverything(ISaasBillingBuilder builder) => builder
        .AddMeter("api_calls")
        .AddMeter("exports", UsageAggregation.Count)
        .AddMeter("storage", UsageAggregation.Max)
        .AddMeter("users")
        .AddPlan("pro", plan => plan
            .Name("Pro")
            .Description("For teams")
            .Trial(14, requirePaymentMethod: true, TrialEndBehavior.Pause)
            .Price(29.99m, "USD", BillingInterval.Monthly)
            .PricePerSeat(8m, "USD", BillingInterval.Monthly)
            .PricePerSeat("EUR", BillingInterval.Yearly, tiers => tiers.Volume().UpTo(10, 80m, 5m).Beyond(60m))
            .Metered("api_calls", "USD", BillingInterval.Monthly, tiers => tiers.UpTo(1000, 0m).Beyond(0.002m, 5m))
            .Metered("exports", "USD", BillingInterval.Quarterly, tiers => tiers.Package(100, 5m))
            .Metered("storage", 0.000000000001m, "USD", BillingInterval.Monthly)
            .Feature("export").Feature("projects", 50).Feature("seats")
            .Metadata("tier", "2").Metadata("empty", ""))
        .AddPlan("free", plan => plan.Name("Free").Free().Feature("export").Feature("projects", 3).Feature("users"))
        .AddPlan("basic", plan => plan.Monthly(5m).Trial(7))
        .AddAddOn("boost", addOn => addOn.Name("Boost").Description("More of it").Monthly(10m).Feature("projects", 10).Metadata("team", "growth"))
        .AddCoupon("five", coupon => coupon.AmountOff(5m, "USD").Forever())
        .AddCoupon("launch", coupon => coupon
            .PercentOff(12.5m).Repeating(3).MaxRedemptions(100)
            .RedeemBy(new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero))
            .OnlyFor("pro", "boost"))
        .AddCoupon("ten", coupon => coupon.AmountOff(10.5m, "EUR"));

    [Fact]
    public void EveryProperty_ReadsAsDeclaredInCode()
    {
        var declared = Catalogs.Build(DeclareEverything);
        var read = Catalogs.FromJson(Everything);

        Assert.Equal(declared.Plans, read.Plans);
        Assert.Equal(declared.AddOns, read.AddOns);
        Assert.Equal(declared.Coupons, read.Coupons);
        Assert.Equal(declared.Meters, read.Meters);
    }

    [Fact]
    public void FeatureThatIsFalse_IsKnownButNotThePlans()
    {
        var read = Catalogs.FromJson(Everything);

        Assert.Equal(["export", "projects", "seats", "sso", "users"], read.Features.Order());
        Assert.DoesNotContain("sso", read["pro"].Features);
    }

    [Fact]
    public void Root_IsReadToo_WhateverElseItHolds()
    {
        var configuration = Catalogs.Json("""{ "Logging": { "LogLevel": "Debug" }, "plans": { "free": { "free": true } } }""");

        Assert.Equal("free", Assert.Single(Catalogs.Build(builder => builder.AddPlans(configuration)).Plans).Key);
    }

    [Fact]
    public void List_KeepsItsOrder_ObjectIsAlphabetical()
    {
        const string List = """{ "Billing": { "Plans": [ { "Key": "c", "Free": true }, { "Key": "a", "Free": true }, { "Key": "b", "Free": true } ] } }""";
        const string Object = """{ "Billing": { "Plans": { "c": { "Free": true }, "a": { "Free": true }, "b": { "Free": true } } } }""";

        Assert.Equal(["c", "a", "b"], Catalogs.FromJson(List).Plans.Select(plan => plan.Key));
        Assert.Equal(["a", "b", "c"], Catalogs.FromJson(Object).Plans.Select(plan => plan.Key));
    }

    [Fact]
    public void ListOfMoreThanTen_KeepsItsOrder()
    {
        var keys = Enumerable.Range(1, 12).Select(i => $"p{13 - i}").ToList();
        var entries = keys.Select((key, i) => KeyValuePair.Create<string, string?>($"Plans:{i}:Key", key))
            .Concat(keys.Select((_, i) => KeyValuePair.Create<string, string?>($"Plans:{i}:Free", "true")));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(entries).Build();

        Assert.Equal(keys, Catalogs.Build(builder => builder.AddPlans(configuration)).Plans.Select(plan => plan.Key));
    }

    [Fact]
    public void MetersInAList_MayBeNamesOnly()
    {
        var read = Catalogs.FromJson("""{ "Billing": { "Meters": [ "storage", { "Key": "api_calls", "Aggregation": "Last" } ] } }""");

        Assert.Equal([new Meter { Key = "storage" }, new Meter { Key = "api_calls", Aggregation = UsageAggregation.Last }], read.Meters);
    }

    [Fact]
    public void OtherProviders_Override()
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Everything)))
            .AddInMemoryCollection([new("Billing:Plans:2:Trial", "30"), new("Billing:AddOns:boost:Prices:0:Amount", "12")])
            .Build();
        var read = Catalogs.Build(builder => builder.AddPlans(configuration.GetSection("Billing")));

        Assert.Equal(30, read["basic"].Trial!.Days);
        Assert.Equal(12m, read.GetAddOn("boost").Prices[0].UnitAmount);
    }

    [Fact]
    public void Key_KeepsItsCase_WhereAnEnvironmentVariableIsInUpperCase()
    {
        const string Json = """{ "Plans": { "pro": { "Key": "pro", "Prices": [ { "Amount": 5, "Currency": "USD", "Interval": "month" } ] } } }""";
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Json)))
            .AddInMemoryCollection([new("PLANS:PRO:PRICES:0:AMOUNT", "6")])
            .Build();

        var plan = Assert.Single(Catalogs.Build(builder => builder.AddPlans(configuration)).Plans);

        Assert.Equal("pro", plan.Key);
        Assert.Equal(6m, plan.Prices[0].UnitAmount);
    }

    [Fact]
    public void CodeAndSeveralSections_AddUpInOrder()
    {
        var one = Catalogs.Json("""{ "Plans": { "one": { "Free": true } } }""");
        var three = Catalogs.Json("""{ "Plans": { "three": { "Free": true } } }""");

        var catalog = Catalogs.Build(builder => builder.AddPlans(one).AddPlan("two", plan => plan.Free()).AddPlans(three));

        Assert.Equal(["one", "two", "three"], catalog.Plans.Select(plan => plan.Key));
    }

    [Theory]
    [InlineData("\"2026-12-31\"", "2026-12-31T00:00:00Z")]
    [InlineData("\"2026-12-31T12:30\"", "2026-12-31T12:30:00Z")]
    [InlineData("\"2026-12-31T12:30:15.5+02:00\"", "2026-12-31T10:30:15.5Z")]
    public void RedeemBy_InItsForms(string json, string instant)
    {
        var coupon = Catalogs.FromJson($$"""{ "Billing": { "Coupons": { "a": { "PercentOff": 5, "RedeemBy": {{json}} } } } }""").GetCoupon("a");

        Assert.Equal(DateTimeOffset.Parse(instant), coupon.RedeemBy);
        Assert.Equal(TimeSpan.Zero, coupon.RedeemBy!.Value.Offset);
    }

    [Fact]
    public void Null_IsAsIfItWereNotThere()
    {
        var plan = Catalogs.FromJson(
            """
            { "Billing": { "Plans": { "pro": {
              "Name": null, "Description": null, "Free": null, "Trial": null, "Metadata": { "tier": null }, "Features": null,
              "Prices": [ { "Amount": 5, "PerSeat": null, "Meter": null, "Tiers": null, "TierMode": null, "Package": null, "Currency": "USD", "Interval": "month" } ] } } } }
            """)["pro"];

        Assert.Equal(Catalogs.Plan(p => p.Monthly(5m)), plan);
    }

    [Fact]
    public void EmptyLists_AreEmpty()
    {
        var plan = Catalogs.FromJson("""{ "Billing": { "AddOns": [], "Plans": { "pro": { "Free": true, "Prices": [], "Features": [], "Metadata": {} } } } }""")["pro"];

        Assert.Equal(Catalogs.Plan(p => p.Free()), plan);
    }
}
