using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

public class EndingTests
{
    [Fact]
    public void RCAN1_AtPeriodEnd_StatusStays_UntilTheEnd_AndNothingRenews()
    {
        var world = StatusTableTests.Active();
        world.Advance(days: 10);
        world.Cancel(new CancelOptions { Reason = "too dear" });
        var scheduled = world.Subscription;
        Assert.Equal((SubscriptionStatus.Active, World.At("2026-02-01"), world.Now, "too dear"), (scheduled.Status, scheduled.CancelsAt, scheduled.CanceledAt, scheduled.CancellationReason));

        world.To("2026-02-01");
        var ended = world.Subscription;
        Assert.Equal((SubscriptionStatus.Canceled, World.At("2026-02-01"), World.At("2026-02-01"), World.At("2026-01-11")), (ended.Status, ended.EndedAt, ended.CancelsAt, ended.CanceledAt));
        Assert.Single(world.Invoices);
        Assert.Null(world.Provider.NextDueAt);
    }

    [Fact]
    public void RCAN2_Undone_EqualsBefore()
    {
        var world = StatusTableTests.Active();
        var before = world.Subscription;
        world.Cancel(new CancelOptions { Reason = "too dear" });
        world.Resume();
        Assert.Equal(before, world.Subscription);
        Assert.Equal(
            "There is nothing to resume: 'default' is Active, neither paused nor going to be canceled.",
            Assert.Throws<BillingException>(world.Resume).Message);
    }

    [Fact]
    public void RCAN3_Now_WithoutOptions_CreditsAndInvoicesNothing()
    {
        var world = StatusTableTests.Active();
        world.Advance(days: 10);
        world.CancelNow();
        Assert.Equal((SubscriptionStatus.Canceled, world.Now, world.Now), (world.Subscription.Status, world.Subscription.EndedAt, world.Subscription.CanceledAt));
        Assert.Null(world.Subscription.CancelsAt);
        Assert.Equal((1, 0L), (world.Invoices.Count, world.Balance));
    }

    [Fact]
    public void RCAN4_Now_WithProrate_CreditsTheUnusedTimeAtOnce()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("basic");
        world.To("2026-04-16");
        world.CancelNow(prorate: true);
        Assert.Equal((500L, 1), (world.Balance, world.Invoices.Count));
    }

    [Fact]
    public void Now_WithProrate_TakesProrationsBackThatWereNeverBilled()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("basic");
        world.To("2026-04-11");
        world.Change("pro");
        world.CancelNow(prorate: true);
        Assert.Equal(667, world.Balance);
    }

    [Fact]
    public void RCAN5_Now_WithInvoiceNow_BillsUsageAndWhatWaits()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("metered");
        world.Use(300);
        world.Charge(250, world.Subscription.Id);
        world.To("2026-04-16");
        world.CancelNow(prorate: true, invoiceNow: true);
        Assert.Equal([300, 250, -500], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
        Assert.Equal((50L, InvoiceStatus.Paid, 0L), (world.Newest.AmountPaid.MinorUnits, world.Newest.Status, world.Balance));
    }

    [Fact]
    public void RCAN5_CreditOnlyFinalInvoice_GoesToTheBalance()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("basic");
        world.To("2026-04-16");
        world.CancelNow(prorate: true, invoiceNow: true);
        Assert.Equal((-500L, InvoiceStatus.Paid, 500L), (world.Newest.Total.MinorUnits, world.Newest.Status, world.Balance));
    }

    [Fact]
    public void RCAN6_RCAN8_Now_DropsProrationsAndUsage_AndKeepsOneOffCharges()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("metered");
        world.Use(300);
        world.Charge(250, world.Subscription.Id);
        world.To("2026-04-16");
        world.Change("metered2");
        world.CancelNow();
        var waiting = Assert.Single(world.Read().PendingCharges!);
        Assert.Null(waiting.SubscriptionId);

        world.Subscribe("basic");
        Assert.Equal([1_000, 250], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
    }

    [Fact]
    public void RCAN7_AtPeriodEnd_UsageAndProrationsAreOnALastInvoice()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("metered");
        world.To("2026-04-16");
        world.Change("metered2", Proration.CreateProrations, ChangeTiming.Immediately, new("metered2/usd/month", 1), new("metered2/api_calls/usd/month", 0), new("boost/usd/month", 1));
        world.Use(100);
        world.Cancel();
        world.To("2026-05-01");
        Assert.Equal(SubscriptionStatus.Canceled, world.Subscription.Status);
        Assert.Equal(InvoiceStatus.Draft, world.Newest.Status);

        world.Use(50, World.At("2026-04-30"));
        world.Advance(hours: 1);
        Assert.Equal([0, 300, -500, 500, 250], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
        Assert.Equal((InvoiceStatus.Paid, 550L), (world.Newest.Status, world.Newest.AmountPaid.MinorUnits));
    }

    [Fact]
    public void RCAN9_Now_StopsCollecting_AndAPaymentByHandRevivesNothing()
    {
        var world = StatusTableTests.PastDue();
        world.CancelNow();
        Assert.Equal((InvoiceStatus.Open, (DateTimeOffset?)null), (world.Newest.Status, world.Newest.NextPaymentAttempt));
        world.Card();
        world.Act(world.Newest, InvoiceAction.Pay);
        Assert.Equal((InvoiceStatus.Paid, SubscriptionStatus.Canceled), (world.Newest.Status, world.Subscription.Status));
    }

    [Fact]
    public void RCAN9_Now_ADraftIsNotFinalized()
    {
        var world = StatusTableTests.Active();
        world.To("2026-02-01");
        world.CancelNow();
        world.Advance(days: 3);
        Assert.Equal((InvoiceStatus.Draft, (DateTimeOffset?)null), (world.Newest.Status, world.Newest.NextPaymentAttempt));
    }

    [Fact]
    public void RCAN10_AtADate_CreditsTheTimeCutOff()
    {
        var world = new World(World.At("2026-01-01"), catalog: builder => builder.AddPlan("year", plan => plan.Price(120m, "USD", BillingInterval.Yearly)));
        world.Card();
        world.Subscribe("year");
        world.Cancel(new CancelOptions { At = World.At("2026-07-01"), Prorate = true });
        Assert.Equal((SubscriptionStatus.Active, World.At("2026-07-01")), (world.Subscription.Status, world.Subscription.CancelsAt));
        world.To("2026-07-01");
        Assert.Equal((SubscriptionStatus.Canceled, 6_049L), (world.Subscription.Status, world.Balance));
    }

    [Fact]
    public void AtADate_BeyondThePeriod_RenewsUntilThen()
    {
        var world = StatusTableTests.Active();
        world.Cancel(new CancelOptions { At = World.At("2026-03-11") });
        world.To("2026-03-10");
        Assert.Equal((SubscriptionStatus.Active, 3), (world.Subscription.Status, world.Invoices.Count));
        world.To("2026-03-11");
        Assert.Equal((SubscriptionStatus.Canceled, 0L), (world.Subscription.Status, world.Balance));
    }

    [Fact]
    public void AtADate_InThePast_IsRefused()
    {
        var world = StatusTableTests.Active();
        Assert.Equal(
            "A subscription cannot be canceled at 2026-01-01 00:00:00Z, which is not in the future. Use a later instant, or CancelTiming.Immediately.",
            Assert.Throws<BillingException>(() => world.Cancel(new CancelOptions { At = world.Now })).Message);
    }

    [Fact]
    public void ATrialCanceledAtItsEnd_IsNeverCharged()
    {
        var world = new World();
        world.Card();
        world.Trial("metered", 14);
        world.Use(500);
        world.Cancel();
        world.Advance(days: 14);
        Assert.Equal((SubscriptionStatus.Canceled, 1), (world.Subscription.Status, world.Invoices.Count));
    }

    [Fact]
    public void CancelAtPeriodEnd_FollowsThePeriod()
    {
        var world = new World();
        world.Trial("basic", 14);
        world.Cancel();
        world.TrialEnd(world.Start.AddDays(20));
        Assert.Equal(world.Start.AddDays(20), world.Subscription.CancelsAt);
    }

    [Fact]
    public void B20_DeletedCustomer_IsNeverBilledAgain()
    {
        var world = StatusTableTests.PastDue();
        world.Subscribe(world.Request("pro") with { Name = "second" });
        world.Charge(100);
        world.Delete();

        var all = world.Read();
        Assert.Equal(world.Now, all.Customer.DeletedAt);
        Assert.All(all.Subscriptions, subscription => Assert.False(subscription.IsLive));
        Assert.Empty(all.PaymentMethods!);
        Assert.Empty(all.PendingCharges!);
        Assert.All(all.Invoices, invoice => Assert.Null(invoice.NextPaymentAttempt));
        Assert.Null(world.Provider.NextDueAt);
    }

    [Fact]
    public void RPAU2_Void_VoidsTheInvoicesOfThePause()
    {
        var world = StatusTableTests.Active();
        world.Charge(300);
        world.Pause();
        Assert.Equal(SubscriptionStatus.Paused, world.Subscription.Status);
        world.To("2026-02-02");
        Assert.Equal(InvoiceStatus.Void, world.Newest.Status);
        Assert.Equal(World.At("2026-03-01"), world.Subscription.CurrentPeriod.End);
        Assert.Single(world.Read().PendingCharges!);

        world.Resume();
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        world.To("2026-03-02");
        Assert.Equal((InvoiceStatus.Paid, 1_300L), (world.Newest.Status, world.Newest.AmountPaid.MinorUnits));
    }

    [Fact]
    public void RPAU2_Void_NothingIsCreditedForAPeriodThatWasNotCharged()
    {
        var world = StatusTableTests.Active();
        world.Pause();
        world.To("2026-02-02");
        world.Resume();
        world.CancelNow(prorate: true);
        Assert.Equal(0, world.Balance);
    }

    [Fact]
    public void RPAU2_KeepAsDraft_KeepsThem_AlsoAfterThePause()
    {
        var world = StatusTableTests.Active();
        world.Pause(PauseBehavior.KeepAsDraft);
        world.To("2026-02-02");
        var draft = world.Newest;
        Assert.Equal((InvoiceStatus.Draft, (DateTimeOffset?)null), (draft.Status, draft.NextPaymentAttempt));
        world.Resume();
        world.To("2026-02-20");
        Assert.Equal(draft, world.Newest);
        world.Act(draft, InvoiceAction.Finalize);
        Assert.Equal(InvoiceStatus.Paid, world.Newest.Status);
    }

    [Fact]
    public void RPAU2_MarkUncollectible_UsesCreditFirst()
    {
        var world = StatusTableTests.Active();
        world.Credit(1_200);
        world.Pause(PauseBehavior.MarkUncollectible);
        world.To("2026-02-02");
        Assert.Equal((InvoiceStatus.Paid, 200L), (world.Newest.Status, world.Balance));
        world.To("2026-03-02");
        Assert.Equal((InvoiceStatus.Uncollectible, 800L), (world.Newest.Status, world.Newest.AmountDue.MinorUnits));
        Assert.Empty(world.Newest.Failures);
    }

    [Fact]
    public void RPAU3_ResumesAt_EndsThePauseByItself()
    {
        var world = StatusTableTests.Active();
        world.Pause(resumesAt: World.At("2026-02-01"));
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal((SubscriptionStatus.Active, InvoiceStatus.Paid), (world.Subscription.Status, world.Newest.Status));
        Assert.Null(world.Subscription.Pause);
    }

    [Fact]
    public void RPAU4_OpenInvoices_AreStillCollected()
    {
        var world = StatusTableTests.PastDue();
        world.Pause();
        world.Card();
        world.Advance(days: 3);
        Assert.Equal((InvoiceStatus.Paid, SubscriptionStatus.Paused), (world.Newest.Status, world.Subscription.Status));
        world.Resume();
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
    }

    [Fact]
    public void PauseAndResume_EqualsBefore()
    {
        var world = StatusTableTests.Active();
        var before = world.Subscription;
        world.Pause();
        world.Resume();
        Assert.Equal(before, world.Subscription);
    }

    [Fact]
    public void Pause_OfWhatATrialPaused_OrOfAnIncomplete_IsRefused()
    {
        var world = new World();
        world.Trial("basic", 3, TrialEndBehavior.Pause);
        world.Advance(days: 3);
        Assert.Equal(BillingErrorCode.InvalidState, Assert.Throws<BillingException>(() => world.Pause()).Code);

        world = new World();
        world.Subscribe("basic");
        Assert.Equal(BillingErrorCode.InvalidState, Assert.Throws<BillingException>(() => world.Pause()).Code);
    }
}
