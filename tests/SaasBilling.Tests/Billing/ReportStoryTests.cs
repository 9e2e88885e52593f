namespace SaasBilling.Tests.Billing;

public sealed class ReportStoryTests
{
    [Fact]
    public async Task A_months_figures_tell_who_came_who_grew_and_who_left()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("pro", "stays");
        await app.SubscribedAsync("team", "grows", new() { Seats = 3 });
        await app.SubscribedAsync("team", "shrinks", new() { Seats = 5 });
        await app.SubscribedAsync("pro", "leaves");
        await app.SubscribedAsync("pro", "europe", new() { Currency = "EUR" });
        await app.SubscribedAsync("pro", "yearly", new() { Interval = BillingInterval.Yearly });
        await app.Billing.For("free").SubscribeAsync("free");
        await app.DaysAsync(40);
        var from = app.Now;
        await app.Billing.For("grows").ChangeAsync(new SubscriptionChange { Seats = 7 });
        await app.Billing.For("shrinks").ChangeAsync(new SubscriptionChange { Seats = 1 });
        await app.Billing.For("leaves").CancelAsync(new() { Timing = CancelTiming.Immediately });
        await app.SubscribedAsync("pro", "comes");
        await app.DaysAsync(1);
        await app.Billing.For("leaves").ReactivateAsync();
        await app.DaysAsync(1);
        await app.Billing.For("comes").CancelAsync(new() { Timing = CancelTiming.Immediately });
        var report = await app.Billing.Reports.GetRevenueAsync(from, app.Now.AddSeconds(1));

        Assert.Equal(["EUR", "USD"], report.MonthlyRecurringRevenue.Keys.Order());
        Assert.Equal(Money.Of(27m, "EUR"), report.MonthlyRecurringRevenue["EUR"]);
        Assert.Equal(Money.Of(29m + 70m + 10m + 29m + 24.17m, "USD"), report.MonthlyRecurringRevenue["USD"]);
        Assert.Equal(
            new RevenueMovements(New: Usd(29), Reactivation: Usd(29), Expansion: Usd(40), Contraction: Usd(40), Churn: Usd(58)),
            report.Movements["USD"]);
        Assert.Equal((6, 0), (report.CustomersAtStart, report.CustomersChurned));
    }

    [Fact]
    public async Task Trials_taxes_usage_and_free_plans_are_no_recurring_revenue()
    {
        await using var app = new BillingApp();
        await app.Billing.For("trial").StartTrialAsync("pro");
        await app.Billing.For("free").SubscribeAsync("free");
        await app.SubscribedAsync("api", "usage", new() { Coupons = ["half"] });
        await app.Billing.For("usage").RecordUsageAsync("api_calls", 1_000);
        await app.DaysAsync(1);
        var report = await app.Billing.Reports.GetRevenueAsync(BillingApp.Start, app.Now);

        Assert.Equal(Usd(10), Assert.Single(report.MonthlyRecurringRevenue).Value);
    }

    [Fact]
    public async Task The_past_is_told_as_it_was()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.DaysAsync(10);
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
        await app.DaysAsync(10);

        Assert.Equal(Usd(29), (await app.Billing.Reports.GetRevenueAsync(BillingApp.Start, BillingApp.Start.AddDays(5))).MonthlyRecurringRevenue["USD"]);
        var later = await app.Billing.Reports.GetRevenueAsync(BillingApp.Start.AddDays(5), app.Now);
        Assert.Equal((Usd(0), Usd(29), 1, 1), (later.MonthlyRecurringRevenue["USD"], later.Movements["USD"].Churn, later.CustomersAtStart, later.CustomersChurned));
    }

    [Fact]
    public async Task Trials_are_counted_by_how_they_ended()
    {
        await using var app = new BillingApp();
        await app.Billing.For("converts").StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.Billing.For("expires").StartTrialAsync("pro");
        await app.Billing.For("pauses").StartTrialAsync("patient");
        await app.Billing.For("gives-up").StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.Billing.For("cancels").StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.Billing.For("cannot-pay").StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.DeclinedAfterAttaching });
        await app.Billing.For("goes-on").StartTrialAsync("pro", new() { Days = 90 });
        await app.Billing.For("gives-up").CancelAsync();
        await app.DaysAsync(3);
        await app.Billing.For("cancels").CancelAsync(new() { Timing = CancelTiming.Immediately });
        await app.DaysAsync(20);
        var report = await app.Billing.Reports.GetRevenueAsync(BillingApp.Start, app.Now);

        Assert.Equal((6, 1), (report.TrialsEnded, report.TrialsConverted));
        Assert.Equal((1, 0), await app.Billing.Reports.GetRevenueAsync(BillingApp.Start, BillingApp.Start.AddDays(4)) is var early ? (early.TrialsEnded, early.TrialsConverted) : default);
    }

    [Fact]
    public async Task A_span_that_ends_before_it_begins_is_refused()
    {
        await using var app = new BillingApp();

        await app.RefusedAsync(
            BillingErrorCode.InvalidArgument,
            "The report would end at 2026-01-01 00:00:00Z, before it begins at 2026-01-02 00:00:00Z. Swap the two.",
            () => app.Billing.Reports.GetRevenueAsync(BillingApp.Start.AddDays(1), BillingApp.Start));
        Assert.Empty((await app.Billing.Reports.GetRevenueAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)).Movements);
    }

    private static Money Usd(decimal amount) => Money.Of(amount, "USD");
}
