using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Tests.Docs;

public sealed class FailedPaymentSnippets
{
    [Fact]
    public async Task A_card_that_never_recovers()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;

        #region card-goes-bad
        var acme = billing.For("acme");
        await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);    // the new default: every charge is declined
        await simulator.AdvanceToAsync(new(2027, 2, 20, 9, 0, 0, TimeSpan.Zero));
        #endregion

        DocsPage.Shows("docs/failed-payments.md", "dunning", (await app.TimelineAsync("acme")).Where(line => string.CompareOrdinal(line, "2027-02") > 0));
        Assert.Equal(SubscriptionStatus.Canceled, (await acme.GetSubscriptionAsync())?.Status);
        Assert.Equal(InvoiceStatus.Open, (await acme.GetInvoicesAsync())[0].Status);
    }

    [Fact]
    public async Task A_card_that_is_replaced()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await simulator.AdvanceToAsync(DocsApp.At("2027-02-06 09:00"));

        #region what-to-show
        var access = await acme.GetAccessAsync();
        var pending = (await acme.GetSubscriptionAsync())?.PendingPayment;
        if (access.Reason == AccessReason.GracePeriod && pending is not null)
        {
            Show($"We could not charge {pending.Amount} ({pending.DeclineCode}). Please update your card by {access.Until:MMMM d}.");
        }
        #endregion

        #region recover
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);                  // by itself it changes nothing: the next retry would use it
        var invoice = await acme.PayInvoiceAsync(pending!.InvoiceId);               // so pay at once
        #endregion

        Assert.Equal(InvoiceStatus.Paid, invoice.Status);
        Assert.Equal(SubscriptionStatus.Active, (await acme.GetSubscriptionAsync())?.Status);
        DocsPage.Shows("docs/failed-payments.md", "recovered", (await app.TimelineAsync("acme")).Where(line => string.CompareOrdinal(line, "2027-02") > 0));

        static void Show(string text) => DocsPage.Shows("docs/failed-payments.md", "what-to-show", [text]);
    }

    [Fact]
    public async Task A_hard_decline_is_not_tried_again()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Blocked);
        await simulator.AdvanceToAsync(DocsApp.At("2027-02-15 09:00"));

        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(1, invoice.AttemptCount);
        Assert.Equal("highest_risk_level", invoice.LastDeclineCode);
        Assert.Single(await app.TimelineAsync("acme"), line => line.EndsWith(nameof(PaymentFailed), StringComparison.Ordinal));
        await simulator.AdvanceToAsync(DocsApp.At("2027-02-16 10:00"));
        Assert.Equal(SubscriptionStatus.Canceled, (await acme.GetSubscriptionAsync())?.Status);
    }

    [Fact]
    public async Task Without_a_card_nothing_is_tried_again()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.RemovePaymentMethodAsync((await acme.GetPaymentMethodsAsync())[0].Id);
        await simulator.AdvanceToAsync(DocsApp.At("2027-03-02 09:00"));

        Assert.Equal(SubscriptionStatus.PastDue, (await acme.GetSubscriptionAsync())?.Status);
        Assert.Equal(AccessReason.PaymentFailed, (await acme.GetAccessAsync()).Reason);
        var open = (await acme.GetInvoicesAsync()).Where(invoice => invoice.Status == InvoiceStatus.Open).ToList();
        Assert.Equal(2, open.Count);
        Assert.All(open, invoice => Assert.Equal(("no_payment_method", null, 1), (invoice.LastDeclineCode, invoice.NextPaymentAttempt, invoice.AttemptCount)));
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        await acme.PayInvoiceAsync(open[0].Id);
        Assert.Equal(SubscriptionStatus.Active, (await acme.GetSubscriptionAsync())?.Status);
    }

    [Fact]
    public async Task A_first_payment_that_the_bank_asks_about()
    {
        await using var app = DocsApp.Start("2027-01-01 09:00", Plans);
        var (billing, simulator) = app;

        #region three-d-secure
        var acme = billing.For("acme");
        var subscription = await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.RequiresAuthenticationOnce });
        if (subscription is { Status: SubscriptionStatus.Incomplete, PendingPayment: { RequiresAction: true } pending })
        {
            Redirect(pending.ActionUrl);        // the bank's page; no access until it says yes, and 23 hours to do so
        }
        #endregion

        Assert.Equal(SubscriptionStatus.Incomplete, subscription.Status);
        Assert.Equal(AccessReason.Incomplete, (await acme.GetAccessAsync()).Reason);
        Assert.Equal(NextStep.ConfirmPayment, (await acme.CheckAsync("projects")).NextStep);

        #region three-d-secure-answer
        await simulator.AnswerPaymentActionAsync("acme", authenticate: true);       // in a test: the customer says yes to the bank
        #endregion

        Assert.Equal(SubscriptionStatus.Active, (await acme.GetSubscriptionAsync())?.Status);
        Assert.True((await acme.GetAccessAsync()).IsGranted);
        DocsPage.Shows("docs/failed-payments.md", "three-d-secure", await app.TimelineAsync("acme", nameof(CustomerCreated), nameof(PaymentMethodAdded)));

        static void Redirect(Uri? url) => Assert.NotNull(url);
    }

    [Fact]
    public async Task A_renewal_that_the_bank_asks_about()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.AddPaymentMethodAsync(TestPaymentMethods.RequiresAuthentication);
        await simulator.AdvanceToAsync(DocsApp.At("2027-02-01 10:00"));

        var subscription = await acme.GetSubscriptionAsync();
        Assert.Equal(SubscriptionStatus.PastDue, subscription?.Status);
        Assert.True(subscription?.PendingPayment?.RequiresAction);
        Assert.Equal(NextStep.ConfirmPayment, (await acme.CheckAsync("projects")).NextStep);
        await simulator.AdvanceAsync(TimeSpan.FromHours(2));
        await simulator.AnswerPaymentActionAsync("acme", authenticate: true);
        Assert.Equal(SubscriptionStatus.Active, (await acme.GetSubscriptionAsync())?.Status);
        DocsPage.Shows("docs/failed-payments.md", "bank-asks-at-renewal", (await app.TimelineAsync("acme")).Where(line => string.CompareOrdinal(line, "2027-02") > 0));
    }

    [Fact]
    public async Task A_first_payment_that_is_declined_can_be_tried_again()
    {
        await using var app = DocsApp.Start("2027-01-01 09:00", Plans);
        var (billing, simulator) = app;

        #region first-payment-declined
        var acme = billing.For("acme");
        var subscription = await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.DeclinedAfterAttaching });
        // no exception: subscription.Status is Incomplete, subscription.PendingPayment.DeclineCode is "generic_decline"

        subscription = await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });    // replaces the Incomplete one
        #endregion

        Assert.Equal(SubscriptionStatus.Active, subscription.Status);
        await simulator.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Equal(SubscriptionStatus.Active, (await acme.GetSubscriptionAsync())?.Status);
        var zoe = billing.For("zoe");
        Assert.Equal("generic_decline", (await zoe.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.DeclinedAfterAttaching })).PendingPayment?.DeclineCode);
        await simulator.AdvanceAsync(TimeSpan.FromHours(23));
        Assert.Equal(SubscriptionStatus.IncompleteExpired, (await zoe.GetSubscriptionAsync())?.Status);
        Assert.Equal(InvoiceStatus.Void, (await zoe.GetInvoicesAsync())[0].Status);
    }

    [Fact]
    public async Task A_card_that_cannot_be_attached_is_an_exception()
    {
        await using var app = DocsApp.Start("2027-01-01 09:00", Plans);
        var acme = app.Billing.For("acme");
        string? declineCode = null;

        #region card-refused
        try
        {
            await acme.AddPaymentMethodAsync(TestPaymentMethods.InsufficientFunds);
        }
        catch (BillingException exception) when (exception.Code == BillingErrorCode.ProviderRejected)
        {
            declineCode = exception.DeclineCode;        // "insufficient_funds"; nothing was changed
        }
        #endregion

        Assert.Equal("insufficient_funds", declineCode);
        Assert.Empty(await acme.GetPaymentMethodsAsync());
    }

    [Fact]
    public async Task The_schedule_is_an_option()
    {
        var services = new ServiceCollection();
        #region dunning-options
        services.AddSaasBilling(options => options.PastDueGrace = TimeSpan.FromDays(3))
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly))
            .UseInMemory(options =>
            {
                options.StartAt = new(2027, 1, 1, 9, 0, 0, TimeSpan.Zero);
                options.PaymentRetries = [TimeSpan.FromDays(1), TimeSpan.FromDays(3)];
                options.WhenRetriesExhausted = RetriesExhausted.MarkUnpaid;
            });
        #endregion
        await using var app = new DocsApp(services);
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);

        await simulator.AdvanceToAsync(DocsApp.At("2027-02-04 09:59"));
        Assert.Equal(AccessReason.GracePeriod, (await acme.GetAccessAsync()).Reason);
        await simulator.AdvanceToAsync(DocsApp.At("2027-02-04 10:00"));
        Assert.Equal(AccessReason.PaymentFailed, (await acme.GetAccessAsync()).Reason);
        await simulator.AdvanceToAsync(DocsApp.At("2027-02-05 10:00"));
        Assert.Equal(SubscriptionStatus.Unpaid, (await acme.GetSubscriptionAsync())?.Status);
    }

    private static void Plans(ISaasBillingBuilder builder) => builder
        .AddPlan("pro", plan => plan.Name("Pro").Price(29m, "USD", BillingInterval.Monthly).Feature("projects", limit: 50));

    private static async Task<DocsApp> SubscribedAsync()
    {
        var app = DocsApp.Start("2027-01-01 09:00", Plans);
        await app.Billing.For("acme").SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        return app;
    }
}
