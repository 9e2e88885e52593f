using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>Failed payments.</content>
public abstract partial class ProviderConformance
{
    /// <summary>A renewal that is declined: past due from the failure on, the period has moved, and a retry is due three days later.</summary>
    [Fact]
    public async Task Renewal_Declined_IsPastDueAndWillBeRetried()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene);

        var invoice = await scene.NewestInvoiceAsync();
        var failure = Assert.Single(invoice.Failures);
        Assert.Equal((SubscriptionStatus.PastDue, failure.At), (subscription.Status, subscription.PastDueSince));
        Assert.Equal(new BillingPeriod(StartAt.AddMonths(1), StartAt.AddMonths(2)), subscription.CurrentPeriod);
        Assert.Equal((InvoiceStatus.Open, 1, failure.At.AddDays(3)), (invoice.Status, invoice.AttemptCount, invoice.NextPaymentAttempt));
        Assert.NotNull(invoice.Number);
        Assert.NotNull(failure.DeclineCode);
        Assert.Equal((failure.DeclineCode, false), (invoice.LastDeclineCode, failure.RequiresAction));
        Assert.Equal((invoice.Id, Usd(29), failure.DeclineCode), (subscription.PendingPayment?.InvoiceId, subscription.PendingPayment?.Amount, subscription.PendingPayment?.DeclineCode));
    }

    /// <summary>Retries come 3, 5 and 7 days after one another; when the last one failed, the subscription becomes what the setting says.</summary>
    [Theory]
    [InlineData(RetriesExhausted.Cancel, SubscriptionStatus.Canceled)]
    [InlineData(RetriesExhausted.MarkUnpaid, SubscriptionStatus.Unpaid)]
    [InlineData(RetriesExhausted.LeavePastDue, SubscriptionStatus.PastDue)]
    public async Task Renewal_EveryRetryFails_EndsAsConfigured(RetriesExhausted setting, SubscriptionStatus expected)
    {
        await using var scene = await StartAsync(whenRetriesExhausted: setting);
        var subscription = await PastDueAsync(scene);
        var first = (await scene.NewestInvoiceAsync()).Failures[0].At;

        await scene.AdvanceToAsync(first.AddDays(16));

        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal([first, first.AddDays(3), first.AddDays(8), first.AddDays(15)], invoice.Failures.Select(failure => failure.At));
        Assert.Equal((InvoiceStatus.Open, 4, null), (invoice.Status, invoice.AttemptCount, invoice.NextPaymentAttempt));
        Assert.Equal(expected, (await scene.SubscriptionAsync(subscription.Id)).Status);
        if (expected == SubscriptionStatus.Canceled)
            Assert.Equal(first.AddDays(15), (await scene.SubscriptionAsync(subscription.Id)).EndedAt);
    }

    /// <summary>A new card alone changes nothing; the next retry takes it, and the subscription recovers in the period that it had.</summary>
    [Fact]
    public async Task PastDue_NewCard_RecoversAtTheNextRetry()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene);
        var due = (await scene.NewestInvoiceAsync()).NextPaymentAttempt;

        await scene.AddCardAsync(scene.Cards.AlsoWorks);
        Assert.Equal(SubscriptionStatus.PastDue, (await scene.SubscriptionAsync(subscription.Id)).Status);
        Assert.Equal(InvoiceStatus.Open, (await scene.NewestInvoiceAsync()).Status);
        await scene.AdvanceAsync(TimeSpan.FromDays(3).Add(TimeSpan.FromHours(1)));

        var paid = await scene.NewestInvoiceAsync();
        Assert.Equal((InvoiceStatus.Paid, due, 2, null), (paid.Status, paid.PaidAt, paid.AttemptCount, paid.NextPaymentAttempt));
        var recovered = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Active, null, null), (recovered.Status, recovered.PastDueSince, recovered.PendingPayment));
        Assert.Equal((subscription.CurrentPeriod, subscription.BillingCycleAnchor), (recovered.CurrentPeriod, recovered.BillingCycleAnchor));
    }

    /// <summary>Paying the invoice by hand takes the default card at once, and ends the schedule.</summary>
    [Fact]
    public async Task PastDue_PaidByHandWithANewCard_RecoversAtOnce()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene);
        await scene.AddCardAsync(scene.Cards.AlsoWorks);

        var paid = await scene.ActAsync(await scene.NewestInvoiceAsync(), InvoiceAction.Pay);

        Assert.Equal((InvoiceStatus.Paid, scene.Now, null), (paid.Status, paid.PaidAt, paid.NextPaymentAttempt));
        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
    }

    /// <summary>Paying by hand with a card that declines is state: the invoice stays open with its code, no automatic attempt is counted, and the schedule goes on.</summary>
    [Fact]
    public async Task PastDue_PaidByHandAndDeclined_StaysOpen()
    {
        await using var scene = await StartAsync();
        await PastDueAsync(scene);
        var before = await scene.NewestInvoiceAsync();
        await scene.AdvanceAsync(TimeSpan.FromHours(5));

        var after = await scene.ActAsync(before, InvoiceAction.Pay);

        Assert.Equal((InvoiceStatus.Open, before.LastDeclineCode), (after.Status, after.LastDeclineCode));
        Assert.Equal((1, before.NextPaymentAttempt), (after.AttemptCount, after.NextPaymentAttempt));
        Assert.Equal([before.Failures[0].At, scene.Now], after.Failures.Select(failure => failure.At));
    }

    /// <summary>No card at all: past due with the code no_payment_method, and no retry.</summary>
    [Fact]
    public async Task Renewal_NoCard_IsPastDueWithoutARetry()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        await scene.RemoveCardAsync((await scene.ReadAsync()).PaymentMethods![0].Id);

        await scene.AdvancePastRenewalAsync(subscription.Id);

        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal(SubscriptionStatus.PastDue, (await scene.SubscriptionAsync(subscription.Id)).Status);
        Assert.Equal((InvoiceStatus.Open, "no_payment_method", null), (invoice.Status, invoice.LastDeclineCode, invoice.NextPaymentAttempt));
        Assert.Equal("no_payment_method", Assert.Single(invoice.Failures).DeclineCode);
    }

    /// <summary>A card that is declined for good is not charged again: the schedule goes on without attempts until there is a new card.</summary>
    [Fact]
    public async Task Renewal_DeclinedForGood_IsNotChargedAgainBeforeThereIsANewCard()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene, scene.Cards.DeclinesForGood);
        var first = (await scene.NewestInvoiceAsync()).Failures[0].At;

        await scene.AdvanceToAsync(first.AddDays(4));
        var passedOver = await scene.NewestInvoiceAsync();
        Assert.Equal((1, first.AddDays(8)), (passedOver.AttemptCount, passedOver.NextPaymentAttempt));
        Assert.Single(passedOver.Failures);
        await scene.AddCardAsync(scene.Cards.Works);
        await scene.AdvanceToAsync(first.AddDays(9));

        Assert.Equal((InvoiceStatus.Paid, first.AddDays(8)), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).PaidAt));
        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
    }

    /// <summary>A renewal for which the bank asks: past due, waiting for the customer, who can still say yes.</summary>
    [Fact]
    public async Task Renewal_BankAsks_IsPastDueUntilTheCustomerAuthenticates()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene, scene.Cards.AsksEveryTime);
        Assert.True(subscription.PendingPayment?.RequiresAction);
        Assert.True(Assert.Single((await scene.NewestInvoiceAsync()).Failures).RequiresAction);

        await scene.AnswerAsync(subscription, authenticate: true);

        Assert.Equal((SubscriptionStatus.Active, null), ((await scene.SubscriptionAsync(subscription.Id)).Status, (await scene.SubscriptionAsync(subscription.Id)).PendingPayment));
        Assert.Equal((InvoiceStatus.Paid, scene.Now), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).PaidAt));
    }

    /// <summary>While unpaid, new invoices stay drafts; paying the newest open one makes it active.</summary>
    [Fact]
    public async Task Unpaid_NewInvoicesStayDrafts_AndPayingTheLatestRevives()
    {
        await using var scene = await StartAsync(whenRetriesExhausted: RetriesExhausted.MarkUnpaid);
        var subscription = await PastDueAsync(scene);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        var unpaid = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Unpaid, StartAt.AddMonths(2)), (unpaid.Status, unpaid.CurrentPeriod.Start));
        Assert.Equal([InvoiceStatus.Paid, InvoiceStatus.Open, InvoiceStatus.Draft], (await scene.InvoicesAsync()).Select(invoice => invoice.Status));
        Assert.Null((await scene.NewestInvoiceAsync()).NextPaymentAttempt);
        await scene.AddCardAsync(scene.Cards.Works);
        await scene.ActAsync((await scene.InvoicesAsync())[1], InvoiceAction.Pay);

        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
    }

    /// <summary>Writing the latest invoice off, or voiding it, makes the subscription active: nothing is owed any more.</summary>
    [Theory]
    [InlineData(InvoiceAction.MarkUncollectible, InvoiceStatus.Uncollectible)]
    [InlineData(InvoiceAction.Void, InvoiceStatus.Void)]
    public async Task PastDue_InvoiceIsGivenUp_IsActive(InvoiceAction action, InvoiceStatus expected)
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene);

        var invoice = await scene.ActAsync(await scene.NewestInvoiceAsync(), action);

        Assert.Equal((expected, null), (invoice.Status, invoice.NextPaymentAttempt));
        var after = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Active, null, null), (after.Status, after.PastDueSince, after.PendingPayment));
    }

    /// <summary>A trial's first payment that is declined: past due, as a renewal's.</summary>
    [Fact]
    public async Task Trial_FirstPaymentDeclined_IsPastDue()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Declines);
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14));

        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(SubscriptionStatus.PastDue, (await scene.SubscriptionAsync(subscription.Id)).Status);
        Assert.Equal((InvoiceStatus.Open, 1), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).AttemptCount));
    }

    private static async Task<Subscription> PastDueAsync(Scene scene, string? card = null)
    {
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        await scene.AddCardAsync(card ?? scene.Cards.Declines);
        await scene.AdvancePastRenewalAsync(subscription.Id);
        var pastDue = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal(SubscriptionStatus.PastDue, pastDue.Status);
        return pastDue;
    }
}
