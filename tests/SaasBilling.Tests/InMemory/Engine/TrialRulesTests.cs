using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

public class TrialRulesTests
{
    [Fact]
    public void RTRI1_TrialOf15Days_IsFifteenTimes24Hours_AndTheAnchorIsItsEnd()
    {
        var start = DateTimeOffset.FromUnixTimeSeconds(1_774_905_677);
        var world = new World(start);
        world.Trial("basic", 15);
        var subscription = world.Subscription;
        Assert.Equal(1_776_201_677, subscription.Trial!.End.ToUnixTimeSeconds());
        Assert.Equal(subscription.Trial, subscription.CurrentPeriod);
        Assert.Equal(subscription.Trial.End, subscription.BillingCycleAnchor);
    }

    [Fact]
    public void RTRI4_ACardBeforeTheEnd_CancelsTheEffect()
    {
        var world = new World();
        world.Trial("basic", 14);
        world.Advance(days: 13);
        world.Card();
        world.Advance(days: 1, hours: 1);
        Assert.Equal((SubscriptionStatus.Active, InvoiceStatus.Paid), (world.Subscription.Status, world.Newest.Status));
    }

    [Fact]
    public void RTRI6_EndTrial_MovesTheAnchorToNow_AndChargesAtOnce()
    {
        var world = new World();
        world.Card();
        world.Trial("basic", 14);
        world.Advance(days: 4);
        world.TrialEnd(null);
        var subscription = world.Subscription;
        Assert.Equal((SubscriptionStatus.Active, world.Now), (subscription.Status, subscription.BillingCycleAnchor));
        Assert.Equal(new BillingPeriod(world.Start, world.Now), subscription.Trial);
        Assert.Equal(new BillingPeriod(world.Now, world.Now.AddMonths(1)), subscription.CurrentPeriod);
        Assert.Equal((InvoiceStatus.Paid, BillingReason.SubscriptionUpdate, world.Now), (world.Newest.Status, world.Newest.Reason, world.Newest.PaidAt));
    }

    [Theory]
    [InlineData(TrialEndBehavior.Cancel, SubscriptionStatus.Canceled)]
    [InlineData(TrialEndBehavior.Pause, SubscriptionStatus.Paused)]
    public void RTRI6_EndTrial_WithoutCard_DoesWhatThePlanSaysAtOnce(TrialEndBehavior behavior, SubscriptionStatus expected)
    {
        var world = new World();
        world.Trial("basic", 14, behavior);
        world.Advance(days: 4);
        world.TrialEnd(null);
        Assert.Equal((expected, world.Now, 1), (world.Subscription.Status, world.Subscription.Trial!.End, world.Invoices.Count));
    }

    [Fact]
    public void RTRI6_EndTrial_WithoutCard_AndCreateInvoice_IsRefused_AndStaysTrialing()
    {
        var world = new World();
        world.Trial("basic", 14, TrialEndBehavior.CreateInvoice);
        var before = world.Read();
        Assert.Equal(
            "The trial of 'default' cannot end now: there is no payment method to charge. Add one with AddPaymentMethodAsync first.",
            Assert.Throws<BillingException>(() => world.TrialEnd(null)).Message);
        Assert.Equal(before.Subscriptions, world.Read().Subscriptions);
        Assert.Equal(before.Cursor, world.Read().Cursor);
    }

    [Fact]
    public void EndTrial_WithABadCard_IsPastDue()
    {
        var world = new World();
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.Trial("basic", 14);
        world.TrialEnd(null);
        Assert.Equal((SubscriptionStatus.PastDue, InvoiceStatus.Open), (world.Subscription.Status, world.Newest.Status));
    }

    [Fact]
    public void EndTrial_WhereNoneRuns_IsRefused()
    {
        var world = StatusTableTests.Active();
        Assert.Equal(
            "No trial is running: 'default' is Active. There is nothing to end.",
            Assert.Throws<BillingException>(() => world.TrialEnd(null)).Message);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(5)]
    public void RANC7_MovingTheEnd_MovesTheAnchor(int days)
    {
        var world = new World();
        world.Card();
        world.Trial("basic", 14);
        world.TrialEnd(world.Start.AddDays(days));
        Assert.Equal((world.Start.AddDays(days), world.Start.AddDays(days)), (world.Subscription.BillingCycleAnchor, world.Subscription.CurrentPeriod.End));
        world.Advance(days: days);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(731)]
    public void RTRI8_AnEndInThePast_OrBeyond730Days_IsRefused(int days)
    {
        var world = new World();
        world.Trial("basic", 14);
        var refused = Assert.Throws<BillingException>(() => world.TrialEnd(world.Start.AddDays(days)));
        Assert.Equal(BillingErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("at most 730 days ahead", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RTRI9_TrialAndALaterAnchor_BillAShortPeriodBetween()
    {
        // 15 July, 22 July, 1 August, as in Stripe's example.
        var world = new World(World.At("2026-07-15"), catalog: builder => builder.AddPlan("p31", plan => plan.Price(31m, "USD", BillingInterval.Monthly)));
        world.Card();
        world.Subscribe(world.Request("p31") with { TrialEnd = World.At("2026-07-22"), BillingCycleAnchor = World.At("2026-08-01") });
        Assert.Equal((World.At("2026-08-01"), World.At("2026-07-22")), (world.Subscription.BillingCycleAnchor, world.Subscription.CurrentPeriod.End));
        Assert.True(world.Newest.Total.IsZero);

        world.To("2026-07-22T01:00:00Z");
        Assert.Equal((1_000L, new BillingPeriod(World.At("2026-07-22"), World.At("2026-08-01"))), (world.Newest.AmountPaid.MinorUnits, Assert.Single(world.Newest.Lines).Period));
        world.To("2026-08-01T01:00:00Z");
        Assert.Equal((3_100L, new BillingPeriod(World.At("2026-08-01"), World.At("2026-09-01"))), (world.Newest.AmountPaid.MinorUnits, world.Subscription.CurrentPeriod));
    }

    [Fact]
    public void RANC5_AnAnchorAhead_BillsAShortPeriodFirst()
    {
        // 20 of the 30 days from 1 April.
        var world = new World(World.At("2026-04-11"));
        world.Card();
        world.Subscribe(world.Request("basic") with { BillingCycleAnchor = World.At("2026-05-01") });
        Assert.Equal((667L, new BillingPeriod(World.At("2026-04-11"), World.At("2026-05-01"))), (world.Newest.AmountPaid.MinorUnits, world.Subscription.CurrentPeriod));
        world.To("2026-05-01T01:00:00Z");
        Assert.Equal((1_000L, World.At("2026-06-01")), (world.Newest.AmountPaid.MinorUnits, world.Subscription.CurrentPeriod.End));
    }

    [Fact]
    public void RANC5_AnAnchorAhead_WithoutProration_BillsNothingUntilThen()
    {
        var world = new World(World.At("2026-04-11"));
        world.Subscribe(world.Request("basic") with { BillingCycleAnchor = World.At("2026-05-01"), Proration = Proration.None });
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Empty(world.Invoices);
        world.Card();
        world.To("2026-04-21");
        world.CancelNow(prorate: true);
        Assert.Equal(0, world.Balance);
    }

    [Theory]
    [InlineData("2026-05-12")]
    [InlineData("2026-04-10")]
    public void RANC5_AnAnchorInThePast_OrBeyondAnInterval_IsRefused(string anchor)
    {
        var world = new World(World.At("2026-04-11"));
        Assert.Equal(
            $"The billing cycle cannot be anchored at {anchor} 00:00:00Z. Use an instant from 2026-04-11 00:00:00Z to 2026-05-11 00:00:00Z, one interval ahead.",
            Assert.Throws<BillingException>(() => world.Subscribe(world.Request("basic") with { BillingCycleAnchor = World.At(anchor) })).Message);
        Assert.Empty(world.Read().Subscriptions);
    }

    [Fact]
    public void SentInvoices_NeedNoCardAtTheTrialsEnd()
    {
        var world = new World();
        world.Subscribe(world.Request("basic") with { InvoiceDueInDays = 10, TrialEnd = world.Start.AddDays(7) });
        world.Advance(days: 7, hours: 1);
        Assert.Equal((SubscriptionStatus.Active, InvoiceStatus.Open), (world.Subscription.Status, world.Newest.Status));
    }

    [Fact]
    public void AScheduledChange_TakesPlaceAtTheTrialsEnd()
    {
        var world = new World();
        world.Card();
        world.Trial("pro", 14);
        world.Change("basic", timing: ChangeTiming.AtPeriodEnd);
        world.Advance(days: 14, hours: 1);
        Assert.Equal(("basic", 1_000L), (world.Subscription.PlanKey, world.Newest.AmountPaid.MinorUnits));
    }
}
