using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

public class DunningTests
{
    private static readonly DateTimeOffset Failed = World.At("2026-02-01T01:00:00Z");

    [Fact]
    public void ACard_WorksToTheEndOfItsMonth_AndIsDeclinedFromThenOn()
    {
        var world = new World(World.At("2026-02-15"));
        world.Card();
        world.Subscribe("basic");
        world.To("2029-02-28T23:59:59Z");
        Assert.Equal((2, 2029), (world.Read().PaymentMethods![0].ExpiryMonth, world.Read().PaymentMethods![0].ExpiryYear));
        Assert.Equal((37, true), (world.Invoices.Count, world.Invoices.All(invoice => invoice.Status == InvoiceStatus.Paid)));
        world.ChargeNow(500);
        Assert.Equal(InvoiceStatus.Paid, world.Newest.Status);

        world.To("2029-03-01");
        world.ChargeNow(500);
        Assert.Equal((InvoiceStatus.Open, "expired_card"), (world.Newest.Status, world.Newest.LastDeclineCode));
        world.To("2029-03-15T01:00:00Z");
        Assert.Equal((SubscriptionStatus.PastDue, "expired_card"), (world.Subscription.Status, world.Newest.LastDeclineCode));

        world.Card();
        world.Act(world.Newest, InvoiceAction.Pay);
        Assert.Equal((SubscriptionStatus.Active, InvoiceStatus.Paid), (world.Subscription.Status, world.Newest.Status));
    }

    [Fact]
    public void RDUN1_Retries_ComeThreeFiveAndSevenDaysAfterTheAttemptBefore()
    {
        var world = StatusTableTests.PastDue(options => options.WhenRetriesExhausted = RetriesExhausted.LeavePastDue);
        var attempts = new List<(DateTimeOffset At, int Count, DateTimeOffset? Next)>();
        foreach (var day in new[] { 0, 3, 8, 15 })
        {
            world.To(Failed.AddDays(day));
            var invoice = world.Invoices[1];
            attempts.Add((invoice.Failures[^1].At, invoice.AttemptCount, invoice.NextPaymentAttempt));
        }

        Assert.Equal(
            [(Failed, 1, Failed.AddDays(3)), (Failed.AddDays(3), 2, Failed.AddDays(8)), (Failed.AddDays(8), 3, Failed.AddDays(15)), (Failed.AddDays(15), 4, null)],
            attempts);
    }

    [Fact]
    public void ANewCardAlone_ChangesNothing_AndTheNextRetryUsesIt()
    {
        var world = StatusTableTests.PastDue();
        world.Advance(days: 1);
        world.Card();
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);

        world.To(Failed.AddDays(3));
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal((InvoiceStatus.Paid, 2, (DateTimeOffset?)null), (world.Newest.Status, world.Newest.AttemptCount, world.Newest.NextPaymentAttempt));
        Assert.Equal(Failed.AddDays(3), world.Newest.PaidAt);
    }

    [Fact]
    public void RDUN5_HardDecline_PassesOver_CountsNothing_AndStillEndsTheSchedule()
    {
        var world = StatusTableTests.Active();
        world.Card(TestPaymentMethods.Blocked);
        world.To(Failed.AddDays(14));

        var invoice = world.Invoices[1];
        Assert.Equal("highest_risk_level", invoice.LastDeclineCode);
        Assert.Equal(1, invoice.AttemptCount);
        Assert.Equal(Failed, Assert.Single(invoice.Failures).At);
        Assert.Equal(Failed.AddDays(15), invoice.NextPaymentAttempt);

        world.To(Failed.AddDays(15));
        Assert.Equal(SubscriptionStatus.Canceled, world.Subscription.Status);
        Assert.Single(world.Invoices[1].Failures);
    }

    [Fact]
    public void RDUN5_HardDecline_IsChargedAgainOnceThereIsANewCard()
    {
        var world = StatusTableTests.Active();
        world.Card(TestPaymentMethods.Blocked);
        world.To(Failed.AddDays(4));
        world.Card();
        world.To(Failed.AddDays(8));
        Assert.Equal((InvoiceStatus.Paid, 2), (world.Newest.Status, world.Newest.AttemptCount));
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
    }

    [Fact]
    public void RDUN5_NoPaymentMethod_IsNotRetried()
    {
        var world = StatusTableTests.Active();
        world.RemoveCard(Assert.Single(world.Read().PaymentMethods!));
        world.To(Failed);
        Assert.Equal("no_payment_method", world.Newest.LastDeclineCode);
        Assert.Null(world.Newest.NextPaymentAttempt);
        Assert.Equal(1, world.Newest.AttemptCount);

        world.Advance(days: 20);
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);
        Assert.Single(world.Newest.Failures);
    }

    [Fact]
    public void RDUN3_AttemptsByHand_DoNotCount_AndDoNotMoveTheSchedule()
    {
        var world = StatusTableTests.PastDue();
        world.Advance(days: 1);
        world.Act(world.Newest, InvoiceAction.Pay);
        Assert.Equal(1, world.Newest.AttemptCount);
        Assert.Equal(2, world.Newest.Failures.Count);
        Assert.Equal(Failed.AddDays(3), world.Newest.NextPaymentAttempt);
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);
    }

    [Fact]
    public void RDUN4_Payment_EndsTheSchedule()
    {
        var world = StatusTableTests.PastDue();
        world.Card();
        world.Act(world.Newest, InvoiceAction.Pay);
        Assert.Null(world.Newest.NextPaymentAttempt);
        world.Advance(days: 15);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Single(world.Newest.Failures);
    }

    [Fact]
    public void RenewalThatTheBankAsksAbout_IsPastDue_AndPaidWhenTheCustomerAnswers()
    {
        var world = StatusTableTests.Active();
        world.Card(TestPaymentMethods.RequiresAuthentication);
        world.To(Failed);
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);
        Assert.True(world.Subscription.PendingPayment!.RequiresAction);

        world.Advance(days: 3);
        Assert.Single(world.Newest.Failures);
        world.Answer(authenticate: true);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal(InvoiceStatus.Paid, world.Newest.Status);
    }

    [Fact]
    public void RCARD4_AsksOnce_WorksAtTheNextRenewal()
    {
        var world = new World();
        world.Card(TestPaymentMethods.RequiresAuthenticationOnce);
        world.Subscribe("basic");
        world.Answer(authenticate: true);
        world.To(Failed);
        Assert.Equal((SubscriptionStatus.Active, InvoiceStatus.Paid), (world.Subscription.Status, world.Newest.Status));
    }

    [Theory]
    [InlineData(TestPaymentMethods.RequiresAuthentication, false, "authentication_required")]
    [InlineData(TestPaymentMethods.ThreeDSecureThenDeclined, true, "generic_decline")]
    public void AnAnswerThatDoesNotPay_LeavesTheInvoiceOpen(string card, bool authenticate, string code)
    {
        var world = new World();
        world.Card(card);
        world.Subscribe("basic");
        world.Answer(authenticate);
        Assert.Equal(SubscriptionStatus.Incomplete, world.Subscription.Status);
        Assert.False(world.Subscription.PendingPayment!.RequiresAction);
        Assert.Equal(code, world.Subscription.PendingPayment!.DeclineCode);
        Assert.Equal(code, world.Newest.LastDeclineCode);
        Assert.Equal(
            "No payment of 'default' waits for customer 'acme'. PendingPayment.RequiresAction says when one does.",
            Assert.Throws<BillingException>(() => world.Answer(authenticate: true)).Message);
    }

    [Fact]
    public void PaidOlderInvoice_LeavesTheNewerOneOwed()
    {
        var world = StatusTableTests.PastDue(options => options.WhenRetriesExhausted = RetriesExhausted.LeavePastDue);
        world.To("2026-03-01T01:00:00Z");
        var (older, newer) = (world.Invoices[1], world.Invoices[2]);
        world.Card();
        world.Act(older, InvoiceAction.Pay);
        Assert.Equal(SubscriptionStatus.PastDue, world.Subscription.Status);
        Assert.Equal(newer.Id, world.Subscription.PendingPayment!.InvoiceId);

        world.Act(newer, InvoiceAction.Pay);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
    }

    [Fact]
    public void NoRetriesConfigured_EndsAtTheFirstFailure()
    {
        var world = StatusTableTests.Active(options => options.PaymentRetries = []);
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.To(Failed);
        Assert.Equal(SubscriptionStatus.Canceled, world.Subscription.Status);
        Assert.Equal(Failed, world.Subscription.EndedAt);
    }

    [Fact]
    public void UncollectibleInvoice_MayStillBePaid()
    {
        var world = StatusTableTests.PastDue();
        world.Act(world.Newest, InvoiceAction.MarkUncollectible);
        world.Act(world.Newest, InvoiceAction.PayOutOfBand);
        Assert.Equal((InvoiceStatus.Paid, Money.Of(10m, "USD")), (world.Newest.Status, world.Newest.AmountPaid));
    }
}
