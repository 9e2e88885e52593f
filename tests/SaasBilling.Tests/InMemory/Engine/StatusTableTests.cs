using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

/// <summary>Every row of the table of statuses.</summary>
public class StatusTableTests
{
    [Fact]
    public void Start_WithTrial_IsTrialing_AndItsZeroInvoiceIsPaidAtOnce()
    {
        var world = new World();
        world.Trial("basic", 14);

        Assert.Equal(SubscriptionStatus.Trialing, world.Subscription.Status);
        var invoice = Assert.Single(world.Invoices);
        Assert.Equal(InvoiceStatus.Paid, invoice.Status);
        Assert.True(invoice.Total.IsZero);
        Assert.Equal(0, invoice.AttemptCount);
        Assert.NotNull(invoice.Number);
        Assert.Equal("Trial of Basic", Assert.Single(invoice.Lines).Description);
    }

    [Fact]
    public void Start_PaidAtOnce_IsActive()
    {
        var world = Active();
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
    }

    [Theory]
    [InlineData("free", 0)]
    [InlineData("zero", 1)]
    [InlineData("usage", 0)]
    public void RSTA5_Start_WithNothingToPay_IsActiveWithoutACard(string plan, int invoices)
    {
        var world = new World();
        world.Subscribe(plan);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal(invoices, world.Invoices.Count);
    }

    [Fact]
    public void RSTA2_Start_Declined_IsIncomplete_AndTheInvoiceIsOpen()
    {
        var world = new World();
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.Subscribe("basic");

        var subscription = world.Subscription;
        Assert.Equal(SubscriptionStatus.Incomplete, subscription.Status);
        var invoice = Assert.Single(world.Invoices);
        Assert.Equal(InvoiceStatus.Open, invoice.Status);
        Assert.Equal("generic_decline", invoice.LastDeclineCode);
        Assert.Equal(1, invoice.AttemptCount);
        Assert.Null(invoice.NextPaymentAttempt);
        var pending = subscription.PendingPayment!;
        Assert.Equal((invoice.Id, Money.Of(10m, "USD"), false, "generic_decline"), (pending.InvoiceId, pending.Amount, pending.RequiresAction, pending.DeclineCode));
        Assert.Equal($"/billing/pay/{invoice.Id}", pending.ActionUrl!.OriginalString);
        Assert.StartsWith($"{invoice.Id}_secret_", pending.ClientSecret, StringComparison.Ordinal);
    }

    [Fact]
    public void RSTA2_Start_Waiting3DSecure_IsIncomplete_WithNoAttemptCounted()
    {
        var world = new World();
        world.Card(TestPaymentMethods.RequiresAuthentication);
        world.Subscribe("basic");

        Assert.Equal(SubscriptionStatus.Incomplete, world.Subscription.Status);
        Assert.True(world.Subscription.PendingPayment!.RequiresAction);
        Assert.Null(world.Subscription.PendingPayment!.DeclineCode);
        Assert.Equal(0, world.Newest.AttemptCount);
        Assert.True(Assert.Single(world.Newest.Failures).RequiresAction);

        world.Answer(authenticate: true);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Null(world.Subscription.PendingPayment);
        Assert.Equal((InvoiceStatus.Paid, 1), (world.Newest.Status, world.Newest.AttemptCount));
    }

    [Fact]
    public void Start_WithoutCard_IsIncomplete_WithNothingTried()
    {
        var world = new World();
        world.Subscribe("basic");

        Assert.Equal(SubscriptionStatus.Incomplete, world.Subscription.Status);
        Assert.Empty(world.Newest.Failures);
        Assert.Equal(0, world.Newest.AttemptCount);
        Assert.Null(world.Subscription.PendingPayment!.DeclineCode);
        Assert.False(world.Subscription.PendingPayment!.RequiresAction);
    }

    [Fact]
    public void Incomplete_PaidWithin23Hours_IsActive_ItsPeriodCountedFromCreation()
    {
        var world = new World();
        world.Subscribe("basic");
        world.Advance(hours: 22);
        world.Card();
        Assert.Equal(SubscriptionStatus.Incomplete, world.Subscription.Status);

        world.Act(world.Newest, InvoiceAction.Pay);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal(new BillingPeriod(world.Start, World.At("2026-02-01")), world.Subscription.CurrentPeriod);
        world.Advance(hours: 2);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
    }

    [Fact]
    public void RSTA3_Incomplete_NotPaid_ExpiresAfter23Hours_AndItsInvoiceIsVoid()
    {
        var world = new World();
        world.Subscribe("basic");
        world.Advance(hours: 23, seconds: -1);
        Assert.Equal(SubscriptionStatus.Incomplete, world.Subscription.Status);

        world.Advance(seconds: 1);
        Assert.Equal(SubscriptionStatus.IncompleteExpired, world.Subscription.Status);
        Assert.Equal(world.Start.AddHours(23), world.Subscription.EndedAt);
        Assert.Equal(InvoiceStatus.Void, world.Newest.Status);
        Assert.Null(world.Provider.NextDueAt);
    }

    [Fact]
    public void B13_Incomplete_IsReplacedByTheNextTry()
    {
        var world = new World();
        world.Subscribe("basic");
        var first = world.Subscription.Id;
        world.Card();
        var refused = Assert.Throws<BillingException>(() => world.Subscribe("pro"));
        Assert.Equal(BillingErrorCode.AlreadySubscribed, refused.Code);

        world.Subscribe(world.Request("pro") with { Replaces = first });
        var all = world.Read().Subscriptions;
        Assert.Equal([SubscriptionStatus.IncompleteExpired, SubscriptionStatus.Active], all.Select(subscription => subscription.Status));
        Assert.Equal([InvoiceStatus.Void, InvoiceStatus.Paid], world.Invoices.Select(invoice => invoice.Status));
    }

    [Fact]
    public void Trialing_WithCard_IsActiveAtOnce_WithADraft()
    {
        var world = new World();
        world.Card();
        world.Trial("basic", 14);
        world.Advance(days: 14);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal(InvoiceStatus.Draft, world.Newest.Status);
        Assert.Equal(BillingReason.SubscriptionCycle, world.Newest.Reason);
    }

    [Fact]
    public void Active_AfterTrial_IsPastDueWhenTheDraftIsFinalizedAndDeclined()
    {
        var world = new World();
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.Trial("basic", 14);
        world.Advance(days: 14);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        world.Advance(hours: 1);
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);
        Assert.Equal(world.Now, world.Subscription.PastDueSince);
    }

    [Theory]
    [InlineData(TrialEndBehavior.Cancel, SubscriptionStatus.Canceled)]
    [InlineData(TrialEndBehavior.Pause, SubscriptionStatus.Paused)]
    [InlineData(TrialEndBehavior.CreateInvoice, SubscriptionStatus.Active)]
    public void B27_Trialing_WithoutCard_DoesWhatThePlanSays(TrialEndBehavior behavior, SubscriptionStatus expected)
    {
        var world = new World();
        world.Trial("basic", 14, behavior);
        world.Advance(days: 14);

        Assert.Equal(expected, world.Subscription.Status);
        Assert.Equal(behavior == TrialEndBehavior.CreateInvoice ? 2 : 1, world.Invoices.Count);
        world.Advance(hours: 1);
        Assert.Equal(behavior == TrialEndBehavior.CreateInvoice ? SubscriptionStatus.PastDue : expected, world.Subscription.Status);
        if (behavior == TrialEndBehavior.CreateInvoice)
        {
            Assert.Equal("no_payment_method", world.Newest.LastDeclineCode);
            Assert.Null(world.Newest.NextPaymentAttempt);
        }
    }

    [Fact]
    public void Paused_AfterTrial_IsActiveWhenResumedWithACard_InANewPeriod()
    {
        var world = new World();
        world.Trial("basic", 14, TrialEndBehavior.Pause);
        world.Advance(days: 20);
        Assert.Equal(
            "'default' is paused because its trial ended without a payment method. Add one with AddPaymentMethodAsync, then resume.",
            Assert.Throws<BillingException>(world.Resume).Message);

        world.Card();
        world.Resume();
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal(new BillingPeriod(world.Now, world.Now.AddMonths(1)), world.Subscription.CurrentPeriod);
        Assert.Equal((InvoiceStatus.Paid, Money.Of(10m, "USD")), (world.Newest.Status, world.Newest.AmountPaid));
    }

    [Fact]
    public void RTRI7_Paused_AfterTrial_ResumedWithABadCard_IsPastDue()
    {
        var world = new World();
        world.Trial("basic", 14, TrialEndBehavior.Pause);
        world.Advance(days: 20);
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.Resume();
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);
        Assert.Equal(world.Now.AddDays(3), world.Newest.NextPaymentAttempt);
    }

    [Fact]
    public void RSTA6_PastDue_IsActiveWhenItsLatestInvoiceIsPaid_AndThePeriodHasNotMoved()
    {
        var world = PastDue();
        var period = world.Subscription.CurrentPeriod;
        world.Card();
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);

        world.Act(world.Newest, InvoiceAction.Pay);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Null(world.Subscription.PastDueSince);
        Assert.Equal(period, world.Subscription.CurrentPeriod);
    }

    [Theory]
    [InlineData(InvoiceAction.Void)]
    [InlineData(InvoiceAction.MarkUncollectible)]
    public void RSTA6_PastDue_IsActiveWhenItsLatestInvoiceIsWrittenOff(InvoiceAction action)
    {
        var world = PastDue();
        world.Act(world.Newest, action);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Null(world.Newest.NextPaymentAttempt);
    }

    [Theory]
    [InlineData(RetriesExhausted.Cancel, SubscriptionStatus.Canceled)]
    [InlineData(RetriesExhausted.MarkUnpaid, SubscriptionStatus.Unpaid)]
    [InlineData(RetriesExhausted.LeavePastDue, SubscriptionStatus.PastDue)]
    public void RDUN2_PastDue_WithRetriesExhausted_DoesWhatTheOptionSays(RetriesExhausted option, SubscriptionStatus expected)
    {
        var world = PastDue(options => options.WhenRetriesExhausted = option);
        world.Advance(days: 15, seconds: -1);
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);

        world.Advance(seconds: 1);
        Assert.Equal(expected, world.Subscription.Status);
        Assert.Equal(InvoiceStatus.Open, world.Newest.Status);
        Assert.Null(world.Newest.NextPaymentAttempt);
        Assert.Equal(4, world.Newest.AttemptCount);
    }

    [Fact]
    public void Active_GivenFreeTime_IsTrialing_AndTheAnchorMoves()
    {
        var world = Active();
        world.Advance(days: 10);
        world.TrialEnd(World.At("2026-02-20"));

        var subscription = world.Subscription;
        Assert.Equal(SubscriptionStatus.Trialing, subscription.Status);
        Assert.Equal(World.At("2026-02-20"), subscription.BillingCycleAnchor);
        Assert.Equal(new BillingPeriod(World.At("2026-01-11"), World.At("2026-02-20")), subscription.Trial);
        Assert.Single(world.Invoices);
        Assert.Equal(0, world.Balance);

        world.To("2026-02-20T01:00:00Z");
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal(new BillingPeriod(World.At("2026-02-20"), World.At("2026-03-20")), world.Subscription.CurrentPeriod);
        Assert.Equal(Money.Of(10m, "USD"), world.Newest.AmountPaid);
    }

    [Fact]
    public void Active_ChangeWhoseChargeFails_StandsAndIsPastDue()
    {
        var world = Active();
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.Advance(days: 10);
        world.Change("pro", Proration.AlwaysInvoice);

        Assert.Equal(("pro", SubscriptionStatus.PastDue), (world.Subscription.PlanKey, world.Subscription.Status));
        Assert.Equal((InvoiceStatus.Open, 1), (world.Newest.Status, world.Newest.AttemptCount));
        Assert.Equal(world.Newest.Id, world.Subscription.PendingPayment!.InvoiceId);

        world.Change("basic", Proration.AlwaysInvoice);
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);
    }

    [Fact]
    public void RSTA8_Unpaid_KeepsNewInvoicesAsDrafts_AndIsActiveWhenTheLatestIsPaid()
    {
        var world = PastDue(options => options.WhenRetriesExhausted = RetriesExhausted.MarkUnpaid);
        world.Advance(days: 15);
        var open = world.Newest;
        world.Advance(days: 31);
        Assert.Equal((InvoiceStatus.Draft, null), (world.Newest.Status, world.Newest.NextPaymentAttempt));
        Assert.Equal(SubscriptionStatus.Unpaid, world.Subscription.Status);

        world.Card();
        world.Act(open, InvoiceAction.Pay);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal(InvoiceStatus.Draft, world.Newest.Status);
    }

    [Theory]
    [InlineData(SubscriptionStatus.Active)]
    [InlineData(SubscriptionStatus.Trialing)]
    [InlineData(SubscriptionStatus.PastDue)]
    [InlineData(SubscriptionStatus.Unpaid)]
    [InlineData(SubscriptionStatus.Paused)]
    [InlineData(SubscriptionStatus.Incomplete)]
    public void RSTA10_AnyLive_CanBeCanceledNow_AndNeverLivesAgain(SubscriptionStatus status)
    {
        var world = In(status);
        world.CancelNow();
        Assert.Equal(SubscriptionStatus.Canceled, world.Subscription.Status);
        Assert.Equal(world.Now, world.Subscription.EndedAt);
        var ended = world.Subscription;

        Assert.Equal(BillingErrorCode.InvalidState, Assert.Throws<BillingException>(world.Resume).Code);
        Assert.Equal(BillingErrorCode.InvalidState, Assert.Throws<BillingException>(() => world.CancelNow()).Code);
        Assert.Equal(BillingErrorCode.InvalidState, Assert.Throws<BillingException>(() => world.Change("pro")).Code);
        world.Card();
        foreach (var invoice in world.Invoices.Where(invoice => invoice.Status == InvoiceStatus.Open))
            world.Act(invoice, InvoiceAction.Pay);
        world.Advance(days: 400);
        Assert.Equal(ended, world.Subscription);
    }

    internal static World Active(Action<InMemoryBillingOptions>? configure = null)
    {
        var world = new World(configure: configure);
        world.Card();
        world.Subscribe("basic");
        return world;
    }

    /// <summary>Its renewal of 1 February was declined an hour after the boundary.</summary>
    internal static World PastDue(Action<InMemoryBillingOptions>? configure = null)
    {
        var world = Active(configure);
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);
        return world;
    }

    private static World In(SubscriptionStatus status)
    {
        World world;
        switch (status)
        {
            case SubscriptionStatus.Active:
                return Active();
            case SubscriptionStatus.Trialing:
                world = new World();
                world.Trial("basic", 14);
                return world;
            case SubscriptionStatus.PastDue:
                return PastDue();
            case SubscriptionStatus.Unpaid:
                return PastDue(options => options.WhenRetriesExhausted = RetriesExhausted.MarkUnpaid).Advance(days: 15);
            case SubscriptionStatus.Paused:
                world = Active();
                world.Pause();
                return world;
            default:
                world = new World();
                world.Subscribe("basic");
                return world;
        }
    }
}
