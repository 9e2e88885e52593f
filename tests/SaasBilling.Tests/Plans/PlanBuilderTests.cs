namespace SaasBilling.Tests.Plans;

public class PlanBuilderTests
{
    [Fact]
    public void Plan_WithEverything_HasEverything()
    {
        var plan = Catalogs.Plan(plan => plan
            .Name("Pro")
            .Description("For teams")
            .Price(29m, "usd", BillingInterval.Monthly)
            .PricePerSeat(8m, "USD", BillingInterval.Monthly)
            .Metered("api_calls", 0.002m, "USD", BillingInterval.Monthly)
            .Trial(14, requirePaymentMethod: true, TrialEndBehavior.Pause)
            .Feature("export")
            .Feature("projects", limit: 50)
            .Metadata("tier", "2"));

        Assert.Equal("pro", plan.Key);
        Assert.Equal("Pro", plan.Name);
        Assert.Equal("For teams", plan.Description);
        Assert.False(plan.IsFree);
        Assert.Equal(
            [
                new Price { Key = "pro/usd/month", Kind = PriceKind.Flat, Currency = Currency.Of("USD"), Interval = BillingInterval.Monthly, UnitAmount = 29m },
                new Price { Key = "pro/seat/usd/month", Kind = PriceKind.PerSeat, Currency = Currency.Of("USD"), Interval = BillingInterval.Monthly, UnitAmount = 8m },
                new Price { Key = "pro/api_calls/usd/month", Kind = PriceKind.Metered, Currency = Currency.Of("USD"), Interval = BillingInterval.Monthly, UnitAmount = 0.002m, Meter = "api_calls" },
            ],
            plan.Prices);
        Assert.Equal(new TrialTerms { Days = 14, RequirePaymentMethod = true, WhenNoPaymentMethod = TrialEndBehavior.Pause }, plan.Trial);
        Assert.Equal([new("export", null), new("projects", 50)], plan.Features);
        Assert.Equal([new("tier", "2")], plan.Metadata);
    }

    [Fact]
    public void Plan_WithoutOptionalParts_HasDefaults()
    {
        var plan = Catalogs.Plan(plan => plan.Free());

        Assert.Equal("pro", plan.Name);
        Assert.Null(plan.Description);
        Assert.True(plan.IsFree);
        Assert.Empty(plan.Prices);
        Assert.Null(plan.Trial);
        Assert.Empty(plan.Features);
        Assert.Empty(plan.Metadata);
    }

    [Fact(DisplayName = "B-27: a trial without a card ends in what the plan says, which is Cancel where it says nothing")]
    public void Trial_WithoutAnEnd_EndsInCancel()
    {
        var plan = Catalogs.Plan(plan => plan.Monthly().Trial(days: 14));

        Assert.Equal(new TrialTerms { Days = 14, RequirePaymentMethod = false, WhenNoPaymentMethod = TrialEndBehavior.Cancel }, plan.Trial);
    }

    [Fact]
    public void ZeroPrice_IsAPrice()
    {
        var plan = Catalogs.Plan(plan => plan.Monthly(0m));

        Assert.False(plan.IsFree);
        Assert.Equal(0m, Assert.Single(plan.Prices).UnitAmount);
    }

    [Fact]
    public void WhatIsSaidTwice_HoldsAsSaidLast()
    {
        var plan = Catalogs.Plan(plan => plan
            .Name("Old").Name("New")
            .Description("Old").Description("New")
            .Monthly()
            .Trial(7).Trial(30, whenNoPaymentMethod: TrialEndBehavior.CreateInvoice)
            .Metadata("a", "1").Metadata("a", "2"));

        Assert.Equal("New", plan.Name);
        Assert.Equal("New", plan.Description);
        Assert.Equal(new TrialTerms { Days = 30, WhenNoPaymentMethod = TrialEndBehavior.CreateInvoice }, plan.Trial);
        Assert.Equal([new("a", "2")], plan.Metadata);
    }

    [Fact]
    public void AddOn_WithEverything_HasEverything()
    {
        var addOn = Catalogs.Build(builder => builder
            .AddMeter("api_calls")
            .AddPlan("pro", plan => plan.Monthly())
            .AddAddOn("boost", addOn => addOn
                .Name("Boost")
                .Description("More of it")
                .Monthly(10m)
                .Metered("api_calls", 0.001m, "USD", BillingInterval.Monthly)
                .Feature("projects", limit: 10)
                .Metadata("team", "growth"))).GetAddOn("boost");

        Assert.Equal("boost", addOn.Key);
        Assert.Equal("Boost", addOn.Name);
        Assert.Equal("More of it", addOn.Description);
        Assert.Equal(["boost/usd/month", "boost/api_calls/usd/month"], addOn.Prices.Select(price => price.Key));
        Assert.Equal([new("projects", 10)], addOn.Features);
        Assert.Equal([new("team", "growth")], addOn.Metadata);
    }

    [Theory]
    [InlineData(null, "Value cannot be null. (Parameter '{0}')")]
    [InlineData("", "The value cannot be an empty string or composed entirely of whitespace. (Parameter '{0}')")]
    [InlineData(" ", "The value cannot be an empty string or composed entirely of whitespace. (Parameter '{0}')")]
    public void EmptyText_IsRefusedAtOnce(string? text, string message)
    {
        var month = BillingInterval.Monthly;

        Refused("name", plan => plan.Name(text!));
        Refused("text", plan => plan.Description(text!));
        Refused("currency", plan => plan.Price(1m, text!, month));
        Refused("currency", plan => plan.PricePerSeat(1m, text!, month));
        Refused("currency", plan => plan.PricePerSeat(text!, month, tiers => tiers.Beyond(1m)));
        Refused("currency", plan => plan.Metered("api_calls", text!, month, tiers => tiers.Beyond(1m)));
        Refused("currency", plan => plan.Metered("api_calls", 1m, text!, month));
        Refused("meter", plan => plan.Metered(text!, "USD", month, tiers => tiers.Beyond(1m)));
        Refused("meter", plan => plan.Metered(text!, 1m, "USD", month));
        Refused("feature", plan => plan.Feature(text!));
        Refused("feature", plan => plan.Feature(text!, 1));
        Refused("key", plan => plan.Metadata(text!, "value"));

        void Refused(string parameter, Action<PlanBuilder> plan)
        {
            var exception = Assert.ThrowsAny<ArgumentException>(() => Catalogs.Plan(plan));
            Assert.Equal(message.Replace("{0}", parameter, StringComparison.Ordinal), exception.Message);
        }
    }

    [Fact]
    public void MissingArguments_AreRefusedAtOnce()
    {
        Assert.Throws<ArgumentNullException>("value", () => Catalogs.Plan(plan => plan.Metadata("key", null!)));
        Assert.Throws<ArgumentNullException>("tiers", () => Catalogs.Plan(plan => plan.PricePerSeat("USD", BillingInterval.Monthly, null!)));
        Assert.Throws<ArgumentNullException>("tiers", () => Catalogs.Plan(plan => plan.Metered("api_calls", "USD", BillingInterval.Monthly, null!)));
    }

    [Fact]
    public void TrialEndThatDoesNotExist_IsRefusedAtOnce()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>("whenNoPaymentMethod", () => Catalogs.Plan(plan => plan.Trial(7, whenNoPaymentMethod: (TrialEndBehavior)9)));

        Assert.StartsWith("Use TrialEndBehavior.Cancel, Pause or CreateInvoice.", exception.Message, StringComparison.Ordinal);
    }
}
