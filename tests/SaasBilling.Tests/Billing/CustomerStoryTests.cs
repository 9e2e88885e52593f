namespace SaasBilling.Tests.Billing;

public sealed class CustomerStoryTests
{
    [Fact]
    public async Task Details_are_set_and_what_is_null_stays()
    {
        await using var app = new BillingApp();
        await app.Acme.EnsureCustomerAsync(new() { Email = "billing@acme.test", TimeZone = "Europe/Vienna", Metadata = new Dictionary<string, string> { ["tier"] = "a" } });
        var customer = await app.Acme.EnsureCustomerAsync(new() { Name = "Acme", Locale = "de-AT", Metadata = new Dictionary<string, string> { ["source"] = "ads" } });

        Assert.Equal(("acme", "billing@acme.test", "Acme", "Europe/Vienna", "de-AT", BillingApp.Start), (customer.Id, customer.Email, customer.Name, customer.TimeZone, customer.Locale, customer.CreatedAt));
        Assert.Equal(new Dictionary<string, string> { ["tier"] = "a", ["source"] = "ads" }, customer.Metadata);
        Assert.Equal(customer, await app.Acme.GetCustomerAsync());
        Assert.Equal(["CustomerCreated"], await app.HistoryAsync());
    }

    [Fact]
    public async Task Telling_what_is_known_changes_nothing()
    {
        await using var app = new BillingApp();
        var details = new CustomerDetails { Email = "billing@acme.test", Metadata = new Dictionary<string, string> { ["tier"] = "a" } };
        await app.Acme.EnsureCustomerAsync(details);
        var state = await app.StateAsync();
        await app.Acme.EnsureCustomerAsync(details);
        await app.Acme.EnsureCustomerAsync();

        Assert.Same(state, await app.StateAsync());
    }

    [Fact]
    public async Task The_default_card_comes_first_and_an_undo_gives_an_equal_list()
    {
        await using var app = new BillingApp();
        var visa = await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        var amex = await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Amex, makeDefault: false);
        Assert.Equal([visa, amex], await app.Acme.GetPaymentMethodsAsync());
        var master = await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Mastercard);
        Assert.Equal((master.Id, true), await app.Acme.GetPaymentMethodsAsync() is [var first, ..] ? (first.Id, first.IsDefault) : default);
        await app.Acme.RemovePaymentMethodAsync(master.Id);

        Assert.Equal(["visa", "amex"], (await app.Acme.GetPaymentMethodsAsync()).Select(card => card.Brand).OrderByDescending(brand => brand));
        Assert.Equal(["CustomerCreated", "PaymentMethodAdded", "PaymentMethodAdded", "PaymentMethodAdded", "PaymentMethodRemoved"], await app.HistoryAsync());
        await app.RefusedAsync(
            BillingErrorCode.UnknownPaymentMethod,
            $"Customer 'acme' has no payment method '{master.Id}'. Use an Id that GetPaymentMethodsAsync returns.",
            () => app.Acme.RemovePaymentMethodAsync(master.Id));
    }

    [Fact]
    public async Task A_milestone_is_reached_once()
    {
        await using var app = new BillingApp();
        await app.Acme.RecordMilestoneAsync("imported-data");
        await app.Acme.RecordMilestoneAsync("imported-data");
        await app.Acme.RecordMilestoneAsync("invited-team");

        Assert.Equal(["CustomerCreated", "MilestoneReached", "MilestoneReached"], await app.HistoryAsync());
        Assert.Equal(["imported-data", "invited-team"], (await app.StateAsync())!.Milestones);
    }

    /// <summary>B-20: whoever is deleted pays no more.</summary>
    [Fact]
    public async Task Deleting_a_customer_ends_everything_and_keeps_the_history()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Billing.For("acme", "api").SubscribeAsync("api");
        await app.DaysAsync(3);
        await app.Acme.DeleteCustomerAsync();
        await app.Acme.DeleteCustomerAsync();
        var invoices = await app.Acme.GetInvoicesAsync();
        await app.DaysAsync(400);

        Assert.Equal(invoices, await app.Acme.GetInvoicesAsync());
        Assert.All((await app.StateAsync())!.Subscriptions, subscription => Assert.False(subscription.IsLive));
        Assert.Empty(await app.Acme.GetPaymentMethodsAsync());
        Assert.False((await app.Acme.GetAccessAsync()).IsGranted);
        Assert.Equal(BillingApp.Start.AddDays(3), (await app.Acme.GetCustomerAsync())!.DeletedAt);
        Assert.Single(await app.HistoryAsync(), "CustomerDeleted");
        Assert.Equal(2, (await app.HistoryAsync()).Count(name => name == "SubscriptionCanceled"));
    }

    [Fact]
    public async Task Who_was_deleted_takes_no_more_commands_but_the_books_can_be_closed()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Acme.DeleteCustomerAsync();
        var paid = Assert.Single(await app.Acme.GetInvoicesAsync());
        const string Message = "Customer 'acme' was deleted at 2026-01-01 00:00:00Z, and stays so. Use another customer id for a new owner.";
        Func<Task>[] commands =
        [
            () => app.Acme.EnsureCustomerAsync(),
            () => app.Acme.RecordMilestoneAsync("x"),
            () => app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa),
            () => app.Acme.RemovePaymentMethodAsync("pm_1_1"),
            () => app.Acme.CreateCheckoutAsync("pro", new() { SuccessUrl = new("https://acme.test/ok"), CancelUrl = new("https://acme.test/no") }),
            () => app.Acme.CreatePortalUrlAsync(new("https://acme.test")),
            () => app.Acme.SubscribeAsync("pro"),
            () => app.Acme.StartTrialAsync("pro"),
            () => app.Acme.ReactivateAsync(),
            () => app.Acme.CancelAsync(),
            () => app.Acme.PauseAsync(),
            () => app.Acme.ResumeAsync(),
            () => app.Acme.ExtendTrialAsync(app.Now.AddDays(1)),
            () => app.Acme.EndTrialAsync(),
            () => app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team" }),
            () => app.Acme.QuoteChangeAsync(new SubscriptionChange { PlanKey = "team" }),
            () => app.Acme.UndoScheduledChangeAsync(),
            () => app.Acme.ApplyCouponAsync("half"),
            () => app.Acme.RemoveCouponAsync("half"),
            () => app.Acme.AddChargeAsync(Money.Of(1m, "USD"), "x"),
            () => app.Acme.ChargeNowAsync(Money.Of(1m, "USD"), "x"),
            () => app.Acme.AddCreditAsync(Money.Of(1m, "USD"), "x"),
            () => app.Acme.RecordUsageAsync("api_calls", 1),
        ];
        foreach (var command in commands)
            await app.RefusedAsync(BillingErrorCode.InvalidState, Message, command);

        Assert.Equal(Money.Of(29m, "USD"), (await app.Acme.RefundAsync(paid.Id)).Amount);
    }

    [Fact]
    public async Task Deleting_somebody_unknown_is_refused()
    {
        await using var app = new BillingApp();

        await app.RefusedAsync(
            BillingErrorCode.UnknownCustomer,
            "Billing has never seen customer 'acme'. Check the id, or begin with EnsureCustomerAsync, SubscribeAsync or StartTrialAsync.",
            () => app.Acme.DeleteCustomerAsync());
    }

    [Fact]
    public async Task Reading_about_somebody_unknown_finds_nothing_and_makes_nothing()
    {
        await using var app = new BillingApp();

        Assert.Null(await app.Acme.GetCustomerAsync());
        Assert.Null(await app.Acme.GetSubscriptionAsync());
        Assert.Null(await app.Acme.PreviewNextInvoiceAsync());
        Assert.Empty(await app.Acme.GetPaymentMethodsAsync());
        Assert.Empty(await app.Acme.GetInvoicesAsync());
        Assert.Empty(await app.Acme.GetHistoryAsync());
        Assert.Empty((await app.Acme.ForecastAsync(app.Now.AddYears(1))).Entries);
        Assert.Empty(await app.Store.ListCustomersAsync(CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task The_embedded_engine_takes_the_catalogue_as_it_is()
    {
        await using var app = new BillingApp();

        Assert.Equal(new CatalogSyncReport(0, 0, 0, app.Billing.Plans.Plans.Count + 1 + 6), await app.Billing.SyncCatalogAsync());
        var preview = await app.Billing.PreviewCatalogSyncAsync();
        Assert.Equal((app.Billing.Plans.Plans.Count + 1 + 6, false), (preview.Items.Count, preview.HasChanges));
    }

    [Fact]
    public async Task A_handle_is_cheap_and_holds_no_state()
    {
        await using var app = new BillingApp();
        var one = app.Billing.For("acme");
        await app.SubscribedAsync();

        Assert.Equal(("acme", "default"), (one.CustomerId, one.SubscriptionName));
        Assert.Equal("pro", (await one.GetSubscriptionAsync())!.PlanKey);
        Assert.InRange(Allocations.Of(() => app.Billing.For("acme")), 1, 48);
    }
}
