namespace SaasBilling.Tests.Billing;

public sealed class MoneyStoryTests
{
    [Fact]
    public async Task A_charge_goes_on_the_next_invoice()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var line = await app.Acme.AddChargeAsync(Money.Of(100m, "USD"), "Onboarding");
        Assert.Equal(("Onboarding", Money.Of(100m, "USD")), (line.Description, line.Amount));
        Assert.Equal(Money.Of(129m, "USD"), (await app.Acme.PreviewNextInvoiceAsync())!.Total);
        await app.DaysAsync(32);

        Assert.Equal(Money.Of(129m, "USD"), (await app.Acme.GetInvoicesAsync())[0].AmountPaid);
        Assert.Empty((await app.StateAsync())!.PendingCharges);
        Assert.Single(await app.HistoryAsync(), "ChargeAdded");
    }

    [Fact]
    public async Task A_charge_may_come_before_the_first_subscription_and_may_be_negative()
    {
        await using var app = new BillingApp();
        await app.Acme.AddChargeAsync(Money.Of(50m, "USD"), "Setup");
        await app.Acme.AddChargeAsync(Money.Of(-10m, "USD"), "Apology");
        await app.SubscribedAsync();

        Assert.Equal(Money.Of(69m, "USD"), Assert.Single(await app.Acme.GetInvoicesAsync()).AmountPaid);
    }

    [Fact]
    public async Task A_charge_in_another_currency_is_refused()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        const string Message = "Customer 'acme' is billed in USD, because subscription 'default' is billed in it; EUR cannot be mixed with it. Use USD, or another customer id for EUR.";

        await app.RefusedAsync(BillingErrorCode.CurrencyMismatch, Message, () => app.Acme.AddChargeAsync(Money.Of(5m, "EUR"), "x"));
        await app.RefusedAsync(BillingErrorCode.CurrencyMismatch, Message, () => app.Acme.ChargeNowAsync(Money.Of(5m, "EUR"), "x"));
        await app.RefusedAsync(BillingErrorCode.CurrencyMismatch, Message, () => app.Acme.AddCreditAsync(Money.Of(5m, "EUR"), "x"));
    }

    [Fact]
    public async Task A_charge_now_is_collected_at_once()
    {
        await using var app = new BillingApp();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        var invoice = await app.Acme.ChargeNowAsync(Money.Of(12.34m, "USD"), "Training");

        Assert.Equal((InvoiceStatus.Paid, Money.Of(12.34m, "USD"), BillingReason.Manual), (invoice.Status, invoice.AmountPaid, invoice.Reason));
        Assert.Equal(["InvoiceFinalized", "InvoicePaid"], (await app.HistoryAsync()).TakeLast(2));
    }

    /// <summary>A decline is no exception: it comes back as state.</summary>
    [Fact]
    public async Task A_declined_charge_comes_back_open_and_can_be_paid_later()
    {
        await using var app = new BillingApp();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        var declined = await app.Acme.ChargeNowAsync(Money.Of(12m, "USD"), "Training");
        Assert.Equal((InvoiceStatus.Open, "generic_decline"), (declined.Status, declined.LastDeclineCode));
        var again = await app.Acme.PayInvoiceAsync(declined.Id);
        Assert.Equal((InvoiceStatus.Open, "generic_decline"), (again.Status, again.LastDeclineCode));

        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        Assert.Equal(InvoiceStatus.Paid, (await app.Acme.PayInvoiceAsync(declined.Id)).Status);
        Assert.Equal(2, (await app.HistoryAsync()).Count(name => name == "PaymentFailed"));
        Assert.Single(await app.HistoryAsync(), "PaymentRecovered");
    }

    [Fact]
    public async Task A_charge_now_without_a_card_is_refused()
    {
        await using var app = new BillingApp();

        await app.RefusedAsync(
            BillingErrorCode.InvalidState,
            "Customer 'acme' has no default payment method to charge. Call AddPaymentMethodAsync first.",
            () => app.Acme.ChargeNowAsync(Money.Of(5m, "USD"), "x"));
    }

    [Fact]
    public async Task Credit_is_used_up_by_the_next_invoices()
    {
        await using var app = new BillingApp();
        await app.Acme.AddCreditAsync(Money.Of(40m, "USD"), "Sorry for the outage");
        await app.SubscribedAsync();
        Assert.Equal((Money.Zero("USD"), Money.Of(29m, "USD")), (await app.Acme.GetInvoicesAsync())[0] is var first ? (first.AmountDue, first.Total) : default);
        Assert.Equal(Money.Of(11m, "USD"), (await app.Acme.GetCustomerAsync())!.CreditBalance);
        await app.DaysAsync(32);

        Assert.Equal(Money.Of(18m, "USD"), (await app.Acme.GetInvoicesAsync())[0].AmountPaid);
    }

    [Fact]
    public async Task Credit_that_is_taken_back_leaves_an_equal_balance_and_what_is_missing_is_invoiced()
    {
        await using var app = new BillingApp();
        await app.Acme.AddCreditAsync(Money.Of(5m, "USD"), "By mistake");
        await app.Acme.AddCreditAsync(Money.Of(-5m, "USD"), "It was a mistake");
        Assert.Equal(Money.Zero("USD"), (await app.Acme.GetCustomerAsync())!.CreditBalance);
        await app.Acme.AddCreditAsync(Money.Of(-3m, "USD"), "Carried over");
        await app.SubscribedAsync();

        Assert.Equal(Money.Of(32m, "USD"), Assert.Single(await app.Acme.GetInvoicesAsync()).AmountPaid);
    }

    [Fact]
    public async Task A_payment_is_returned_in_whole_or_in_part()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var invoice = Assert.Single(await app.Acme.GetInvoicesAsync());
        var part = await app.Acme.RefundAsync(invoice.Id, Money.Of(9m, "USD"));
        Assert.Equal((invoice.Id, Money.Of(9m, "USD")), (part.InvoiceId, part.Amount));
        await app.RefusedAsync(
            BillingErrorCode.InvalidArgument,
            $"Of invoice '{invoice.Id}' of customer 'acme' 20.00 USD can be returned, which is less than 20.01 USD. Use at most 20.00 USD.",
            () => app.Acme.RefundAsync(invoice.Id, Money.Of(20.01m, "USD")));
        var rest = await app.Acme.RefundAsync(invoice.Id);

        Assert.Equal(Money.Of(20m, "USD"), rest.Amount);
        Assert.Equal([part, rest], Assert.Single(await app.Acme.GetInvoicesAsync()).Refunds);
        Assert.Equal(2, (await app.HistoryAsync()).Count(name => name == "PaymentRefunded"));
        await app.RefusedAsync(BillingErrorCode.InvalidState, $"Invoice '{invoice.Id}' of customer 'acme' was returned in full already.", () => app.Acme.RefundAsync(invoice.Id));
        await app.RefusedAsync(
            BillingErrorCode.CurrencyMismatch,
            $"Invoice '{invoice.Id}' of customer 'acme' was paid in USD, so that 1.00 EUR cannot be returned. Use an amount in USD.",
            async () =>
            {
                await using var other = new BillingApp();
                await other.SubscribedAsync();
                await other.Acme.RefundAsync(Assert.Single(await other.Acme.GetInvoicesAsync()).Id, Money.Of(1m, "EUR"));
            });
    }

    [Fact]
    public async Task What_was_settled_without_a_payment_cannot_be_returned()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("pro");
        var zero = Assert.Single(await app.Acme.GetInvoicesAsync());

        await app.RefusedAsync(
            BillingErrorCode.InvalidState,
            $"Invoice '{zero.Id}' of customer 'acme' was settled without a payment, so that there is nothing to return.",
            () => app.Acme.RefundAsync(zero.Id));
    }

    [Fact]
    public async Task A_coupon_counts_from_the_next_invoice_and_its_removal_gives_an_equal_subscription()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync();
        var with = await app.Acme.ApplyCouponAsync("half");
        Assert.Equal("half", Assert.Single(with.Discounts).CouponKey);
        Assert.Equal(Money.Of(14.50m, "USD"), (await app.Acme.PreviewNextInvoiceAsync())!.Total);
        Assert.Equal(before, await app.Acme.RemoveCouponAsync("half"));

        await app.Acme.ApplyCouponAsync("welcome");
        await app.DaysAsync(63);
        Assert.Equal([2900, 2400, 2900], (await app.Acme.GetInvoicesAsync()).Select(invoice => invoice.AmountPaid.MinorUnits));
    }

    [Fact]
    public async Task A_coupon_that_does_not_fit_is_refused()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync(options: new() { Coupons = ["half"] });
        await app.DaysAsync(11);

        await app.RefusedAsync(BillingErrorCode.InvalidState, "Subscription 'default' of customer 'acme' has coupon 'half' already. Use it once, or take it off with RemoveCouponAsync first.", () => app.Acme.ApplyCouponAsync("half"));
        await app.RefusedAsync(BillingErrorCode.CurrencyMismatch, "Coupon 'bienvenue' takes off 5.00 EUR, and the subscription is billed in USD. Use a coupon in USD, or one with a percentage.", () => app.Acme.ApplyCouponAsync("bienvenue"));
        await app.RefusedAsync(BillingErrorCode.InvalidState, "Coupon 'early' could be redeemed until 2026-01-11 00:00:00Z. Use another one.", () => app.Acme.ApplyCouponAsync("early"));
        await app.RefusedAsync(BillingErrorCode.InvalidState, "Coupon 'teams' is only for 'team'. Use another one, or choose one of these.", () => app.Acme.ApplyCouponAsync("teams"));
        await app.RefusedAsync(BillingErrorCode.UnknownCoupon, "Subscription 'default' of customer 'acme' does not have coupon 'welcome'. It has 'half'.", () => app.Acme.RemoveCouponAsync("welcome"));
    }

    [Fact]
    public async Task A_coupon_on_a_free_plan_would_reduce_nothing()
    {
        await using var app = new BillingApp();
        const string Message = "Coupon 'half' would reduce nothing: plan 'free' is free and is never invoiced. Use it on a plan with a price.";
        await app.RefusedAsync(BillingErrorCode.InvalidState, Message, () => app.Acme.SubscribeAsync("free", new() { Coupons = ["half"] }));
        await app.Acme.SubscribeAsync("free");
        await app.RefusedAsync(BillingErrorCode.InvalidState, Message, () => app.Acme.ApplyCouponAsync("half"));
    }

    [Fact]
    public async Task A_renewals_draft_is_finalized_before_its_time()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.DaysAsync(31);
        var draft = (await app.Acme.GetInvoicesAsync())[0];
        Assert.Equal((InvoiceStatus.Draft, null), (draft.Status, draft.Number));
        var final = await app.Acme.FinalizeInvoiceAsync(draft.Id);

        Assert.Equal(InvoiceStatus.Paid, final.Status);
        Assert.EndsWith("-0002", final.Number, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_renewal_is_retried_and_recovered()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await app.DaysAsync(31);
        await app.HoursAsync(1);
        Assert.Equal(SubscriptionStatus.PastDue, (await app.Acme.GetSubscriptionAsync())!.Status);
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        await app.DaysAsync(3);

        Assert.Equal(SubscriptionStatus.Active, (await app.Acme.GetSubscriptionAsync())!.Status);
        Assert.Single(await app.HistoryAsync(), "PaymentRecovered");
    }

    [Fact]
    public async Task Invoices_are_voided_written_off_and_paid_by_transfer()
    {
        await using var app = new BillingApp();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        var first = await app.Acme.ChargeNowAsync(Money.Of(5m, "USD"), "one");
        var second = await app.Acme.ChargeNowAsync(Money.Of(6m, "USD"), "two");

        Assert.Equal(InvoiceStatus.Void, (await app.Acme.VoidInvoiceAsync(first.Id)).Status);
        Assert.Equal(InvoiceStatus.Uncollectible, (await app.Acme.MarkInvoiceUncollectibleAsync(second.Id)).Status);
        Assert.Equal((InvoiceStatus.Paid, Money.Of(6m, "USD")), await app.Acme.PayInvoiceAsync(second.Id, paidOutOfBand: true) is var paid ? (paid.Status, paid.AmountPaid) : default);
        Assert.Equal([second.Id, first.Id], (await app.Acme.GetInvoicesAsync()).Select(invoice => invoice.Id));
    }

    [Fact]
    public async Task What_an_invoices_status_does_not_allow_is_refused()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var paid = Assert.Single(await app.Acme.GetInvoicesAsync()).Id;
        await app.DaysAsync(31);
        var draft = (await app.Acme.GetInvoicesAsync())[0].Id;
        string Of(string id, string status, string mend) => $"Invoice '{id}' of customer 'acme' is {status}. {mend}";

        await app.RefusedAsync(BillingErrorCode.InvalidState, Of(paid, "Paid", "Only a draft, an open or an uncollectible invoice can be paid."), () => app.Acme.PayInvoiceAsync(paid));
        await app.RefusedAsync(BillingErrorCode.InvalidState, Of(paid, "Paid", "Only a draft can be finalized."), () => app.Acme.FinalizeInvoiceAsync(paid));
        await app.RefusedAsync(BillingErrorCode.InvalidState, Of(paid, "Paid", "What was paid is returned with RefundAsync."), () => app.Acme.VoidInvoiceAsync(paid));
        await app.RefusedAsync(BillingErrorCode.InvalidState, Of(paid, "Paid", "Only an open invoice can be written off."), () => app.Acme.MarkInvoiceUncollectibleAsync(paid));
        await app.RefusedAsync(BillingErrorCode.InvalidState, Of(draft, "Draft", "Finalize it first, with FinalizeInvoiceAsync."), () => app.Acme.VoidInvoiceAsync(draft));
        await app.RefusedAsync(BillingErrorCode.InvalidState, Of(draft, "Draft", "Finalize it first, with FinalizeInvoiceAsync."), () => app.Acme.MarkInvoiceUncollectibleAsync(draft));
        await app.RefusedAsync(BillingErrorCode.InvalidState, $"Invoice '{draft}' of customer 'acme' is Draft; only what was paid can be returned.", () => app.Acme.RefundAsync(draft));
    }

    [Fact]
    public async Task Another_customers_invoice_is_unknown()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync(customerId: "globex");
        await app.SubscribedAsync();
        var theirs = Assert.Single(await app.Billing.For("globex").GetInvoicesAsync()).Id;
        var message = $"Customer 'acme' has no invoice '{theirs}'. Use an Id that GetInvoicesAsync returns.";

        await app.RefusedAsync(BillingErrorCode.UnknownInvoice, message, () => app.Acme.RefundAsync(theirs));
        await app.RefusedAsync(BillingErrorCode.UnknownInvoice, message, () => app.Acme.PayInvoiceAsync(theirs));
        await app.RefusedAsync(BillingErrorCode.UnknownInvoice, message, () => app.Acme.VoidInvoiceAsync(theirs));
    }
}
