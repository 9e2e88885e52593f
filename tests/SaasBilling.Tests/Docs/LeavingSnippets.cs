namespace SaasBilling.Tests.Docs;

public sealed class LeavingSnippets
{
    [Fact]
    public async Task A_cancellation_waits_for_the_period_to_end_and_can_be_undone()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");

        #region cancel-at-period-end
        var subscription = await acme.CancelAsync(new() { Reason = "too expensive" });
        // still Active, with access; subscription.CancelsAt is May 1, the end of what was paid for
        #endregion

        Assert.Equal(SubscriptionStatus.Active, subscription.Status);
        Assert.Equal(DocsApp.At("2027-05-01 09:00"), subscription.CancelsAt);
        Assert.Equal(DocsApp.At("2027-05-01 09:00"), (await acme.GetAccessAsync()).Until);

        #region cancel-undo
        await acme.ResumeAsync();       // changed their mind: nothing is scheduled any more
        #endregion

        Assert.Null((await acme.GetSubscriptionAsync())?.CancelsAt);

        #region cancel-and-return
        await acme.CancelAsync();
        await simulator.AdvanceToAsync(new(2027, 6, 15, 9, 0, 0, TimeSpan.Zero));       // it ended on May 1
        await acme.ReactivateAsync();                                                   // same plan, interval and seats, as a new subscription from today
        #endregion

        subscription = (await acme.GetSubscriptionAsync())!;
        Assert.Equal(SubscriptionStatus.Active, subscription.Status);
        Assert.Equal(DocsApp.At("2027-06-15 09:00"), subscription.CurrentPeriod.Start);
        DocsPage.Shows("docs/leaving-and-returning.md", "leaving", await app.TimelineAsync("acme", nameof(CustomerCreated), nameof(PaymentMethodAdded)));
    }

    [Fact]
    public async Task A_cancellation_can_take_place_now_with_credit_for_the_rest()
    {
        await using var app = await SubscribedAsync();
        var acme = app.Billing.For("acme");

        #region cancel-now
        await acme.CancelAsync(new() { Timing = CancelTiming.Immediately, Prorate = true });
        var customer = await acme.GetCustomerAsync();       // 20 of April's 30 days are left: customer.CreditBalance is 19.33 USD
        #endregion

        Assert.Equal(Money.Of(19.33m, "USD"), customer?.CreditBalance);
        Assert.Equal(AccessReason.Canceled, (await acme.GetAccessAsync()).Reason);
        Assert.Equal(NextStep.Reactivate, (await acme.CheckAsync("projects")).NextStep);
    }

    [Fact]
    public async Task A_cancellation_can_take_place_at_a_date()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");

        #region cancel-at
        await acme.CancelAsync(new() { At = new(2027, 4, 16, 9, 0, 0, TimeSpan.Zero), Prorate = true });
        #endregion

        await simulator.AdvanceToAsync(DocsApp.At("2027-04-16 09:00"));
        Assert.Equal(SubscriptionStatus.Canceled, (await acme.GetSubscriptionAsync())?.Status);
        Assert.Equal(Money.Of(14.50m, "USD"), (await acme.GetCustomerAsync())?.CreditBalance);
    }

    [Fact]
    public async Task A_pause_stops_collection_and_access()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");

        #region pause
        await acme.PauseAsync(new() { ResumesAt = new(2027, 7, 1, 0, 0, 0, TimeSpan.Zero) });      // or without a date, until ResumeAsync
        #endregion

        var access = await acme.GetAccessAsync();
        Assert.False(access.IsGranted);
        Assert.Equal(AccessReason.Paused, access.Reason);
        await simulator.AdvanceToAsync(DocsApp.At("2027-07-01 11:00"));
        Assert.Equal(SubscriptionStatus.Active, (await acme.GetSubscriptionAsync())?.Status);
        var invoices = await acme.GetInvoicesAsync();
        Assert.Equal(Money.Of(29m, "USD"), invoices[0].AmountPaid);
        Assert.Equal(DocsApp.At("2027-07-01 09:00"), invoices[0].CreatedAt);
        Assert.Equal(2, invoices.Count(invoice => invoice.Status == InvoiceStatus.Void));
    }

    [Fact]
    public async Task Invoices_of_a_pause_can_be_kept()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.PauseAsync(new() { Behavior = PauseBehavior.KeepAsDraft });
        await simulator.AdvanceToAsync(DocsApp.At("2027-05-10 09:00"));
        await acme.ResumeAsync();

        var kept = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(InvoiceStatus.Draft, kept.Status);
        Assert.Equal(Money.Of(29m, "USD"), (await acme.PayInvoiceAsync(kept.Id)).AmountPaid);
    }

    [Fact]
    public async Task A_customer_can_be_deleted()
    {
        await using var app = await SubscribedAsync();
        var acme = app.Billing.For("acme");

        #region delete-customer
        await acme.DeleteCustomerAsync();       // ends every subscription, forgets the cards; invoices and history stay
        #endregion

        Assert.False((await acme.GetAccessAsync()).IsGranted);
        Assert.Empty(await acme.GetPaymentMethodsAsync());
        Assert.NotEmpty(await acme.GetInvoicesAsync());
        Assert.NotNull((await acme.GetCustomerAsync())?.DeletedAt);
        Assert.Equal(BillingErrorCode.InvalidState, (await Assert.ThrowsAsync<BillingException>(() => acme.SubscribeAsync("pro"))).Code);
    }

    private static async Task<DocsApp> SubscribedAsync()
    {
        var app = DocsApp.Start("2027-04-01 09:00", builder => builder
            .AddPlan("pro", plan => plan.Name("Pro").Price(29m, "USD", BillingInterval.Monthly).Feature("projects", limit: 50)));
        await app.Billing.For("acme").SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.Simulator.AdvanceAsync(TimeSpan.FromDays(10));
        return app;
    }
}
