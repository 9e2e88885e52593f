using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Conformance.Storage;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Scheduling;

public sealed class BillingWorkerTests
{
    private readonly ManualTimeProvider _time = new(RuntimeApp.Start);

    /// <summary>A commit in this process wakes the worker: no poll interval passes.</summary>
    [Fact]
    public async Task What_a_command_causes_is_delivered_at_once()
    {
        await using var app = RuntimeApp.On(_time, RuntimeApp.Record);
        await app.StartWorkerAsync();
        await _time.WhenWaitingAsync();

        await app.Billing.For("acme").StartTrialAsync("pro");

        await app.Deliveries.UntilAsync("hook acme/2 TrialStarted");
    }

    /// <summary>B-22: store, answer, work in the background.</summary>
    [Fact]
    public async Task A_command_does_not_wait_for_hooks()
    {
        var released = new TaskCompletionSource();
        await using var app = RuntimeApp.On(_time, builder => RuntimeApp.Record(builder).AddHook<BillingEvent>("stuck", (_, _, token) => released.Task.WaitAsync(token)));
        await app.StartWorkerAsync();

        await app.Billing.For("acme").StartTrialAsync("pro").WaitAsync(TimeSpan.FromMinutes(1));
        await app.PayAsync("other").WaitAsync(TimeSpan.FromMinutes(1));

        Assert.True((await app.Billing.For("acme").GetAccessAsync()).IsGranted);
        released.SetResult();
        await app.Deliveries.UntilAsync("hook acme/5 AccessGranted");
    }

    [Fact]
    public async Task What_falls_due_runs_at_its_instant_without_anybody_calling()
    {
        await using var app = RuntimeApp.On(_time, RuntimeApp.Record);
        await app.Billing.For("acme").StartTrialAsync("pro");
        await app.StartWorkerAsync();
        await app.Deliveries.UntilAsync(5);

        await app.PassAsync(_time, TimeSpan.FromDays(11) - TimeSpan.FromSeconds(1), TimeSpan.FromHours(6));
        Assert.Equal(5, app.Deliveries.All.Count);

        _time.Advance(TimeSpan.FromSeconds(1));
        await app.Deliveries.UntilAsync("hook acme/6 TrialEnding");
    }

    [Fact]
    public async Task What_another_process_committed_is_found_after_a_poll_interval()
    {
        await using var app = RuntimeApp.On(_time, RuntimeApp.Record);
        await app.StartWorkerAsync();
        await _time.WhenWaitingAsync();
        var billingEvent = new MilestoneReached { Id = "acme/1", CustomerId = "acme", OccurredAt = RuntimeApp.Start, Milestone = "elsewhere" };

        await app.Store.CommitAsync(
            new BillingCommit
            {
                Customer = new CustomerState { Customer = new Customer { Id = "acme", CreatedAt = RuntimeApp.Start }, Version = 1, EventCount = 1 },
                ExpectedVersion = 0,
                Events = [billingEvent],
                Jobs = [new Job { Key = "hook:acme/1:hook", Kind = JobKind.Hook, CustomerId = "acme", Lane = "hook", DueAt = RuntimeApp.Start, Sequence = 1, EventId = "acme/1" }],
            },
            CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(5));

        await app.Deliveries.UntilAsync("hook acme/1 MilestoneReached");
    }

    [Fact]
    public async Task Hooks_of_different_customers_run_side_by_side_up_to_the_limit()
    {
        var released = new TaskCompletionSource();
        await using var app = RuntimeApp.On(
            _time,
            builder => builder.AddHook<CustomerCreated>(async (billingEvent, services, token) =>
            {
                services.GetRequiredService<Deliveries>().Add($"began {billingEvent.CustomerId}");
                await released.Task.WaitAsync(token);
                services.GetRequiredService<Deliveries>().Add($"ended {billingEvent.CustomerId}");
            }),
            options => options.Worker.MaxConcurrency = 3);
        for (var i = 0; i < 5; i++)
            await app.Billing.For($"customer {i}").EnsureCustomerAsync();

        await app.StartWorkerAsync();
        await app.Deliveries.UntilAsync(3);
        await BusyAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), timers: 5);
        Assert.Equal(3, app.Deliveries.All.Count);

        released.SetResult();
        await app.Deliveries.UntilAsync(10);
        Assert.Equal(10, app.Deliveries.All.Distinct().Count());
    }

    [Fact]
    public async Task Hooks_of_one_customer_run_one_after_the_other_in_the_order_of_the_events()
    {
        var running = 0;
        await using var app = RuntimeApp.On(_time, builder => builder.AddHook<BillingEvent>("a", RunAsync).AddHook<BillingEvent>("b", RunAsync));
        await app.StartWorkerAsync();

        await app.Billing.For("acme").StartTrialAsync("pro");
        await app.Deliveries.UntilAsync(10);

        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"acme/{(i + 1) / 2}"), app.Deliveries.All);

        async Task RunAsync(BillingEvent billingEvent, IServiceProvider services, CancellationToken token)
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            await Task.Yield();
            Assert.Equal(0, Interlocked.Decrement(ref running));
            services.GetRequiredService<Deliveries>().Add(billingEvent.Id);
        }
    }

    [Fact]
    public async Task The_lease_of_a_long_hook_is_renewed()
    {
        var (began, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = RuntimeApp.On(_time, builder => RuntimeApp.Record(builder).AddHook<CustomerCreated>("long", async (_, _, token) =>
        {
            began.SetResult();
            await released.Task.WaitAsync(token);
        }));
        await app.StartWorkerAsync();
        await app.Billing.For("acme").EnsureCustomerAsync();
        await began.Task.WaitAsync(TimeSpan.FromMinutes(1));

        await BusyAsync(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(5), timers: 3);
        Assert.Empty(await app.Jobs.LeaseAsync(JobKind.Hook, _time.GetUtcNow(), TimeSpan.FromSeconds(30), 100, CancellationToken.None));

        released.SetResult();
        await app.UntilIdleAsync(_time);
        Assert.Empty(app.Logs.Named("LeaseLost"));
        Assert.Equal(["hook acme/1 CustomerCreated"], app.Deliveries.All);
    }

    [Fact]
    public async Task A_hook_that_hangs_is_given_up_and_tried_again_and_others_go_on()
    {
        var tries = 0;
        var hangs = new TaskCompletionSource();
        await using var app = RuntimeApp.On(
            _time,
            builder => builder.AddHook<CustomerCreated>((billingEvent, services, _) =>
            {
                services.GetRequiredService<Deliveries>().Add($"try {billingEvent.CustomerId}");
                return billingEvent.CustomerId == "hanging" && ++tries == 1 ? hangs.Task : Task.CompletedTask;
            }),
            options => options.Worker.MaxConcurrency = 2);
        await app.StartWorkerAsync();
        await app.Billing.For("hanging").EnsureCustomerAsync();
        await app.Deliveries.UntilAsync("try hanging");

        await app.Billing.For("other").EnsureCustomerAsync();
        await app.Deliveries.UntilAsync("try other");
        await BusyUntilAsync(() => app.Deliveries.All.Count >= 3);

        Assert.Equal("try hanging", app.Deliveries.All[^1]);
        Assert.Equal("The hook did not end within 00:05:00.", Assert.Single(app.Logs.Named("JobFailed")).Exception!.Message);
    }

    [Fact]
    public async Task A_hook_that_lost_its_lease_is_told_to_stop_and_its_outcome_is_dropped()
    {
        var began = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        await using var app = RuntimeApp.On(_time, builder => builder.AddHook<CustomerCreated>("slow", async (_, _, token) =>
        {
            if (!began.TrySetResult())
                return;
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => stopped.SetResult(), TaskScheduler.Default);
        }));
        await app.StartWorkerAsync();
        await app.Billing.For("acme").EnsureCustomerAsync();
        await began.Task.WaitAsync(TimeSpan.FromMinutes(1));

        // Somebody whose clock is ahead takes the job.
        var taken = Assert.Single(await app.Jobs.LeaseAsync(new LeaseRequest(JobKind.Hook, _time.GetUtcNow().AddMinutes(10), TimeSpan.FromMinutes(5), 1) { Suspects = true }, CancellationToken.None));
        await _time.WhenWaitingAsync(3);
        _time.Advance(TimeSpan.FromSeconds(10));
        await stopped.Task.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(LeaseOutcome.Held, await app.Jobs.CompleteAsync(taken, CancellationToken.None));
        await app.StopWorkersAsync();
        Assert.Equal("The lease on job hook:acme/1:slow of customer acme was lost; somebody else does the job, and what was done here may be done again", Assert.Single(app.Logs.Named("LeaseLost")).Message);
    }

    [Fact]
    public async Task What_a_dead_worker_held_does_not_wait_for_the_end_of_a_backlog()
    {
        await using var app = RuntimeApp.On(_time, RuntimeApp.Record, options => (options.Worker.MaxConcurrency, options.Worker.BatchSize) = (1, 1));
        await app.Billing.For("dead").EnsureCustomerAsync();
        Assert.Single(await app.Jobs.LeaseAsync(JobKind.Hook, _time.GetUtcNow(), TimeSpan.FromSeconds(30), 1, CancellationToken.None));
        for (var i = 0; i < 20; i++)
            await app.Billing.For($"waiting-{i}").EnsureCustomerAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        await app.StartWorkerAsync();
        await app.UntilIdleAsync(_time);

        Assert.Equal(21, app.Deliveries.All.Count);
        Assert.InRange(app.Deliveries.All.ToList().IndexOf("hook dead/1 CustomerCreated"), 0, 5);
    }

    [Fact]
    public async Task A_worker_that_is_stopped_gives_its_leases_back_and_nothing_waits_for_them_to_run_out()
    {
        var began = new TaskCompletionSource();
        await using var app = RuntimeApp.On(_time, builder => builder.AddHook<CustomerCreated>("slow", async (billingEvent, services, token) =>
        {
            if (began.TrySetResult())
                await Task.Delay(Timeout.Infinite, token);
            services.GetRequiredService<Deliveries>().Add(billingEvent.Id);
        }));
        await app.StartWorkerAsync();
        await app.Billing.For("acme").EnsureCustomerAsync();
        await began.Task.WaitAsync(TimeSpan.FromMinutes(1));

        await app.StopWorkersAsync();
        Assert.Equal("The billing worker stopped; it gave 1 jobs back", Assert.Single(app.Logs.Named("WorkerStopped")).Message);
        Assert.Equal(RuntimeApp.Start, await app.Jobs.NextDueAsync(JobKind.Hook, CancellationToken.None));

        // B-3: delivered again, with the same id.
        await app.StartWorkerAsync();
        await app.Deliveries.UntilAsync("acme/1");
        Assert.Empty(app.Logs.Named("JobFailed"));
    }

    [Fact]
    public async Task A_hook_that_finishes_while_the_worker_stops_is_not_run_again()
    {
        var (began, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = RuntimeApp.On(_time, builder => builder.AddHook<CustomerCreated>("stubborn", (_, _, _) =>
        {
            began.SetResult();
            return released.Task;
        }));
        await app.StartWorkerAsync();
        await app.Billing.For("acme").EnsureCustomerAsync();
        await began.Task.WaitAsync(TimeSpan.FromMinutes(1));

        var stopping = app.StopWorkersAsync();
        released.SetResult();
        await stopping;

        Assert.Equal(0, (await app.Jobs.GetFiguresAsync(CancellationToken.None)).Pending);
    }

    /// <summary>R7, the worker's part.</summary>
    [Fact]
    public async Task A_store_that_is_down_stops_nothing_for_good()
    {
        var store = new FaultyStore();
        await using var app = RuntimeApp.On(_time, builder => RuntimeApp.Record(builder).UseStore("UseFaulty", _ => store));
        await app.Billing.For("acme").StartTrialAsync("pro");
        store.IsDown = true;
        await app.StartWorkerAsync();

        for (var i = 0; i < 12; i++)
        {
            await _time.WhenWaitingAsync();
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        await _time.WhenWaitingAsync();
        Assert.Empty(app.Deliveries.All);
        Assert.InRange(app.Logs.Named("WorkerFaulted").Count(), 12, 20);
        Assert.Equal("The billing worker could not get at its work; it tries again after 00:00:05. Nothing is lost", app.Logs.Named("WorkerFaulted").Last().Message);

        store.IsDown = false;
        _time.Advance(TimeSpan.FromSeconds(5));
        await app.Deliveries.UntilAsync("hook acme/2 TrialStarted");
        Assert.Single(app.Logs.Named("WorkerRecovered"));
    }

    /// <summary>R1: what had finished is not run again because the store was away for a moment.</summary>
    [Fact]
    public async Task An_outcome_that_the_store_did_not_take_is_told_again()
    {
        var store = new FaultyStore { LostOutcomes = 3 };
        await using var app = RuntimeApp.On(_time, builder => RuntimeApp.Record(builder).UseStore("UseFaulty", _ => store));
        await app.StartWorkerAsync();
        await app.Billing.For("acme").EnsureCustomerAsync();
        await app.Deliveries.UntilAsync(1);

        await BusyAsync(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100), timers: 2);
        await app.UntilIdleAsync(_time);
        await BusyAsync(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5), timers: 2);

        Assert.Equal(["hook acme/1 CustomerCreated"], app.Deliveries.All);
        Assert.Empty(app.Logs.Named("JobUnfinished"));
    }

    [Fact]
    public async Task An_outcome_that_the_store_does_not_take_until_the_lease_has_run_out_has_the_job_done_again()
    {
        var store = new FaultyStore { LostOutcomes = 1000, AreRenewalsLost = true };
        await using var app = RuntimeApp.On(_time, builder => RuntimeApp.Record(builder).UseStore("UseFaulty", _ => store));
        await app.StartWorkerAsync();
        await app.Billing.For("acme").EnsureCustomerAsync();
        await app.Deliveries.UntilAsync(1);

        await BusyUntilAsync(() => app.Logs.Named("JobUnfinished").Any());
        store.LostOutcomes = 0;
        await BusyUntilAsync(() => app.Deliveries.All.Count >= 2);

        Assert.Equal("hook acme/1 CustomerCreated", Assert.Single(app.Deliveries.All.Distinct()));
    }

    /// <summary>B-28: one inconsistent account does not stop the queue.</summary>
    [Fact]
    public async Task A_customer_that_cannot_be_written_stops_no_other_and_is_mended_later()
    {
        var store = new FaultyStore();
        await using var app = RuntimeApp.On(_time, builder => RuntimeApp.Record(builder).UseStore("UseFaulty", _ => store));
        foreach (var id in new[] { "first", "poisoned", "last" })
            await app.Billing.For(id).StartTrialAsync("pro");
        await app.StartWorkerAsync();
        await app.Deliveries.UntilAsync(15);

        store.Unwritable = "poisoned";
        await app.PassAsync(_time, TimeSpan.FromDays(15), TimeSpan.FromHours(6));
        await app.Deliveries.UntilAsync("hook first/9 AccessRestricted");
        await app.Deliveries.UntilAsync("hook last/9 AccessRestricted");
        Assert.Equal(5, app.Deliveries.Of("poisoned").Count);
        Assert.NotEmpty(app.Logs.Named("StepUnabsorbed"));

        store.Unwritable = null;
        await app.PassAsync(_time, TimeSpan.FromHours(3), TimeSpan.FromMinutes(10));
        await app.Deliveries.UntilAsync(all => all.Exists(delivery => delivery.StartsWith("hook poisoned/", StringComparison.Ordinal) && delivery.EndsWith("AccessRestricted", StringComparison.Ordinal)));
        Assert.Equal((await app.HistoryAsync("poisoned")).Select(line => $"hook {line[20..]}"), app.Deliveries.Of("poisoned"));
        Assert.Equal(SubscriptionStatus.Canceled, (await app.Billing.For("poisoned").GetSubscriptionAsync())!.Status);
    }

    [Fact]
    public async Task A_worker_with_nothing_to_do_looks_once_a_poll_interval()
    {
        var store = new FaultyStore();
        await using var app = RuntimeApp.On(_time, builder => builder.UseStore("UseFaulty", _ => store));
        await app.StartWorkerAsync();
        await _time.WhenWaitingAsync();
        var before = store.Looks;

        await BusyAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), timers: 2);

        Assert.InRange(store.Looks - before, 11, 13);
    }

    [Fact]
    public async Task A_host_on_simulated_time_runs_what_commands_cause_and_leaves_time_to_the_simulator()
    {
        await using var app = RuntimeApp.Simulated(RuntimeApp.Record);
        await app.StartWorkerAsync();
        await app.Billing.For("acme").StartTrialAsync("pro");
        await app.Deliveries.UntilAsync(5);
        Assert.Equal(RuntimeApp.Start, app.Simulator.Now);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            await app.Simulator.AdvanceAsync(TimeSpan.FromDays(1));
            await app.PayAsync($"customer {i}");
        }));
        await app.Simulator.RunUntilIdleAsync();

        Assert.Equal(RuntimeApp.Start.AddDays(20), app.Simulator.Now);
        Assert.Equal(app.Deliveries.All.Count, app.Deliveries.All.Distinct().Count());
        Assert.Equal((await app.HistoryAsync("acme")).Select(line => $"hook {line[20..]}"), app.Deliveries.Of("acme"));
    }

    private Task BusyUntilAsync(Func<bool> condition) => RuntimeApp.UntilAsync(async () =>
    {
        await BusyAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), timers: 2);
        return condition();
    });

    private async Task BusyAsync(TimeSpan length, TimeSpan step, int timers)
    {
        for (var passed = TimeSpan.Zero; passed < length; passed += step)
        {
            await _time.WhenWaitingAsync(timers);
            _time.Advance(step);
        }

        await _time.WhenWaitingAsync(timers);
    }
}
