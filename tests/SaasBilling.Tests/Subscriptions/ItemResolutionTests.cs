using SaasBilling.Providers;
using SaasBilling.Subscriptions;
using SaasBilling.Tests.Plans;

namespace SaasBilling.Tests.Subscriptions;

public sealed class ItemResolutionTests
{
    private static readonly Currency Usd = Currency.Of("USD");

    private static readonly PlanCatalog Catalog = Catalogs.Build(builder => builder
        .AddMeter("api_calls")
        .AddPlan("free", plan => plan.Free())
        .AddPlan("flat", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Price(290m, "USD", BillingInterval.Yearly).Price(25m, "EUR", BillingInterval.Monthly))
        .AddPlan("team", plan => plan
            .Metered("api_calls", 0.001m, "USD", BillingInterval.Monthly)
            .PricePerSeat(10m, "USD", BillingInterval.Monthly)
            .Price(20m, "USD", BillingInterval.Monthly))
        .AddAddOn("storage", addOn => addOn.Price(5m, "USD", BillingInterval.Monthly))
        .AddAddOn("support", addOn => addOn.PricePerSeat(2m, "USD", BillingInterval.Monthly))
        .AddAddOn("burst", addOn => addOn.Metered("api_calls", 0.01m, "USD", BillingInterval.Monthly)));

    [Fact]
    public void Resolve_PlanOfEveryKind_GivesOneItemAPrice() => Assert.Equal(
        [new("team/usd/month", 1), new("team/seat/usd/month", 7), new("team/api_calls/usd/month", 0)],
        Resolve("team", seats: 7).Items);

    [Fact]
    public void Resolve_NoSeats_IsOneSeat() => Assert.Contains(new PriceQuantity("team/seat/usd/month", 1), Resolve("team").Items);

    [Fact]
    public void Resolve_ZeroSeats_IsLegal() => Assert.Contains(new PriceQuantity("team/seat/usd/month", 0), Resolve("team", seats: 0).Items);

    [Fact]
    public void Resolve_AddOns_ComeInTheCatalogsOrderAndZeroIsNone() => Assert.Equal(
        [new("flat/usd/month", 1), new("storage/usd/month", 3), new("support/seat/usd/month", 2), new("burst/api_calls/usd/month", 0)],
        Resolve("flat", addOns: new Dictionary<string, long> { ["burst"] = 1, ["support"] = 2, ["storage"] = 3 }).Items.Where(item => item.Quantity >= 0));

    [Fact]
    public void Resolve_ZeroOfAnAddOn_IsNoneOfIt() =>
        Assert.Equal([new("flat/usd/month", 1)], Resolve("flat", addOns: new Dictionary<string, long> { ["storage"] = 0 }).Items);

    [Fact]
    public void Resolve_FreePlan_HasNoItemsAndNoCurrency()
    {
        var items = ItemResolution.Resolve(Catalog, Catalog["free"], null, BillingInterval.Yearly, null, null);

        Assert.Empty(items.Items);
        Assert.Null(items.Currency);
        Assert.Equal(BillingInterval.Monthly, items.Interval);
    }

    [Fact]
    public void Resolve_UnknownInterval_NamesWhatThereIs() => Refused(
        BillingErrorCode.UnknownPrice,
        "Plan 'flat' has no price per week in USD. It is sold per month in USD, per year in USD, per month in EUR.",
        () => Resolve("flat", interval: BillingInterval.Weekly));

    [Fact]
    public void Resolve_AddOnWithoutThePlansInterval_NamesWhatThereIs() => Refused(
        BillingErrorCode.InvalidArgument,
        "Add-on 'storage' has no price per year in USD, in which plan 'flat' is billed here. It is sold per month in USD.",
        () => Resolve("flat", interval: BillingInterval.Yearly, addOns: new Dictionary<string, long> { ["storage"] = 1 }));

    [Fact]
    public void Resolve_UnknownAddOn_NamesThoseThatThereAre() => Refused(
        BillingErrorCode.UnknownAddOn,
        "There is no add-on 'gold'. Use one of these add-ons: 'storage', 'support', 'burst'.",
        () => Resolve("flat", addOns: new Dictionary<string, long> { ["gold"] = 1 }));

    [Fact]
    public void Resolve_AddOnOnAFreePlan_IsRefused() => Refused(
        BillingErrorCode.InvalidArgument,
        "Plan 'free' is free and is never invoiced, so it cannot have add-on 'storage'. Leave the add-on out, or choose a plan with a price.",
        () => ItemResolution.Resolve(Catalog, Catalog["free"], null, BillingInterval.Monthly, null, new Dictionary<string, long> { ["storage"] = 1 }));

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void Resolve_SeatsOnAPlanWithoutThem_IsRefused(long seats) => Refused(
        BillingErrorCode.InvalidArgument,
        $"Plan 'flat' has no price per seat here, so it cannot have {seats} seats. Leave Seats out, or give the plan a PricePerSeat.",
        () => Resolve("flat", seats: seats));

    [Fact]
    public void Resolve_OneSeatOnAPlanWithoutThem_IsWhatEverybodyHas() => Assert.Single(Resolve("flat", seats: 1).Items);

    [Theory]
    [InlineData(-1, "-1 seats cannot be billed. Use zero or more.")]
    [InlineData(long.MinValue, "-9223372036854775808 seats cannot be billed. Use zero or more.")]
    [InlineData(long.MaxValue, "9223372036854775807 seats are more than one subscription can have. Use at most 1000000000.")]
    public void Resolve_ImpossibleSeats_AreRefused(long seats, string message) =>
        Refused(BillingErrorCode.InvalidArgument, message, () => Resolve("team", seats: seats));

    [Theory]
    [InlineData(-1, "-1 of add-on 'storage' cannot be billed. Use zero or more.")]
    [InlineData(long.MaxValue, "9223372036854775807 of add-on 'storage' are more than one subscription can have. Use at most 1000000000.")]
    public void Resolve_ImpossibleQuantities_AreRefused(long quantity, string message) =>
        Refused(BillingErrorCode.InvalidArgument, message, () => Resolve("flat", addOns: new Dictionary<string, long> { ["storage"] = quantity }));

    [Fact]
    public void Resolve_MoreThanCanBeBilled_IsRefused() => Refused(
        BillingErrorCode.InvalidArgument,
        "A period of this would cost more than 9999999999.99 USD, which is the most that can be billed. Use smaller quantities.",
        () => Resolve("team", seats: 1_000_000_000));

    [Fact]
    public void Holding_of_a_subscription_gives_back_what_it_was_resolved_from()
    {
        var resolved = Resolve("team", seats: 7, addOns: new Dictionary<string, long> { ["storage"] = 3, ["burst"] = 1 });
        var held = Holding.Of(Catalog, Subscribed(resolved));

        Assert.Equal("team", held.Plan!.Key);
        Assert.Equal(7, held.Seats);
        Assert.Equal(new Dictionary<string, long> { ["storage"] = 3, ["burst"] = 1 }, held.AddOns);
        Assert.True(ItemResolution.Resolve(Catalog, held.Plan!, held.Currency, held.Interval, held.Seats, held.AddOns).AreThoseOf(Subscribed(resolved)));
    }

    [Fact]
    public void Other_quantities_are_not_those_of_the_subscription() =>
        Assert.False(Resolve("team", seats: 8).AreThoseOf(Subscribed(Resolve("team", seats: 7))));

    private static ResolvedItems Resolve(string plan, BillingInterval? interval = null, long? seats = null, IReadOnlyDictionary<string, long>? addOns = null) =>
        ItemResolution.Resolve(Catalog, Catalog[plan], Usd, interval ?? BillingInterval.Monthly, seats, addOns);

    private static Subscription Subscribed(ResolvedItems items)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new()
        {
            Id = "sub_1",
            CustomerId = "acme",
            Name = "default",
            PlanKey = items.Plan.Key,
            Status = SubscriptionStatus.Active,
            Items = [.. items.Items.Select((item, index) => new SubscriptionItem($"si_{index}", item.PriceKey, item.Quantity))],
            CurrentPeriod = new(start, start.AddMonths(1)),
            BillingCycleAnchor = start,
            Interval = items.Interval,
            Currency = items.Currency,
        };
    }

    private static void Refused(BillingErrorCode code, string message, Func<object> resolve)
    {
        var exception = Assert.Throws<BillingException>(resolve);
        Assert.Equal(message, exception.Message);
        Assert.Equal(code, exception.Code);
    }
}
