namespace SaasBilling.Tests.Docs;

public sealed class ChangeSnippets
{
    [Fact]
    public async Task A_quote_says_what_a_change_costs()
    {
        await using var app = Start();
        var (billing, simulator) = app;

        #region change-subscribe
        var acme = billing.For("acme");
        await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });       // April 1, 09:00: 29.00 for April
        await simulator.AdvanceAsync(TimeSpan.FromDays(10));                                            // April 11, 09:00
        #endregion

        #region change-quote
        var quote = await acme.QuoteChangeAsync(new() { PlanKey = "team" });
        #endregion

        Assert.Equal(Money.Zero("USD"), quote.DueNow);
        Assert.Equal([Money.Of(-19.33m, "USD"), Money.Of(39.33m, "USD")], quote.Lines.Select(line => line.Amount));
        Assert.Equal(Money.Of(79m, "USD"), quote.NextInvoice?.Total);
        Assert.Equal(simulator.Now, quote.ProrationDate);
        Assert.Equal(simulator.Now.AddHours(1), quote.ValidUntil);
        DocsPage.Shows("docs/changing-plans.md", "quote", QuoteText(quote));

        #region change-accept
        await acme.ChangeAsync(quote);
        #endregion

        await simulator.AdvanceToAsync(DocsApp.At("2027-05-01 10:00"));
        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(Money.Of(79m, "USD"), invoice.AmountPaid);
        Assert.Equal(2, invoice.Lines.Count(line => line.IsProration));
    }

    [Fact]
    public async Task A_change_can_be_charged_at_once()
    {
        await using var app = await SubscribedAsync("pro");
        var acme = app.Billing.For("acme");

        #region change-always-invoice
        var quote = await acme.QuoteChangeAsync(new() { PlanKey = "team", Proration = Proration.AlwaysInvoice });
        // quote.DueNow is 20.00 USD
        var subscription = await acme.ChangeAsync(quote);       // charged now
        #endregion

        Assert.Equal(Money.Of(20m, "USD"), quote.DueNow);
        Assert.Equal("team", subscription.PlanKey);
        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(Money.Of(20m, "USD"), invoice.AmountPaid);
        Assert.Equal(quote.Lines, invoice.Lines);
        Assert.Equal(Money.Of(59m, "USD"), (await acme.PreviewNextInvoiceAsync())?.Total);
    }

    [Fact]
    public async Task A_change_can_be_free_until_the_next_period()
    {
        await using var app = await SubscribedAsync("pro");
        var acme = app.Billing.For("acme");

        #region change-none
        await acme.ChangeAsync(new() { PlanKey = "team", Proration = Proration.None });     // Team from now on, billed from May 1
        #endregion

        Assert.Equal(Money.Of(59m, "USD"), (await acme.PreviewNextInvoiceAsync())?.Total);
        Assert.Equal("team", (await acme.GetAccessAsync()).PlanKey);
    }

    [Fact]
    public async Task An_old_quote_is_refused()
    {
        await using var app = await SubscribedAsync("pro");
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        var quote = await acme.QuoteChangeAsync(new() { PlanKey = "team", Proration = Proration.AlwaysInvoice });
        await simulator.AdvanceAsync(TimeSpan.FromMinutes(61));

        #region change-quote-expired
        try
        {
            await acme.ChangeAsync(quote);
        }
        catch (BillingException exception) when (exception.Code == BillingErrorCode.QuoteExpired)
        {
            quote = await acme.QuoteChangeAsync(quote.Change);      // show the new figures, and ask again
        }
        #endregion

        Assert.Equal(simulator.Now, quote.ProrationDate);
        Assert.Equal("pro", (await acme.GetSubscriptionAsync())?.PlanKey);
    }

    [Fact]
    public async Task Seats_are_prorated_too()
    {
        await using var app = await SubscribedAsync("studio", new() { Seats = 3, PaymentMethodToken = TestPaymentMethods.Visa });
        var acme = app.Billing.For("acme");
        Assert.Equal(Money.Of(44m, "USD"), (await acme.GetInvoicesAsync())[0].AmountPaid);

        #region change-seats
        var quote = await acme.QuoteChangeAsync(new() { Seats = 5, Proration = Proration.AlwaysInvoice });
        #endregion

        Assert.Equal([Money.Of(-16m, "USD"), Money.Of(26.67m, "USD")], quote.Lines.Select(line => line.Amount));
        Assert.Equal(Money.Of(10.67m, "USD"), quote.DueNow);
        await acme.ChangeAsync(quote);
        Assert.Equal(Money.Of(60m, "USD"), (await acme.PreviewNextInvoiceAsync())?.Total);
        Assert.Contains(await app.TimelineAsync("acme"), line => line.EndsWith(nameof(QuantityChanged), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Add_ons_are_given_as_the_full_wanted_set()
    {
        await using var app = await SubscribedAsync("pro");
        var acme = app.Billing.For("acme");

        #region change-add-on
        await acme.ChangeAsync(new()
        {
            AddOns = new Dictionary<string, long> { ["projects-10"] = 2 },      // the full wanted set; 0 removes one
            Proration = Proration.AlwaysInvoice,
        });
        var access = await acme.GetAccessAsync();       // access.Limit("projects") is 50 + 2 × 10 = 70
        #endregion

        Assert.Equal(70, access.Limit("projects"));
        Assert.Equal(Money.Of(6.67m, "USD"), (await acme.GetInvoicesAsync())[0].AmountPaid);
        await acme.ChangeAsync(new() { AddOns = new Dictionary<string, long> { ["projects-10"] = 0 } });
        Assert.Equal(50, (await acme.GetAccessAsync()).Limit("projects"));
    }

    [Fact]
    public async Task Another_interval_starts_a_new_period()
    {
        await using var app = await SubscribedAsync("pro");
        var acme = app.Billing.For("acme");

        #region change-interval
        var quote = await acme.QuoteChangeAsync(new() { Interval = BillingInterval.Yearly });
        // quote.DueNow is 290.00 - 19.33 = 270.67 USD
        var subscription = await acme.ChangeAsync(quote);       // the year starts now: April 11, 2027 to April 11, 2028
        #endregion

        Assert.Equal(Money.Of(270.67m, "USD"), quote.DueNow);
        Assert.Equal(new BillingPeriod(DocsApp.At("2027-04-11 09:00"), DocsApp.At("2028-04-11 09:00")), subscription.CurrentPeriod);
        Assert.Equal(Money.Of(270.67m, "USD"), (await acme.GetInvoicesAsync())[0].AmountPaid);
    }

    [Fact]
    public async Task From_free_to_paid_a_period_starts()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.SubscribeAsync("free");
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        await simulator.AdvanceAsync(TimeSpan.FromDays(10));

        #region change-from-free
        var subscription = await acme.ChangeAsync(new() { PlanKey = "pro" });       // charged now: 29.00 USD for April 11 to May 11
        #endregion

        Assert.Equal(new BillingPeriod(DocsApp.At("2027-04-11 09:00"), DocsApp.At("2027-05-11 09:00")), subscription.CurrentPeriod);
        Assert.Equal(Money.Of(29m, "USD"), (await acme.GetInvoicesAsync())[0].AmountPaid);
    }

    [Fact]
    public async Task A_downgrade_can_wait_for_the_period_to_end()
    {
        await using var app = await SubscribedAsync("team");
        var (billing, simulator) = app;
        var acme = billing.For("acme");

        #region change-at-period-end
        var subscription = await acme.ChangeAsync(new() { PlanKey = "pro", Timing = ChangeTiming.AtPeriodEnd });
        // subscription.PlanKey is still "team"; subscription.ScheduledChange says what comes on May 1
        #endregion

        Assert.Equal("team", subscription.PlanKey);
        Assert.Equal("pro", subscription.ScheduledChange?.PlanKey);

        #region change-undo-scheduled
        await acme.UndoScheduledChangeAsync();      // as if it had never been asked for
        #endregion

        Assert.Null((await acme.GetSubscriptionAsync())?.ScheduledChange);
        await acme.ChangeAsync(new() { PlanKey = "pro", Timing = ChangeTiming.AtPeriodEnd });
        await simulator.AdvanceToAsync(DocsApp.At("2027-05-01 10:00"));
        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(Money.Of(29m, "USD"), invoice.AmountPaid);
        Assert.DoesNotContain(invoice.Lines, line => line.IsProration);
        Assert.Equal("pro", (await acme.GetSubscriptionAsync())?.PlanKey);
    }

    [Fact]
    public async Task A_downgrade_at_once_leaves_credit()
    {
        await using var app = await SubscribedAsync("team");
        var (billing, simulator) = app;
        var acme = billing.For("acme");

        #region change-credit
        await acme.ChangeAsync(new() { PlanKey = "pro", Proration = Proration.AlwaysInvoice });
        var customer = await acme.GetCustomerAsync();       // customer.CreditBalance is 39.33 - 19.33 = 20.00 USD
        #endregion

        Assert.Equal(Money.Of(20m, "USD"), customer?.CreditBalance);
        await simulator.AdvanceToAsync(DocsApp.At("2027-05-01 10:00"));
        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(Money.Of(29m, "USD"), invoice.Total);
        Assert.Equal(Money.Of(9m, "USD"), invoice.AmountPaid);
    }

    [Fact]
    public async Task A_change_and_its_reverse_cost_nothing()
    {
        await using var app = await SubscribedAsync("pro");
        var acme = app.Billing.For("acme");

        await acme.ChangeAsync(new() { PlanKey = "team" });
        await acme.ChangeAsync(new() { PlanKey = "pro" });

        Assert.Equal(Money.Of(29m, "USD"), (await acme.PreviewNextInvoiceAsync())?.Total);
    }

    [Fact]
    public async Task A_change_in_a_trial_costs_nothing()
    {
        await using var app = Start();
        var acme = app.Billing.For("acme");
        await acme.StartTrialAsync("pro", new() { Days = 14 });

        var subscription = await acme.ChangeAsync(new() { PlanKey = "team", Proration = Proration.AlwaysInvoice });

        Assert.Equal(SubscriptionStatus.Trialing, subscription.Status);
        Assert.Equal(DocsApp.At("2027-04-15 09:00"), subscription.Trial?.End);
        Assert.All(await acme.GetInvoicesAsync(), invoice => Assert.True(invoice.Total.IsZero));
    }

    private static IEnumerable<string> QuoteText(ChangeQuote quote) =>
    [
        $"Due now       {quote.DueNow}",
        .. quote.Lines.Select(line => $"{line.Amount.ToString(),-13} {line.Description}"),
        $"Next invoice  {quote.NextInvoice?.Total}",
    ];

    private static async Task<DocsApp> SubscribedAsync(string planKey, SubscribeOptions? options = null)
    {
        var app = Start();
        await app.Billing.For("acme").SubscribeAsync(planKey, options ?? new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.Simulator.AdvanceAsync(TimeSpan.FromDays(10));
        return app;
    }

    private static DocsApp Start() => DocsApp.Start("2027-04-01 09:00", builder =>
    {
        #region change-plans
        builder
            .AddPlan("free", plan => plan.Name("Free").Free()
                .Feature("projects", limit: 3))
            .AddPlan("pro", plan => plan.Name("Pro")
                .Price(29m, "USD", BillingInterval.Monthly)
                .Price(290m, "USD", BillingInterval.Yearly)
                .Feature("projects", limit: 50))
            .AddPlan("team", plan => plan.Name("Team")
                .Price(59m, "USD", BillingInterval.Monthly)
                .Feature("projects", limit: 500))
            .AddPlan("studio", plan => plan.Name("Studio")
                .Price(20m, "USD", BillingInterval.Monthly)
                .PricePerSeat(8m, "USD", BillingInterval.Monthly)
                .Feature("projects"))
            .AddAddOn("projects-10", addOn => addOn.Name("10 more projects")
                .Price(5m, "USD", BillingInterval.Monthly)
                .Feature("projects", limit: 10));
        #endregion
    });
}
