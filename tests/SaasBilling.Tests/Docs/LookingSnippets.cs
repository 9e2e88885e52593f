namespace SaasBilling.Tests.Docs;

public sealed class LookingSnippets
{
    [Fact]
    public async Task A_forecast_says_what_will_happen()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var printed = new List<string>();
        await billing.For("acme").StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });

        #region forecast
        var acme = billing.For("acme");
        var forecast = await acme.ForecastAsync(until: simulator.Now.AddDays(50));
        foreach (var entry in forecast.Entries)
        {
            Print($"{entry.At:yyyy-MM-dd HH:mm}  {entry.Summary}");
        }
        #endregion

        DocsPage.Shows("docs/forecasting-and-history.md", "forecast", printed);
        Assert.Equal([Money.Of(29m, "USD"), Money.Of(29m, "USD")], forecast.Invoices.Select(invoice => invoice.Total));
        Assert.Equal(SubscriptionStatus.Trialing, (await acme.GetSubscriptionAsync())?.Status);

        void Print(string line) => printed.Add(line);
    }

    [Fact]
    public async Task What_was_forecast_happens()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await simulator.RunUntilIdleAsync();
        var known = (await acme.GetHistoryAsync()).Count;
        var until = simulator.Now.AddDays(200);
        var forecast = await acme.ForecastAsync(until);

        await simulator.AdvanceToAsync(until);

        var happened = (await acme.GetHistoryAsync()).Skip(known).Select(billingEvent => TimelineEntry.Of(billingEvent, billing.Plans));
        Assert.Equal(forecast.Entries.Select(Line), happened.Select(Line));

        static string Line(TimelineEntry entry) => $"{entry.At:yyyy-MM-dd HH:mm} {entry.Kind}";
    }

    [Fact]
    public async Task The_history_says_what_happened_and_why()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var printed = new List<string>();
        var acme = billing.For("acme");
        await acme.SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });
        await simulator.AdvanceAsync(TimeSpan.FromDays(3));
        await acme.CancelAsync(new() { Reason = "too expensive" });
        await simulator.AdvanceAsync(TimeSpan.FromDays(40));

        #region history
        foreach (var happened in await acme.GetHistoryAsync())
        {
            var entry = TimelineEntry.Of(happened, billing.Plans);
            Print($"{entry.At:yyyy-MM-dd HH:mm}  {entry.Summary}");
        }
        #endregion

        DocsPage.Shows("docs/forecasting-and-history.md", "history", printed);

        void Print(string line) => printed.Add(line);
    }

    [Fact]
    public async Task A_report_says_how_the_business_does()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var printed = new List<string>();
        foreach (var name in (string[])["acme", "zoe", "kim", "lee"])
            await billing.For(name).SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });
        await billing.For("max").SubscribeAsync("pro", new() { SkipTrial = true, Currency = "EUR", PaymentMethodToken = TestPaymentMethods.Visa });
        await billing.For("pat").SubscribeAsync("pro", new() { SkipTrial = true, Interval = BillingInterval.Yearly, PaymentMethodToken = TestPaymentMethods.Visa });
        await simulator.AdvanceToAsync(DocsApp.At("2027-04-05 09:00"));
        await billing.For("acme").ChangeAsync(new() { PlanKey = "team" });
        await billing.For("zoe").CancelAsync(new() { Timing = CancelTiming.Immediately });
        await simulator.AdvanceToAsync(DocsApp.At("2027-05-02 09:00"));

        #region report
        var april = await billing.Reports.GetRevenueAsync(
            from: new(2027, 4, 1, 0, 0, 0, TimeSpan.Zero),
            to: new(2027, 5, 1, 0, 0, 0, TimeSpan.Zero));
        foreach (var (currency, mrr) in april.MonthlyRecurringRevenue.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var moved = april.Movements[currency];
            Print($"MRR {mrr}: new {moved.New}, expansion {moved.Expansion}, churn {moved.Churn}");
        }

        Print($"{april.CustomersChurned} of {april.CustomersAtStart} customers left");
        #endregion

        DocsPage.Shows("docs/forecasting-and-history.md", "report", printed);
        Assert.Equal(Money.Of(59m + 29m + 29m + 24.17m, "USD"), april.MonthlyRecurringRevenue["USD"]);

        void Print(string line) => printed.Add(line);
    }

    private static DocsApp Start() => DocsApp.Start("2027-03-01 09:00", builder => builder
        .AddPlan("pro", plan => plan.Name("Pro")
            .Price(29m, "USD", BillingInterval.Monthly)
            .Price(290m, "USD", BillingInterval.Yearly)
            .Price(27m, "EUR", BillingInterval.Monthly)
            .Trial(days: 14))
        .AddPlan("team", plan => plan.Name("Team").Price(59m, "USD", BillingInterval.Monthly)));
}
