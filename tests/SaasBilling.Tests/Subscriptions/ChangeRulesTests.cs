using SaasBilling.Storage;
using SaasBilling.Subscriptions;
using SaasBilling.Tests.Plans;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>Changes from what the catalog no longer has; all else is told by the stories.</summary>
public sealed class ChangeRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PlanCatalog Catalog = Catalogs.Build(builder => builder
        .AddPlan("free", plan => plan.Free())
        .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Price(290m, "USD", BillingInterval.Yearly)));

    [Fact]
    public void A_plan_that_is_no_longer_sold_can_be_left()
    {
        var request = Decide(Sold("old", "old/usd/month"), new() { PlanKey = "pro" })!;

        Assert.Equal(("pro", "pro/usd/month", BillingInterval.Monthly, false), (request.PlanKey, Assert.Single(request.Items).PriceKey, request.Interval, request.ResetAnchor));
    }

    [Fact]
    public void A_free_plan_that_is_no_longer_offered_can_be_left_for_a_paid_one()
    {
        var request = Decide(Sold("old-free"), new() { PlanKey = "pro", Interval = BillingInterval.Yearly })!;

        Assert.Equal(("pro/usd/year", true), (Assert.Single(request.Items).PriceKey, request.ResetAnchor));
    }

    [Fact]
    public void Staying_on_a_plan_that_is_no_longer_sold_names_those_that_are()
    {
        var refused = Assert.Throws<BillingException>(() => Decide(Sold("old", "old/usd/month"), new() { Interval = BillingInterval.Yearly }));

        Assert.Equal((BillingErrorCode.UnknownPlan, "There is no plan 'old'. Use one of these plans: 'free', 'pro'."), (refused.Code, refused.Message));
    }

    [Fact]
    public void A_price_that_is_no_longer_there_is_replaced_by_the_one_that_is() =>
        Assert.Equal("pro/usd/month", Assert.Single(Decide(Sold("pro", "pro/usd/month", "pro/seat/usd/month"), new() { PlanKey = "pro" })!.Items).PriceKey);

    private static Providers.ChangeSubscriptionRequest? Decide(Subscription subscription, SubscriptionChange change) => ChangeRules.Decide(
        subscription,
        change,
        new CustomerState { Customer = new Customer { Id = "acme", CreatedAt = Start }, Version = 1, Subscriptions = [subscription] },
        Catalog,
        Start.AddDays(3));

    private static Subscription Sold(string planKey, params string[] priceKeys) => new()
    {
        Id = "sub_1",
        CustomerId = "acme",
        Name = "default",
        PlanKey = planKey,
        Status = SubscriptionStatus.Active,
        Items = [.. priceKeys.Select((key, index) => new SubscriptionItem($"si_{index}", key, 1))],
        CurrentPeriod = new(Start, Start.AddMonths(1)),
        BillingCycleAnchor = Start,
        Currency = priceKeys.Length == 0 ? null : Currency.Of("USD"),
    };
}
