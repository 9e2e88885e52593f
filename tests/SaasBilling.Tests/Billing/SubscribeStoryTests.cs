using SaasBilling.Storage;

namespace SaasBilling.Tests.Billing;

public sealed class SubscribeStoryTests
{
    [Fact]
    public async Task A_first_payment_that_works_makes_it_active()
    {
        await using var app = new BillingApp();
        var subscription = await app.SubscribedAsync();

        Assert.Equal(new BillingPeriod(BillingApp.Start, BillingApp.Start.AddMonths(1)), subscription.CurrentPeriod);
        Assert.Equal(["CustomerCreated", "PaymentMethodAdded", "SubscriptionActivated", "InvoiceFinalized", "InvoicePaid", "AccessGranted"], await app.HistoryAsync());
        Assert.Equal(subscription, await app.Acme.GetSubscriptionAsync());
    }

    [Fact]
    public async Task Subscribing_starts_the_plans_trial_unless_it_is_skipped()
    {
        await using var app = new BillingApp();

        Assert.Equal(SubscriptionStatus.Trialing, (await app.Billing.For("a").SubscribeAsync("pro")).Status);
        Assert.Equal(SubscriptionStatus.Active, (await app.Billing.For("b").SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa })).Status);
    }

    /// <summary>B-13: no access, replaceable by the next try, expires by itself.</summary>
    [Fact]
    public async Task A_declined_first_payment_is_state_and_the_next_try_replaces_it()
    {
        await using var app = new BillingApp();
        var declined = await app.Acme.SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.DeclinedAfterAttaching });
        Assert.Equal(SubscriptionStatus.Incomplete, declined.Status);
        Assert.Equal((Money.Of(10m, "USD"), false, "generic_decline"), (declined.PendingPayment!.Amount, declined.PendingPayment.RequiresAction, declined.PendingPayment.DeclineCode));
        Assert.Equal((false, AccessReason.Incomplete), (await app.Acme.GetAccessAsync() is var access ? access.IsGranted : default, access.Reason));

        var next = await app.Acme.SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.Visa });

        Assert.Equal(SubscriptionStatus.Active, next.Status);
        Assert.NotEqual(declined.Id, next.Id);
        Assert.Equal([InvoiceStatus.Paid, InvoiceStatus.Void], (await app.Acme.GetInvoicesAsync()).Select(invoice => invoice.Status));
        Assert.True((await app.Acme.GetAccessAsync()).IsGranted);
    }

    [Fact]
    public async Task An_incomplete_subscription_expires_after_23_hours()
    {
        await using var app = new BillingApp();
        await app.Acme.SubscribeAsync("team");
        await app.HoursAsync(23);

        Assert.Equal(SubscriptionStatus.IncompleteExpired, (await app.Acme.GetSubscriptionAsync())!.Status);
        Assert.Equal(InvoiceStatus.Void, Assert.Single(await app.Acme.GetInvoicesAsync()).Status);
        Assert.Equal(NextStep.UpdatePaymentMethod, (await app.Acme.CheckAsync("sso")).NextStep);
    }

    [Fact]
    public async Task Paying_the_first_invoice_in_time_makes_it_active()
    {
        await using var app = new BillingApp();
        var waiting = await app.Acme.SubscribeAsync("team");
        await app.HoursAsync(5);
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        var invoice = await app.Acme.PayInvoiceAsync(waiting.PendingPayment!.InvoiceId);

        Assert.Equal(InvoiceStatus.Paid, invoice.Status);
        var active = (await app.Acme.GetSubscriptionAsync())!;
        Assert.Equal((SubscriptionStatus.Active, waiting.CurrentPeriod, null), (active.Status, active.CurrentPeriod, active.PendingPayment));
    }

    [Theory]
    [InlineData(true, SubscriptionStatus.Active)]
    [InlineData(false, SubscriptionStatus.Incomplete)]
    public async Task The_banks_question_is_answered_by_the_customer(bool yes, SubscriptionStatus status)
    {
        await using var app = new BillingApp();
        var asked = await app.Acme.SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.RequiresAuthentication });
        Assert.Equal((SubscriptionStatus.Incomplete, true), (asked.Status, asked.PendingPayment!.RequiresAction));
        Assert.Equal(NextStep.ConfirmPayment, (await app.Acme.CheckAsync("sso")).NextStep);
        Assert.Contains("PaymentActionRequired", await app.HistoryAsync());

        await app.Simulator.AnswerPaymentActionAsync("acme", yes);

        Assert.Equal(status, (await app.Acme.GetSubscriptionAsync())!.Status);
    }

    /// <summary>A card that cannot be attached changes nothing; the message names no card.</summary>
    [Fact]
    public async Task A_card_that_cannot_be_attached_is_refused_with_its_decline_code()
    {
        await using var app = new BillingApp();
        var refused = await Assert.ThrowsAsync<BillingException>(() => app.Acme.SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.InsufficientFunds }));

        Assert.Equal((BillingErrorCode.ProviderRejected, "insufficient_funds"), (refused.Code, refused.DeclineCode));
        Assert.Null(await app.StateAsync());
        Assert.Null(await app.Acme.GetCustomerAsync());
    }

    [Fact]
    public async Task A_second_subscription_of_the_same_name_is_refused()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();

        await app.RefusedAsync(
            BillingErrorCode.AlreadySubscribed,
            "Customer 'acme' already has a subscription 'default', to plan 'pro', which is Active. Change it with ChangeAsync, or give the second one another name: billing.For(\"acme\", \"another-name\").",
            () => app.Acme.SubscribeAsync("team"));
    }

    [Fact]
    public async Task Several_named_subscriptions_live_side_by_side()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var api = await app.Billing.For("acme", "api").SubscribeAsync("api");

        Assert.Equal("api", api.Name);
        Assert.Equal("pro", (await app.Acme.GetSubscriptionAsync())!.PlanKey);
        var access = await app.Acme.GetAccessAsync();
        Assert.True(access.Has("export") && access.Has("api_calls"));
    }

    /// <summary>B-1: callers that race each other make one subscription.</summary>
    [Fact]
    public async Task Parallel_calls_make_one_subscription()
    {
        await using var app = new BillingApp();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            try
            {
                return (await app.Acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa, SkipTrial = true })).Id;
            }
            catch (BillingException refused)
            {
                return refused.Code.ToString();
            }
        })));

        Assert.Single(outcomes, outcome => outcome != nameof(BillingErrorCode.AlreadySubscribed));
        Assert.Single((await app.StateAsync())!.Subscriptions);
        Assert.Single(await app.Acme.GetInvoicesAsync());
        Assert.Single(await app.HistoryAsync(), "SubscriptionActivated");
    }

    /// <summary>B-4: callers that race each other make one customer.</summary>
    [Fact]
    public async Task Parallel_calls_make_one_customer()
    {
        await using var app = new BillingApp();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => app.Acme.EnsureCustomerAsync(new() { Name = $"Acme {number}" }))));

        Assert.Single(await app.HistoryAsync(), "CustomerCreated");
        Assert.Equal(["acme"], await app.Store.ListCustomersAsync(CancellationToken.None).ToListAsync());
    }

    /// <summary>B-15: whoever pays is the application's own string: a team, a tenant, a user.</summary>
    [Theory]
    [InlineData("team:42/eu")]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("Überfirma & Söhne")]
    public async Task The_customer_id_is_the_applications_own_string(string id)
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync(customerId: id);

        Assert.Equal(id, (await app.Billing.For(id).GetCustomerAsync())!.Id);
        Assert.True((await app.Billing.For(id).GetAccessAsync()).IsGranted);
    }

    [Fact]
    public async Task A_free_plan_is_active_and_never_invoiced()
    {
        await using var app = new BillingApp();
        var free = await app.Acme.SubscribeAsync("free", new() { Interval = BillingInterval.Yearly, Currency = "EUR" });
        await app.DaysAsync(400);

        Assert.Equal((SubscriptionStatus.Active, BillingInterval.Monthly, null), (free.Status, free.Interval, free.Currency));
        Assert.Empty(await app.Acme.GetInvoicesAsync());
        Assert.Equal(AccessReason.FreePlan, (await app.Acme.GetAccessAsync()).Reason);
        Assert.Null(await app.Acme.PreviewNextInvoiceAsync());
    }

    [Fact]
    public async Task What_is_not_given_is_as_the_plans_first_price_has_it()
    {
        await using var app = new BillingApp();

        Assert.Equal((Currency.Of("USD"), BillingInterval.Monthly), Terms(await app.SubscribedAsync(customerId: "a")));
        Assert.Equal((Currency.Of("EUR"), BillingInterval.Monthly), Terms(await app.SubscribedAsync(customerId: "b", options: new() { Currency = "eur" })));
        Assert.Equal((Currency.Of("USD"), BillingInterval.Yearly), Terms(await app.SubscribedAsync(customerId: "c", options: new() { Interval = BillingInterval.Yearly })));

        static (Currency?, BillingInterval) Terms(Subscription subscription) => (subscription.Currency, subscription.Interval);
    }

    [Fact]
    public async Task Live_subscriptions_of_one_customer_share_a_currency()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync(options: new() { Currency = "EUR" });
        var second = app.Billing.For("acme", "second");

        await app.RefusedAsync(
            BillingErrorCode.CurrencyMismatch,
            "Customer 'acme' is billed in EUR, because subscription 'default' is billed in it; USD cannot be mixed with it. Use EUR, or another customer id for USD.",
            () => second.SubscribeAsync("pro", new() { Currency = "USD" }));
        await app.RefusedAsync(
            BillingErrorCode.CurrencyMismatch,
            "Customer 'acme' is billed in EUR, because subscription 'default' is billed in it, and plan 'team' is not sold in it. Give the plan a price in EUR, or use another customer id.",
            () => second.SubscribeAsync("team"));
        Assert.Equal(Currency.Of("EUR"), (await second.SubscribeAsync("pro", new() { SkipTrial = true })).Currency);
    }

    [Fact]
    public async Task Coupons_reduce_the_first_invoice_in_their_order()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync(options: new() { Coupons = ["half", "welcome"] });

        Assert.Equal(Money.Of(9.50m, "USD"), Assert.Single(await app.Acme.GetInvoicesAsync()).AmountPaid);
    }

    [Fact]
    public async Task An_anchor_ahead_prorates_the_first_period()
    {
        await using var app = new BillingApp();
        var subscription = await app.SubscribedAsync(options: new() { BillingCycleAnchor = BillingApp.Start.AddDays(15) });

        Assert.Equal(BillingApp.Start.AddDays(15), subscription.CurrentPeriod.End);
        Assert.InRange(Assert.Single(await app.Acme.GetInvoicesAsync()).AmountPaid.Amount, 13m, 15m);
    }

    [Fact]
    public async Task A_sent_invoice_is_paid_by_transfer()
    {
        await using var app = new BillingApp();
        var subscription = await app.Acme.SubscribeAsync("team", new() { Seats = 3, InvoiceDueInDays = 30 });
        Assert.Equal(SubscriptionStatus.Active, subscription.Status);
        await app.HoursAsync(1);
        var sent = Assert.Single(await app.Acme.GetInvoicesAsync());
        Assert.Equal((InvoiceStatus.Open, BillingApp.Start.AddDays(30)), (sent.Status, sent.DueAt));

        var paid = await app.Acme.PayInvoiceAsync(sent.Id, paidOutOfBand: true);

        Assert.Equal((InvoiceStatus.Paid, Money.Of(30m, "USD")), (paid.Status, paid.AmountPaid));
    }

    /// <summary>A card that was attached stays on file even when the subscription then cannot start.</summary>
    [Fact]
    public async Task A_card_stays_when_the_subscription_then_fails()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("team", "globex", new() { Coupons = ["first"] });
        var refused = await Assert.ThrowsAsync<BillingException>(() => app.Acme.SubscribeAsync("team", new() { Coupons = ["first"], PaymentMethodToken = TestPaymentMethods.Visa }));

        Assert.Equal(BillingErrorCode.InvalidState, refused.Code);
        Assert.Single(await app.Acme.GetPaymentMethodsAsync());
        Assert.Null(await app.Acme.GetSubscriptionAsync());
        Assert.Equal(["CustomerCreated", "PaymentMethodAdded"], await app.HistoryAsync());
    }

    [Fact]
    public async Task A_first_sent_invoice_that_is_paid_after_it_was_due_is_a_recovery()
    {
        await using var app = new BillingApp();
        await app.Acme.SubscribeAsync("team", new() { Seats = 3, InvoiceDueInDays = 30 });
        var invoice = Assert.Single(await app.Acme.GetInvoicesAsync());
        await app.DaysAsync(30.5);
        Assert.Equal(SubscriptionStatus.PastDue, (await app.Acme.GetSubscriptionAsync())!.Status);
        await app.Acme.PayInvoiceAsync(invoice.Id, paidOutOfBand: true);

        Assert.Equal(SubscriptionStatus.Active, (await app.Acme.GetSubscriptionAsync())!.Status);
        Assert.Single(await app.HistoryAsync(), "PaymentRecovered");
    }
}
