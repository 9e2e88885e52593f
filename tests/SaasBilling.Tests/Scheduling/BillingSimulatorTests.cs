using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Tests.Scheduling;

public sealed class BillingSimulatorTests
{
    [Fact]
    public async Task Advance_runs_everything_on_the_way_at_its_own_instant_and_in_order()
    {
        var instants = new List<string>();
        await using var app = RuntimeApp.Simulated(builder => builder.AddHook<BillingEvent>((billingEvent, services, _) =>
        {
            instants.Add($"{services.GetRequiredService<BillingSimulator>().Now:MM-dd HH} {billingEvent.OccurredAt:MM-dd HH} {billingEvent.CustomerId} {billingEvent.GetType().Name}");
            return Task.CompletedTask;
        }));
        await app.Billing.For("trial").StartTrialAsync("pro");
        await app.PayAsync("paying");
        await app.Simulator.RunUntilIdleAsync();
        instants.Clear();

        await app.Simulator.AdvanceAsync(TimeSpan.FromDays(40));

        Assert.Equal(
            [
                "01-12 00 01-12 00 trial TrialEnding",
                "01-15 00 01-15 00 trial TrialExpired",
                "01-15 00 01-15 00 trial SubscriptionCanceled",
                "01-15 00 01-15 00 trial AccessRestricted",
                "01-25 00 01-25 00 paying InvoiceUpcoming",
                "02-01 00 02-01 00 paying SubscriptionRenewed",
                "02-01 01 02-01 01 paying InvoiceFinalized",
                "02-01 01 02-01 01 paying InvoicePaid",
            ],
            instants);
        Assert.Equal(RuntimeApp.Start.AddDays(40), app.Simulator.Now);
    }

    /// <summary>R13, for the runtime's part of it.</summary>
    [Fact]
    public async Task One_jump_and_many_steps_tell_the_same_events()
    {
        var jumped = await RunAsync(simulator => simulator.AdvanceAsync(TimeSpan.FromDays(100)));
        var stepped = await RunAsync(async simulator =>
        {
            for (var day = 0; day < 100; day++)
                await simulator.AdvanceAsync(TimeSpan.FromDays(1));
        });

        Assert.Equal(jumped, stepped);
        Assert.Equal(27, jumped.Count);

        static async Task<List<string>> RunAsync(Func<BillingSimulator, Task> advance)
        {
            await using var app = RuntimeApp.Simulated();
            await app.Billing.For("trial").StartTrialAsync("pro");
            await app.PayAsync("paying");
            await advance(app.Simulator);
            return await app.HistoryAsync("trial", "paying");
        }
    }

    /// <summary>R10: simulated time refuses to run backward.</summary>
    [Fact]
    public async Task AdvanceTo_the_past_is_refused_and_nothing_moves()
    {
        await using var app = RuntimeApp.Simulated();

        var exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => app.Simulator.AdvanceToAsync(RuntimeApp.Start.AddSeconds(-1)));

        Assert.Equal("to", exception.ParamName);
        Assert.StartsWith(
            "Simulated time does not run backward: it is 2026-01-01T00:00:00Z. Start a new simulation with an earlier InMemoryBillingOptions.StartAt.",
            exception.Message,
            StringComparison.Ordinal);
        Assert.Equal(RuntimeApp.Start, app.Simulator.Now);
    }

    /// <summary>R10: simulated time refuses to run backward.</summary>
    [Fact]
    public async Task Advance_by_less_than_nothing_is_refused()
    {
        await using var app = RuntimeApp.Simulated();

        var exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => app.Simulator.AdvanceAsync(TimeSpan.FromTicks(-1)));

        Assert.StartsWith("Simulated time does not run backward. Advance by zero or more.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advance_past_the_end_of_the_calendar_is_refused_before_anything_runs()
    {
        await using var app = RuntimeApp.Simulated();
        await app.PayAsync("acme");

        var by = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => app.Simulator.AdvanceAsync(TimeSpan.MaxValue));
        var to = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => app.Simulator.AdvanceToAsync(DateTimeOffset.MaxValue));

        Assert.StartsWith("Simulated time ends at 9000-01-01T00:00:00Z, and it is 2026-01-01T00:00:00Z. Advance by less.", by.Message, StringComparison.Ordinal);
        Assert.StartsWith("Simulated time ends at 9000-01-01T00:00:00Z. Choose an earlier instant.", to.Message, StringComparison.Ordinal);
        Assert.Equal(RuntimeApp.Start, app.Simulator.Now);
    }

    [Fact]
    public async Task Advance_on_real_time_is_refused_and_names_the_option()
    {
        var time = new ManualTimeProvider(RuntimeApp.Start);
        await using var app = RuntimeApp.On(time);

        foreach (var move in new Func<Task>[] { () => app.Simulator.AdvanceAsync(TimeSpan.FromDays(1)), () => app.Simulator.AdvanceToAsync(RuntimeApp.Start.AddDays(1)) })
        {
            var exception = await Assert.ThrowsAsync<BillingException>(move);
            Assert.Equal(BillingErrorCode.InvalidState, exception.Code);
            Assert.Equal(
                "Billing runs on real time, which cannot be moved. Set InMemoryBillingOptions.StartAt, as in .UseInMemory(options => options.StartAt = ...), to simulate time.",
                exception.Message);
        }
    }

    [Fact]
    public async Task RunUntilIdle_on_real_time_runs_what_is_due()
    {
        var time = new ManualTimeProvider(RuntimeApp.Start);
        await using var app = RuntimeApp.On(time, RuntimeApp.Record);
        await app.PayAsync("acme");
        time.Advance(TimeSpan.FromDays(32));

        await app.Simulator.RunUntilIdleAsync();

        Assert.Contains("hook acme/8 SubscriptionRenewed", app.Deliveries.All);
        Assert.Equal(RuntimeApp.Start.AddDays(32), app.Simulator.Now);
    }

    [Fact]
    public async Task RunUntilIdle_delivers_what_commands_caused_and_moves_no_time()
    {
        await using var app = RuntimeApp.Simulated(RuntimeApp.Record);
        await app.Billing.For("acme").StartTrialAsync("pro");
        Assert.Empty(app.Deliveries.All);

        await app.Simulator.RunUntilIdleAsync();

        Assert.Contains("hook acme/2 TrialStarted", app.Deliveries.All);
        Assert.Equal(RuntimeApp.Start, app.Simulator.Now);
        Assert.Equal(0, (await app.Jobs.GetFiguresAsync(CancellationToken.None)).Pending - 1);
    }

    [Fact]
    public async Task Moves_from_several_callers_are_made_one_after_the_other()
    {
        await using var app = RuntimeApp.Simulated();
        await app.PayAsync("acme");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => app.Simulator.AdvanceAsync(TimeSpan.FromDays(10)))));

        Assert.Equal(RuntimeApp.Start.AddDays(80), app.Simulator.Now);
        Assert.Equal(2, (await app.HistoryAsync("acme")).Count(line => line.EndsWith("SubscriptionRenewed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_hook_that_moves_time_is_refused_instead_of_waiting_for_itself()
    {
        Exception? refused = null;
        await using var app = RuntimeApp.Simulated(builder => builder.AddHook<TrialStarted>(async (_, services, _) =>
            refused = await Record.ExceptionAsync(() => services.GetRequiredService<BillingSimulator>().AdvanceAsync(TimeSpan.FromDays(1)))));
        await app.Billing.For("acme").StartTrialAsync("pro");

        await app.Simulator.AdvanceAsync(TimeSpan.FromDays(1)).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(BillingErrorCode.InvalidState, Assert.IsType<BillingException>(refused).Code);
        Assert.Equal("A life-cycle hook cannot move simulated time: the simulator is waiting for it. Move time from the test, after the call that started the hook.", refused.Message);
    }

    [Fact]
    public async Task A_hook_that_calls_billing_causes_events_at_the_same_instant()
    {
        await using var app = RuntimeApp.Simulated(builder => RuntimeApp.Record(builder).AddHook<TrialExpired>((billingEvent, services, token) =>
            services.GetRequiredService<IBilling>().For(billingEvent.CustomerId).RecordMilestoneAsync("won back", token)));
        await app.Billing.For("acme").StartTrialAsync("pro");

        await app.Simulator.AdvanceAsync(TimeSpan.FromDays(14));

        Assert.Contains(await app.HistoryAsync("acme"), line => line.StartsWith("2026-01-15 00:00:00", StringComparison.Ordinal) && line.EndsWith("MilestoneReached", StringComparison.Ordinal));
        Assert.EndsWith("MilestoneReached", app.Deliveries.All[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_fails_is_tried_again_at_a_later_simulated_instant()
    {
        var tries = new List<DateTimeOffset>();
        await using var app = RuntimeApp.Simulated(builder => builder.AddHook<TrialStarted>((_, services, _) =>
        {
            tries.Add(services.GetRequiredService<BillingSimulator>().Now);
            return tries.Count < 3 ? throw new InvalidOperationException("The mail server is away.") : Task.CompletedTask;
        }));
        await app.Billing.For("acme").StartTrialAsync("pro");

        await app.Simulator.RunUntilIdleAsync();
        Assert.Equal([RuntimeApp.Start], tries);

        await app.Simulator.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(3, tries.Count);
        Assert.InRange(tries[1] - tries[0], TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(11));
        Assert.InRange(tries[2] - tries[1], TimeSpan.FromSeconds(18), TimeSpan.FromSeconds(22));
    }

    [Fact]
    public async Task A_move_that_is_canceled_stops_where_it_is_and_can_go_on()
    {
        using var canceled = new CancellationTokenSource();
        await using var app = RuntimeApp.Simulated(builder => RuntimeApp.Record(builder).AddHook<TrialEnding>("cancel", (_, _, _) => canceled.CancelAsync()));
        await app.Billing.For("acme").StartTrialAsync("pro");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Simulator.AdvanceAsync(TimeSpan.FromDays(30), canceled.Token));
        Assert.Equal(RuntimeApp.Start.AddDays(11), app.Simulator.Now);

        await app.Simulator.AdvanceToAsync(RuntimeApp.Start.AddDays(30));
        Assert.Equal(app.Deliveries.All.Count, app.Deliveries.All.Distinct().Count());
        Assert.Contains("hook acme/9 AccessRestricted", app.Deliveries.All);
    }

    [Fact]
    public async Task The_applications_own_timers_run_on_simulated_time()
    {
        await using var app = RuntimeApp.Simulated();
        var call = CallLaterAsync();

        await app.Simulator.AdvanceAsync(TimeSpan.FromDays(3));
        await call.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(app.Simulator.Now, app.Simulator.TimeProvider.GetUtcNow());

        async Task CallLaterAsync()
        {
            await Task.Delay(TimeSpan.FromDays(2), app.Simulator.TimeProvider);
            await app.Billing.For("acme").StartTrialAsync("pro");
        }
    }

    [Fact]
    public async Task AnswerPaymentAction_answers_the_bank_and_tells_what_follows()
    {
        await using var app = RuntimeApp.Simulated(RuntimeApp.Record);
        var acme = app.Billing.For("acme");
        var pending = await acme.SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.ThreeDSecure2Required });
        Assert.True(pending.PendingPayment!.RequiresAction);

        await app.Simulator.AnswerPaymentActionAsync("acme", authenticate: true);
        await app.Simulator.RunUntilIdleAsync();

        Assert.Equal(SubscriptionStatus.Active, (await acme.GetSubscriptionAsync())!.Status);
        Assert.Contains(app.Deliveries.All, delivery => delivery.EndsWith("SubscriptionActivated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnswerPaymentAction_for_nobody_or_nothing_says_so()
    {
        await using var app = RuntimeApp.Simulated();
        await app.PayAsync("acme");

        Assert.Equal(BillingErrorCode.UnknownCustomer, (await Assert.ThrowsAsync<BillingException>(() => app.Simulator.AnswerPaymentActionAsync("nobody", true))).Code);
        Assert.Equal(BillingErrorCode.InvalidState, (await Assert.ThrowsAsync<BillingException>(() => app.Simulator.AnswerPaymentActionAsync("acme", true))).Code);
        await Assert.ThrowsAsync<ArgumentException>(() => app.Simulator.AnswerPaymentActionAsync(" ", true));
    }

    [Fact]
    public async Task SubmitCheckout_fills_in_the_card_form()
    {
        await using var app = RuntimeApp.Simulated();
        var acme = app.Billing.For("acme");
        var session = await acme.CreateCheckoutAsync("team", new() { SuccessUrl = new Uri("https://app.example/ok"), CancelUrl = new Uri("https://app.example/no") });

        Assert.Equal(BillingErrorCode.ProviderRejected, (await Assert.ThrowsAsync<BillingException>(() => app.Simulator.SubmitCheckoutAsync(session.Id, TestPaymentMethods.Declined))).Code);
        await app.Simulator.SubmitCheckoutAsync(session.Id, TestPaymentMethods.Visa);

        Assert.Equal(SubscriptionStatus.Active, (await acme.GetSubscriptionAsync())!.Status);
        Assert.Equal(SubscriptionStatus.Active, (await acme.CompleteCheckoutAsync(session.Id))!.Status);
        Assert.Equal(BillingErrorCode.InvalidArgument, (await Assert.ThrowsAsync<BillingException>(() => app.Simulator.SubmitCheckoutAsync("unknown", TestPaymentMethods.Visa))).Code);
    }
}
