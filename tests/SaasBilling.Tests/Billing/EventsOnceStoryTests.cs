namespace SaasBilling.Tests.Billing;

/// <summary>Each event is raised once, whether the cause was a call or the clock: the same life, led in two ways, raises the same events.</summary>
public sealed class EventsOnceStoryTests
{
    private static readonly DateTimeOffset PeriodEnd = BillingApp.Start.AddMonths(1);

    [Fact]
    public Task An_end_now_and_an_end_at_a_date() => SameAsync(
        async app =>
        {
            await app.SubscribedAsync();
            await app.DaysAsync(10);
            await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
        },
        async app =>
        {
            await app.SubscribedAsync();
            await app.Acme.CancelAsync(new() { At = BillingApp.Start.AddDays(10) });
            await app.DaysAsync(10);
        },
        besides: ["CancellationScheduled"]);

    [Fact]
    public Task A_trial_that_is_ended_and_one_that_runs_out() => SameAsync(
        async app =>
        {
            await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa, Days = 30 });
            await app.DaysAsync(10);
            await app.Acme.EndTrialAsync();
            await app.HoursAsync(1);
        },
        async app =>
        {
            await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa, Days = 10 });
            await app.DaysAsync(10);
            await app.HoursAsync(1);
        },
        besides: ["TrialEnding"]);

    [Theory]
    [InlineData("pro")]
    [InlineData("patient")]
    public Task A_trial_without_a_card_that_is_ended_and_one_that_runs_out(string plan) => SameAsync(
        async app =>
        {
            await app.Acme.StartTrialAsync(plan, new() { Days = 30 });
            await app.DaysAsync(10);
            await app.Acme.EndTrialAsync();
        },
        async app =>
        {
            await app.Acme.StartTrialAsync(plan, new() { Days = 10 });
            await app.DaysAsync(10);
        },
        besides: ["TrialEnding"]);

    [Fact]
    public Task A_pause_that_is_ended_and_one_that_runs_out() => SameAsync(
        async app =>
        {
            await app.SubscribedAsync();
            await app.Acme.PauseAsync();
            await app.DaysAsync(10);
            await app.Acme.ResumeAsync();
        },
        async app =>
        {
            await app.SubscribedAsync();
            await app.Acme.PauseAsync(new() { ResumesAt = BillingApp.Start.AddDays(10) });
            await app.DaysAsync(10);
        });

    [Fact]
    public Task A_draft_that_is_finalized_and_one_whose_hour_is_over() => SameAsync(
        async app =>
        {
            await app.SubscribedAsync();
            await app.Simulator.AdvanceToAsync(PeriodEnd);
            await app.Acme.FinalizeInvoiceAsync((await app.Acme.GetInvoicesAsync())[0].Id);
        },
        async app =>
        {
            await app.SubscribedAsync();
            await app.Simulator.AdvanceToAsync(PeriodEnd.AddHours(1));
        });

    [Fact]
    public Task A_failed_payment_that_is_paid_and_one_that_is_retried() => SameAsync(
        async app =>
        {
            await FailAsync(app);
            await app.Acme.PayInvoiceAsync((await app.Acme.GetInvoicesAsync())[0].Id);
        },
        async app =>
        {
            await FailAsync(app);
            await app.DaysAsync(3);
        });

    [Fact]
    public Task A_change_at_the_periods_end_and_one_made_then() => SameAsync(
        async app =>
        {
            await app.SubscribedAsync("team", options: new() { Seats = 3 });
            await app.Simulator.AdvanceToAsync(PeriodEnd.AddHours(2));
            await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "pro", Proration = Proration.None });
        },
        async app =>
        {
            await app.SubscribedAsync("team", options: new() { Seats = 3 });
            await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "pro", Timing = ChangeTiming.AtPeriodEnd });
            await app.Simulator.AdvanceToAsync(PeriodEnd.AddHours(2));
        });

    /// <summary>A worker that was away tells the same story as one that looked every hour.</summary>
    [Fact]
    public async Task A_long_jump_and_many_steps()
    {
        await using var jump = new BillingApp();
        await using var steps = new BillingApp();
        foreach (var app in new[] { jump, steps })
        {
            await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
            await app.Billing.For("globex").SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.Visa, Seats = 3 });
        }

        await jump.DaysAsync(120);
        for (var day = 0; day < 120; day++)
            await steps.DaysAsync(1);

        foreach (var customer in new[] { "acme", "globex" })
        {
            Assert.Equal(
                (await jump.Billing.For(customer).GetHistoryAsync()).Select(raised => (raised.Id, raised.OccurredAt, raised.GetType().Name)),
                (await steps.Billing.For(customer).GetHistoryAsync()).Select(raised => (raised.Id, raised.OccurredAt, raised.GetType().Name)));
        }
    }

    private static async Task FailAsync(BillingApp app)
    {
        await app.SubscribedAsync();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await app.Simulator.AdvanceToAsync(PeriodEnd.AddHours(1));
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
    }

    private static async Task SameAsync(Func<BillingApp, Task> byCall, Func<BillingApp, Task> byClock, params string[] besides)
    {
        await using var one = new BillingApp();
        await using var other = new BillingApp();
        await byCall(one);
        await byClock(other);
        var calls = (await one.HistoryAsync()).Where(name => !besides.Contains(name)).Order().ToList();
        var clocks = (await other.HistoryAsync()).Where(name => !besides.Contains(name)).Order().ToList();

        Assert.True(calls.Count > 1);
        Assert.Equal(calls, clocks);
        Assert.Equal((await one.Acme.GetSubscriptionAsync())!.Status, (await other.Acme.GetSubscriptionAsync())!.Status);
    }
}
