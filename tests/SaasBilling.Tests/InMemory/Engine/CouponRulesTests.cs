using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

public class CouponRulesTests
{
    [Fact]
    public void RCOU2_Coupons_ApplyOneAfterTheOther_InTheirOrder()
    {
        Assert.Equal(7_500, FirstPaid("hundred", "p20", "minus5"));
        Assert.Equal(7_600, FirstPaid("hundred", "minus5", "p20"));
    }

    [Fact]
    public void RCOU3_AnAmount_NeverTakesTheTotalBelowZero() => Assert.Equal(0, FirstPaid("three", "minus5"));

    [Fact]
    public void RCOU5_CouponsForCertainItems_ComeFirst()
    {
        var world = World();
        world.Subscribe(world.Request("hundred", new PriceQuantity("hundred/usd/month", 1), new PriceQuantity("boost/usd/month", 2)) with { Coupons = ["minus5", "boosted"] });

        // 110 − 5 (half of the boosts) − 5
        Assert.Equal(10_000, world.Newest.AmountPaid.MinorUnits);
    }

    [Fact]
    public void RCOU6_Once_ReducesTheFirstInvoiceOnly()
    {
        var world = World();
        world.Subscribe(world.Request("hundred") with { Coupons = ["once20"] });
        Assert.Equal(8_000, world.Newest.AmountPaid.MinorUnits);
        Assert.Empty(world.Subscription.Discounts);
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal(10_000, world.Newest.AmountPaid.MinorUnits);
    }

    [Fact]
    public void RCOU6_Once_IsNotUsedUpByATrialsZeroInvoice()
    {
        var world = World();
        world.Subscribe(world.Request("hundred") with { Coupons = ["once20"], TrialEnd = world.Now.AddDays(14) });
        Assert.Single(world.Subscription.Discounts);
        world.Advance(days: 14, hours: 1);
        Assert.Equal(8_000, world.Newest.AmountPaid.MinorUnits);
        Assert.Empty(world.Subscription.Discounts);
    }

    [Fact]
    public void RCOU6_Repeating_CoversTheInvoicesOfItsMonths()
    {
        var world = World();
        world.Subscribe(world.Request("hundred") with { Coupons = ["half4"] });
        Assert.Equal(new AppliedDiscount("half4", World2026, InMemory.Engine.World.At("2026-05-01")), Assert.Single(world.Subscription.Discounts));
        world.To("2026-06-01T01:00:00Z");
        Assert.Equal([5_000, 5_000, 5_000, 5_000, 10_000, 10_000], world.Invoices.Select(invoice => invoice.AmountPaid.MinorUnits));
        Assert.Empty(world.Subscription.Discounts);
    }

    [Fact]
    public void RCOU6_Repeating_ReducesAWholeYearlyInvoice()
    {
        var world = World();
        world.Subscribe(world.Request("basic", new PriceQuantity("basic/usd/year", 1)) with { Coupons = ["half4"] });
        Assert.Equal(5_000, world.Newest.AmountPaid.MinorUnits);
    }

    [Fact]
    public void RSTA5_AFullDiscount_NeedsNoCard()
    {
        var world = new World();
        world.Subscribe(world.Request("basic") with { Coupons = ["all"] });
        Assert.Equal((SubscriptionStatus.Active, InvoiceStatus.Paid), (world.Subscription.Status, world.Newest.Status));
    }

    [Fact]
    public void RCOU8_Limits_ConcernNewRedemptionsOnly()
    {
        var world = World();
        foreach (var customer in new[] { "a", "b" })
        {
            world.Ensure(customer);
            world.Card(customer: customer);
            world.Subscribe(world.Request("basic") with { CustomerId = customer, Coupons = ["two"] });
        }

        Refused(world, "two", BillingErrorCode.InvalidState, "Coupon 'two' was redeemed 2 times, which is all that it allows. Use another one.");
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal(900, world.Read("a").Invoices[1].AmountPaid.MinorUnits);
        Refused(world, "early", BillingErrorCode.InvalidState, "Coupon 'early' could be redeemed until 2026-01-31 00:00:00Z. Use another one.");
        Assert.Empty(world.Read().Subscriptions);
    }

    [Fact]
    public void RCOU8_ACouponOfAnotherCurrency_IsRefused() => Refused(
        World(),
        "eur5",
        BillingErrorCode.CurrencyMismatch,
        "Coupon 'eur5' takes 5.00 EUR off, and plan 'basic' is billed in USD. Use a coupon in USD, or one that takes off a percentage.");

    [Fact]
    public void RCOU8_ACouponForSomethingElse_IsRefused() => Refused(
        World(), "boosted", BillingErrorCode.InvalidState, "Coupon 'boosted' is only for 'boost', and the subscription has plan 'basic'. Use another one.");

    [Fact]
    public void AttachingTwice_IsRefused_AndTakingOff_IsPossibleOnce()
    {
        var world = World();
        world.Subscribe("basic");
        world.Coupon("p20");
        Assert.Equal("The subscription carries coupon 'p20' already. There is nothing to do.", Assert.Throws<BillingException>(() => world.Coupon("p20")).Message);
        world.RemoveCoupon("p20");
        Assert.Empty(world.Subscription.Discounts);
        var refused = Assert.Throws<BillingException>(() => world.RemoveCoupon("p20"));
        Assert.Equal((BillingErrorCode.UnknownCoupon, "The subscription does not carry coupon 'p20'. Its coupons are in Subscription.Discounts."), (refused.Code, refused.Message));
    }

    private static readonly DateTimeOffset World2026 = InMemory.Engine.World.At("2026-01-01");

    private static World World()
    {
        var world = new World(catalog: builder => builder
            .AddPlan("hundred", plan => plan.Price(100m, "USD", BillingInterval.Monthly))
            .AddPlan("three", plan => plan.Price(3m, "USD", BillingInterval.Monthly)));
        world.Card();
        return world;
    }

    private static long FirstPaid(string plan, params string[] coupons)
    {
        var world = World();
        world.Subscribe(world.Request(plan) with { Coupons = coupons });
        return world.Newest.AmountPaid.MinorUnits;
    }

    private static void Refused(World world, string coupon, BillingErrorCode code, string message)
    {
        var refused = Assert.Throws<BillingException>(() => world.Subscribe(world.Request("basic") with { Coupons = [coupon] }));
        Assert.Equal((code, message), (refused.Code, refused.Message));
    }
}
