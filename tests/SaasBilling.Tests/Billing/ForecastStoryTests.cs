namespace SaasBilling.Tests.Billing;

public sealed class ForecastStoryTests
{
    /// <summary>What was foretold is what happens if nobody does anything: the same things, at the same instants, to the cent.</summary>
    [Theory]
    [InlineData("a trial with a card")]
    [InlineData("a trial without a card")]
    [InlineData("a subscription")]
    [InlineData("a card that fails")]
    [InlineData("a scheduled downgrade")]
    [InlineData("a scheduled end")]
    [InlineData("a pause with an end")]
    [InlineData("usage and a charge")]
    public async Task What_is_foretold_happens(string story)
    {
        await using var app = new BillingApp();
        await TellAsync(app, story);
        var state = await app.StateAsync();
        var before = await app.HistoryAsync();
        var until = app.Now.AddDays(100);
        var forecast = await app.Acme.ForecastAsync(until);
        Assert.Same(state, await app.StateAsync());
        await app.Simulator.AdvanceToAsync(until);
        var happened = (await app.Acme.GetHistoryAsync()).Skip(before.Count).ToList();

        Assert.Equal(happened.Select(raised => TimelineEntry.Of(raised, app.Billing.Plans)), forecast.Entries);
        var since = state!.OpenInvoices.Select(invoice => invoice.Id).ToHashSet();
        var finalized = (await app.Acme.GetInvoicesAsync()).Where(invoice => invoice.FinalizedAt > BillingApp.Start || since.Contains(invoice.Id)).Where(invoice => invoice.FinalizedAt is not null).Reverse();
        Assert.Equal(finalized, forecast.Invoices);
        Assert.NotEmpty(forecast.Entries);
    }

    [Fact]
    public async Task A_forecast_reads_as_a_timeline()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        var forecast = await app.Acme.ForecastAsync(BillingApp.Start.AddDays(20));

        Assert.Equal(BillingApp.Start.AddDays(20), forecast.Until);
        Assert.Equal(
            [
                ("2026-01-12", "TrialEnding"),
                ("2026-01-15", "SubscriptionActivated"),
                ("2026-01-15", "InvoiceFinalized"),
                ("2026-01-15", "InvoicePaid"),
                ("2026-01-15", "TrialConverted"),
            ],
            forecast.Entries.Select(entry => (entry.At.ToString("yyyy-MM-dd"), entry.Kind)));
        Assert.Equal(Money.Of(29m, "USD"), Assert.Single(forecast.Invoices).AmountPaid);
        Assert.All(forecast.Entries, entry => Assert.DoesNotContain('\n', entry.Summary));
    }

    [Fact]
    public async Task A_forecast_runs_no_hook_and_takes_no_money()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Simulator.RunUntilIdleAsync();
        var heard = app.Heard.Count;
        await app.Acme.ForecastAsync(app.Now.AddYears(10));
        await app.Simulator.RunUntilIdleAsync();

        Assert.Equal(heard, app.Heard.Count);
        Assert.Single(await app.Acme.GetInvoicesAsync());
    }

    [Theory]
    [InlineData(0, "The end of a forecast must lie in the future, and 2026-01-01 00:00:00Z does not: it is 2026-01-01 00:00:00Z now.")]
    [InlineData(3653, "The end of a forecast may lie at most 10 years ahead, and 2036-01-02 00:00:00Z is later. Use an instant until 2036-01-01 00:00:00Z.")]
    public async Task A_forecast_looks_ahead_and_not_too_far(int days, string message)
    {
        await using var app = new BillingApp();

        await app.RefusedAsync(BillingErrorCode.InvalidArgument, message, () => app.Acme.ForecastAsync(BillingApp.Start.AddDays(days)));
    }

    private static async Task TellAsync(BillingApp app, string story)
    {
        switch (story)
        {
            case "a trial with a card":
                await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
                break;
            case "a trial without a card":
                await app.Acme.StartTrialAsync("patient");
                break;
            case "a card that fails":
                await app.SubscribedAsync();
                await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
                break;
            case "a scheduled downgrade":
                await app.SubscribedAsync("team", options: new() { Seats = 9 });
                await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "pro", Timing = ChangeTiming.AtPeriodEnd });
                break;
            case "a scheduled end":
                await app.SubscribedAsync();
                await app.Acme.CancelAsync(new() { At = app.Now.AddDays(45), Prorate = true });
                break;
            case "a pause with an end":
                await app.SubscribedAsync();
                await app.Acme.PauseAsync(new() { ResumesAt = app.Now.AddDays(50) });
                break;
            case "usage and a charge":
                await app.SubscribedAsync("api");
                await app.Acme.RecordUsageAsync("api_calls", 1_000);
                await app.Acme.AddChargeAsync(Money.Of(7m, "USD"), "Setup");
                break;
            default:
                await app.SubscribedAsync();
                break;
        }
    }
}
