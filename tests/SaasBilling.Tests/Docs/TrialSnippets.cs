using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Tests.Docs;

public sealed class TrialSnippets
{
    [Fact]
    public async Task The_page_in_short()
    {
        await using var app = Start();
        var (billing, simulator) = app;

        #region trial-in-short
        var acme = billing.For("acme");
        await acme.StartTrialAsync("pro");                                          // 14 days, no card
        await acme.ExtendTrialAsync(simulator.Now.AddDays(21));                     // a week more
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);                  // now it will convert by itself
        await acme.EndTrialAsync();                                                 // or convert right now
        #endregion

        var subscription = await acme.GetSubscriptionAsync();
        Assert.Equal(SubscriptionStatus.Active, subscription?.Status);
        Assert.Equal(Money.Of(29m, "USD"), (await acme.GetInvoicesAsync())[0].AmountPaid);
    }

    [Fact]
    public async Task A_trial_without_a_card_expires()
    {
        await using var app = Start();
        var (billing, simulator) = app;

        #region trial-without-card
        var acme = billing.For("acme");
        var subscription = await acme.StartTrialAsync("pro");
        // subscription.Status is Trialing, subscription.Trial is 2027-03-01 09:00 to 2027-03-15 09:00

        await simulator.AdvanceAsync(TimeSpan.FromDays(14));
        #endregion

        Assert.Equal(SubscriptionStatus.Trialing, subscription.Status);
        Assert.Equal(new BillingPeriod(DocsApp.At("2027-03-01 09:00"), DocsApp.At("2027-03-15 09:00")), subscription.Trial);
        DocsPage.Shows("docs/trials.md", "trial-without-card", await app.TimelineAsync("acme"));
        var access = await acme.GetAccessAsync();
        Assert.False(access.IsGranted);
        Assert.Equal(AccessReason.TrialExpired, access.Reason);
        Assert.All(await acme.GetInvoicesAsync(), invoice => Assert.True(invoice.Total.IsZero));
    }

    [Fact]
    public async Task A_trial_with_a_card_converts()
    {
        await using var app = Start();
        var (billing, simulator) = app;

        #region trial-with-card
        var acme = billing.For("acme");
        await acme.StartTrialAsync("pro");
        await simulator.AdvanceAsync(TimeSpan.FromDays(12));
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);      // any time before the trial ends
        await simulator.AdvanceAsync(TimeSpan.FromDays(3));
        #endregion

        DocsPage.Shows("docs/trials.md", "trial-with-card", await app.TimelineAsync("acme"));
        var subscription = await acme.GetSubscriptionAsync();
        Assert.Equal(SubscriptionStatus.Active, subscription?.Status);
        Assert.Equal(new BillingPeriod(DocsApp.At("2027-03-15 09:00"), DocsApp.At("2027-04-15 09:00")), subscription?.CurrentPeriod);
        Assert.Equal(Money.Of(29m, "USD"), (await acme.GetInvoicesAsync())[0].AmountPaid);
    }

    [Fact]
    public async Task A_trial_that_pauses_goes_on_with_a_card()
    {
        await using var app = Start();
        var (billing, simulator) = app;

        var acme = billing.For("acme");
        await acme.StartTrialAsync("team");
        await simulator.AdvanceAsync(TimeSpan.FromDays(40));
        Assert.Equal(SubscriptionStatus.Paused, (await acme.GetSubscriptionAsync())?.Status);
        var refused = await Assert.ThrowsAsync<BillingException>(() => acme.ResumeAsync());
        Assert.Equal(BillingErrorCode.InvalidState, refused.Code);

        #region trial-resume
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        var subscription = await acme.ResumeAsync();        // a period starts now, and is charged now
        #endregion

        Assert.Equal(SubscriptionStatus.Active, subscription.Status);
        Assert.Equal(new BillingPeriod(DocsApp.At("2027-04-10 09:00"), DocsApp.At("2027-05-10 09:00")), subscription.CurrentPeriod);
        Assert.Equal(Money.Of(59m, "USD"), (await acme.GetInvoicesAsync())[0].AmountPaid);
        DocsPage.Shows("docs/trials.md", "trial-paused", await app.TimelineAsync("acme", nameof(CustomerCreated), nameof(InvoiceUpcoming)));
    }

    [Fact]
    public async Task A_trial_that_invoices_leaves_an_invoice_to_pay()
    {
        await using var app = Start();
        var (billing, simulator) = app;

        var acme = billing.For("acme");
        await acme.StartTrialAsync("business");
        await simulator.AdvanceAsync(TimeSpan.FromDays(30) + TimeSpan.FromHours(1));

        var subscription = await acme.GetSubscriptionAsync();
        Assert.Equal(SubscriptionStatus.PastDue, subscription?.Status);
        var access = await acme.GetAccessAsync();
        Assert.Equal(AccessReason.GracePeriod, access.Reason);
        Assert.Equal(simulator.Now.AddDays(7), access.Until);
        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(InvoiceStatus.Open, invoice.Status);
        Assert.Equal("no_payment_method", invoice.LastDeclineCode);
        Assert.Equal(Money.Of(99m, "USD"), invoice.AmountDue);
        DocsPage.Shows("docs/trials.md", "trial-invoiced", await app.TimelineAsync("acme", nameof(CustomerCreated)));
    }

    [Fact]
    public async Task A_plan_may_want_a_card_first()
    {
        await using var app = Start();
        var (billing, simulator) = app;

        var refused = await Assert.ThrowsAsync<BillingException>(() => billing.For("acme").StartTrialAsync("enterprise"));
        Assert.Equal(BillingErrorCode.InvalidState, refused.Code);

        #region trial-card-first
        var acme = billing.For("acme");
        await acme.StartTrialAsync("enterprise", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        #endregion

        await simulator.AdvanceAsync(TimeSpan.FromDays(15));
        Assert.Equal(SubscriptionStatus.Active, (await acme.GetSubscriptionAsync())?.Status);
    }

    [Fact]
    public async Task The_end_of_a_trial_can_be_moved()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.StartTrialAsync("pro");

        #region trial-extend
        await simulator.AdvanceAsync(TimeSpan.FromDays(12));                            // March 13: TrialEnding was raised on March 12
        await acme.ExtendTrialAsync(new(2027, 3, 22, 9, 0, 0, TimeSpan.Zero));          // a week later than planned
        await simulator.AdvanceAsync(TimeSpan.FromDays(6));                             // March 19: TrialEnding again, for the new end
        #endregion

        DocsPage.Shows("docs/trials.md", "trial-extended", await app.TimelineAsync("acme", nameof(CustomerCreated), nameof(InvoiceFinalized), nameof(InvoicePaid)));
        Assert.Equal(DocsApp.At("2027-03-22 09:00"), (await acme.GetAccessAsync()).Until);
    }

    [Fact]
    public async Task Free_time_moves_the_next_invoice()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });
        await simulator.AdvanceAsync(TimeSpan.FromDays(10));

        #region free-time
        // Paid on March 1. A month of free time from today, March 11:
        var subscription = await acme.ExtendTrialAsync(new(2027, 4, 11, 9, 0, 0, TimeSpan.Zero));
        // Trialing until April 11; nothing is credited or charged now, and the next invoice is of April 11
        #endregion

        Assert.Equal(SubscriptionStatus.Trialing, subscription.Status);
        Assert.Equal(DocsApp.At("2027-04-11 09:00"), subscription.BillingCycleAnchor);
        Assert.Single(await acme.GetInvoicesAsync(), invoice => !invoice.Total.IsZero);
        await simulator.AdvanceToAsync(DocsApp.At("2027-04-11 10:00"));
        var invoices = await acme.GetInvoicesAsync();
        Assert.Equal(Money.Of(29m, "USD"), invoices[0].AmountPaid);
        Assert.Equal(DocsApp.At("2027-04-11 09:00"), invoices[0].CreatedAt);
        Assert.Equal(2, invoices.Count(invoice => !invoice.Total.IsZero));
    }

    [Fact]
    public async Task A_trial_that_is_ended_is_charged_at_once()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await simulator.AdvanceAsync(TimeSpan.FromDays(5));

        #region trial-end-now
        var subscription = await acme.EndTrialAsync();      // Active; the first period starts now, and its invoice is paid now
        #endregion

        Assert.Equal(SubscriptionStatus.Active, subscription.Status);
        Assert.Equal(new BillingPeriod(DocsApp.At("2027-03-06 09:00"), DocsApp.At("2027-04-06 09:00")), subscription.CurrentPeriod);
        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(InvoiceStatus.Paid, invoice.Status);
        Assert.Equal(DocsApp.At("2027-03-06 09:00"), invoice.PaidAt);
        Assert.DoesNotContain("TrialEnding", await app.TimelineAsync("acme"));
    }

    [Fact]
    public async Task A_canceled_trial_is_not_charged()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });

        #region trial-cancel
        var subscription = await acme.CancelAsync();        // access to the end of the trial, then no more; never charged
        #endregion

        Assert.Equal(DocsApp.At("2027-03-15 09:00"), subscription.CancelsAt);
        Assert.True((await acme.GetAccessAsync()).IsGranted);
        await simulator.AdvanceAsync(TimeSpan.FromDays(20));
        Assert.All(await acme.GetInvoicesAsync(), invoice => Assert.True(invoice.Total.IsZero));
        DocsPage.Shows("docs/trials.md", "trial-canceled", await app.TimelineAsync("acme", nameof(CustomerCreated), nameof(InvoiceFinalized), nameof(InvoicePaid), nameof(PaymentMethodAdded)));
    }

    [Fact]
    public async Task The_second_trial_is_refused()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.StartTrialAsync("pro");
        await simulator.AdvanceAsync(TimeSpan.FromDays(30));
        string? message = null;

        #region trial-ledger
        try
        {
            await acme.StartTrialAsync("team");
        }
        catch (BillingException exception) when (exception.Code == BillingErrorCode.TrialAlreadyUsed)
        {
            message = exception.Message;
        }

        var subscription = await acme.SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.Visa });   // no second trial: Active, charged now
        #endregion

        Assert.NotNull(message);
        DocsPage.Shows("docs/trials.md", "trial-already-used", [message]);
        Assert.Equal(SubscriptionStatus.Active, subscription.Status);
        Assert.Equal(Money.Of(59m, "USD"), (await acme.GetInvoicesAsync())[0].AmountPaid);
    }

    private static DocsApp Start() => DocsApp.Start("2027-03-01 09:00", builder =>
    {
        #region trial-plans
        builder
            .AddPlan("pro", plan => plan.Name("Pro")
                .Price(29m, "USD", BillingInterval.Monthly)
                .Trial(days: 14))                                                           // unpaid, it is canceled
            .AddPlan("team", plan => plan.Name("Team")
                .Price(59m, "USD", BillingInterval.Monthly)
                .Trial(days: 14, whenNoPaymentMethod: TrialEndBehavior.Pause))              // unpaid, it waits
            .AddPlan("business", plan => plan.Name("Business")
                .Price(99m, "USD", BillingInterval.Monthly)
                .Trial(days: 30, whenNoPaymentMethod: TrialEndBehavior.CreateInvoice))      // unpaid, it owes
            .AddPlan("enterprise", plan => plan.Name("Enterprise")
                .Price(499m, "USD", BillingInterval.Monthly)
                .Trial(days: 14, requirePaymentMethod: true));                              // no trial without a card
        #endregion
    });
}
