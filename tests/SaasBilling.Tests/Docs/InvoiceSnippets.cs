using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Tests.Docs;

public sealed class InvoiceSnippets
{
    [Fact]
    public async Task A_charge_goes_on_the_next_invoice()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;

        #region charge-next-invoice
        var acme = billing.For("acme");
        await acme.AddChargeAsync(Money.Of(49m, "USD"), "Import of your old data");
        var next = await acme.PreviewNextInvoiceAsync();        // next.Total is 29.00 + 49.00 = 78.00 USD
        #endregion

        Assert.Equal(Money.Of(78m, "USD"), next?.Total);
        await simulator.AdvanceToAsync(DocsApp.At("2027-04-01 10:00"));
        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(Money.Of(78m, "USD"), invoice.AmountPaid);
        Assert.Contains(invoice.Lines, line => line.Description == "Import of your old data" && line.Amount == Money.Of(49m, "USD"));
    }

    [Fact]
    public async Task A_charge_can_be_made_now_and_given_back()
    {
        await using var app = await SubscribedAsync();
        var acme = app.Billing.For("acme");

        #region charge-now
        var invoice = await acme.ChargeNowAsync(Money.Of(49m, "USD"), "Onboarding workshop");
        if (invoice.Status != InvoiceStatus.Paid)
        {
            Show($"The card was declined: {invoice.LastDeclineCode}.");     // no exception; the invoice is open, and can be paid later
        }
        #endregion

        Assert.Equal(InvoiceStatus.Paid, invoice.Status);

        #region refund
        await acme.RefundAsync(invoice.Id, Money.Of(20m, "USD"));       // a part
        await acme.RefundAsync(invoice.Id);                             // the rest: 29.00 USD
        #endregion

        invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal([Money.Of(20m, "USD"), Money.Of(29m, "USD")], invoice.Refunds.Select(refund => refund.Amount));
        await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        var declined = await acme.ChargeNowAsync(Money.Of(49m, "USD"), "Onboarding workshop");
        Assert.Equal(InvoiceStatus.Open, declined.Status);
        Assert.Equal("generic_decline", declined.LastDeclineCode);

        static void Show(string text) => Assert.Fail(text);
    }

    [Fact]
    public async Task Credit_is_used_up_by_the_next_invoices()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");

        #region credit
        await acme.AddCreditAsync(Money.Of(40m, "USD"), "Sorry for the outage");
        // April 1: 29.00 - 29.00 = nothing due, 11.00 left; May 1: 29.00 - 11.00 = 18.00 due
        #endregion

        await simulator.AdvanceToAsync(DocsApp.At("2027-04-01 10:00"));
        Assert.Equal(Money.Of(11m, "USD"), (await acme.GetCustomerAsync())?.CreditBalance);
        await simulator.AdvanceToAsync(DocsApp.At("2027-05-01 10:00"));
        Assert.Equal([0m, 18m], (await acme.GetInvoicesAsync()).Take(2).Reverse().Select(invoice => invoice.AmountPaid.Amount));
    }

    [Fact]
    public async Task Usage_is_billed_in_arrears()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");

        #region usage
        await acme.SubscribeAsync("api", new() { PaymentMethodToken = TestPaymentMethods.Visa });       // March 1: 5.00 USD in advance
        await acme.RecordUsageAsync("api_calls", 12_000);
        await acme.RecordUsageAsync("api_calls", 345, idempotencyKey: "batch-17");
        await acme.RecordUsageAsync("api_calls", 345, idempotencyKey: "batch-17");                      // the same key counts once
        #endregion

        await simulator.AdvanceToAsync(DocsApp.At("2027-04-01 10:00"));
        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(Money.Of(29.69m, "USD"), invoice.AmountPaid);
        DocsPage.Shows("docs/invoices-and-charges.md", "usage-invoice", TextOf(invoice));
    }

    [Fact]
    public async Task Late_usage_is_taken_until_the_invoice_is_finalized()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.SubscribeAsync("api", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await simulator.AdvanceToAsync(DocsApp.At("2027-04-01 09:30"));

        #region late-usage
        await acme.RecordUsageAsync("api_calls", 500, at: new(2027, 3, 31, 23, 0, 0, TimeSpan.Zero));       // at 09:30 on April 1: still March's
        #endregion

        await simulator.AdvanceToAsync(DocsApp.At("2027-04-01 10:00"));
        Assert.Equal(Money.Of(6m, "USD"), (await acme.GetInvoicesAsync())[0].AmountPaid);
        await Assert.ThrowsAsync<BillingException>(() => acme.RecordUsageAsync("api_calls", 500, at: DocsApp.At("2027-03-31 23:00")));
    }

    [Fact]
    public async Task An_amount_below_the_minimum_charge_waits_on_the_balance()
    {
        await using var app = await SubscribedAsync();
        var acme = app.Billing.For("acme");

        var invoice = await acme.ChargeNowAsync(Money.Of(0.30m, "USD"), "A postcard");

        Assert.Equal(InvoiceStatus.Paid, invoice.Status);
        Assert.Equal(Money.Zero("USD"), invoice.AmountPaid);
        Assert.Equal(Money.Of(-0.30m, "USD"), (await acme.GetCustomerAsync())?.CreditBalance);
        Assert.Equal(Money.Of(29.30m, "USD"), (await acme.PreviewNextInvoiceAsync())?.AmountDue);
    }

    [Fact]
    public async Task Invoices_can_be_sent()
    {
        await using var app = Start();
        var (billing, simulator) = app;

        #region sent-invoice
        var acme = billing.For("acme");
        await acme.SubscribeAsync("pro", new() { InvoiceDueInDays = 30 });      // Active at once; nothing is charged to a card
        await simulator.AdvanceAsync(TimeSpan.FromHours(1));                    // the draft is finalized: this is what you send

        var invoice = (await acme.GetInvoicesAsync())[0];                       // Open, due on March 31
        await acme.PayInvoiceAsync(invoice.Id, paidOutOfBand: true);            // the bank transfer came
        #endregion

        Assert.Equal(InvoiceStatus.Open, invoice.Status);
        Assert.Equal(DocsApp.At("2027-03-31 09:00"), invoice.DueAt);
        Assert.Equal(InvoiceStatus.Paid, (await acme.GetInvoicesAsync())[0].Status);
        var zoe = billing.For("zoe");
        await zoe.SubscribeAsync("pro", new() { InvoiceDueInDays = 30 });
        await simulator.AdvanceAsync(TimeSpan.FromDays(30));
        Assert.Equal(SubscriptionStatus.PastDue, (await zoe.GetSubscriptionAsync())?.Status);
    }

    [Fact]
    public async Task A_draft_can_take_lines_for_an_hour()
    {
        await using var app = await SubscribedAsync();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await simulator.AdvanceToAsync(DocsApp.At("2027-04-01 09:00"));

        var invoice = (await acme.GetInvoicesAsync())[0];
        Assert.Equal(InvoiceStatus.Draft, invoice.Status);
        Assert.Null(invoice.Number);
        Assert.Equal(DocsApp.At("2027-04-01 10:00"), invoice.NextPaymentAttempt);

        #region finalize
        invoice = await acme.FinalizeInvoiceAsync(invoice.Id);      // not waiting for the hour: it gets its number, and is charged
        #endregion

        Assert.Equal(InvoiceStatus.Paid, invoice.Status);
        Assert.NotNull(invoice.Number);
    }

    private static IEnumerable<string> TextOf(Invoice invoice) =>
    [
        .. invoice.Lines.Select(line => $"{line.Amount.ToString(),-10} {line.Description}"),
        $"{invoice.Total.ToString(),-10} in all",
    ];

    private static async Task<DocsApp> SubscribedAsync()
    {
        var app = Start();
        await app.Billing.For("acme").SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        return app;
    }

    private static DocsApp Start() => DocsApp.Start("2027-03-01 09:00", builder =>
    {
        #region invoice-plans
        builder
            .AddMeter("api_calls")
            .AddPlan("pro", plan => plan.Name("Pro").Price(29m, "USD", BillingInterval.Monthly))
            .AddPlan("api", plan => plan.Name("API")
                .Price(5m, "USD", BillingInterval.Monthly)                          // in advance
                .Metered("api_calls", 0.002m, "USD", BillingInterval.Monthly));     // in arrears
        #endregion
    });
}
