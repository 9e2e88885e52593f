using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Conformance.Storage;
using SaasBilling.Storage;
using SaasBilling.Tests.Scheduling;

namespace SaasBilling.Tests.Lifecycle;

public sealed class HookDeliveryTests
{
    [Fact]
    public async Task Hooks_get_the_events_of_a_customer_in_order()
    {
        await using var app = RuntimeApp.Simulated(RuntimeApp.Record);
        await app.Billing.For("acme").StartTrialAsync("pro");
        await app.Simulator.AdvanceAsync(TimeSpan.FromDays(20));

        Assert.Equal((await app.HistoryAsync("acme")).Select(line => $"hook {line[20..]}"), app.Deliveries.Of("acme"));
    }

    [Fact]
    public async Task A_hook_that_fails_holds_up_its_own_lane_alone()
    {
        var isBroken = true;
        await using var app = RuntimeApp.Simulated(builder => RuntimeApp.Record(builder).AddHook<BillingEvent>("broken", (billingEvent, services, _) =>
        {
            if (isBroken && billingEvent is MilestoneReached { Milestone: "first" })
                throw new InvalidOperationException("Not today.");
            services.GetRequiredService<Deliveries>().Add($"broken {billingEvent.Id}");
            return Task.CompletedTask;
        }));
        var acme = app.Billing.For("acme");
        await acme.RecordMilestoneAsync("first");
        await acme.RecordMilestoneAsync("second");
        await app.Billing.For("other").RecordMilestoneAsync("second");

        await app.Simulator.RunUntilIdleAsync();
        Assert.Equal(["hook acme/1 CustomerCreated", "broken acme/1", "hook acme/2 MilestoneReached", "hook acme/3 MilestoneReached"], app.Deliveries.Of("acme"));
        Assert.Equal(4, app.Deliveries.Of("other").Count);

        isBroken = false;
        await app.Simulator.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["broken acme/2", "broken acme/3"], app.Deliveries.Of("acme").Skip(4));
    }

    /// <summary>B-28: a poisoned job is quarantined for its customer alone, visible, and can be retried.</summary>
    [Fact]
    public async Task A_hook_that_always_fails_is_quarantined_and_can_be_requeued()
    {
        var isBroken = true;
        await using var app = RuntimeApp.Simulated(
            builder => builder.AddHook<MilestoneReached>("provision", (billingEvent, services, _) =>
            {
                services.GetRequiredService<Deliveries>().Add($"try {billingEvent.Id}");
                return isBroken && billingEvent.Id == "acme/2" ? throw new InvalidOperationException("The workspace is inconsistent.") : Task.CompletedTask;
            }),
            options => options.Worker.MaxAttempts = 3);
        await app.Billing.For("acme").RecordMilestoneAsync("first");
        await app.Billing.For("acme").RecordMilestoneAsync("second");
        await app.Billing.For("other").RecordMilestoneAsync("first");

        await app.Simulator.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal(["try acme/2", "try other/2", "try acme/2", "try acme/2", "try acme/3"], app.Deliveries.All);
        var parked = Assert.Single(await app.Jobs.GetQuarantinedAsync(CancellationToken.None));
        Assert.Equal(("hook:acme/2:provision", 3, "InvalidOperationException: The workspace is inconsistent."), (parked.Job.Key, parked.Attempts, parked.LastError));
        Assert.Equal(new JobFigures(0, 1, null), await app.Jobs.GetFiguresAsync(CancellationToken.None));
        Assert.Equal("Job hook:acme/2:provision of customer acme failed 3 times and is in quarantine. Mend the cause and requeue it", Assert.Single(app.Logs.Named("JobQuarantined")).Message);

        isBroken = false;
        Assert.True(await app.Jobs.RequeueAsync(parked.Job.Key, CancellationToken.None));
        await app.Simulator.RunUntilIdleAsync();
        Assert.Equal("try acme/2", app.Deliveries.All[^1]);
        Assert.Equal(new JobFigures(0, 0, null), await app.Jobs.GetFiguresAsync(CancellationToken.None));
    }

    /// <summary>B-3: a crash between two hooks repeats only the one that had not finished, with the same event id.</summary>
    [Fact]
    public async Task A_crash_between_two_hooks_repeats_the_unfinished_one_alone()
    {
        var time = new ManualTimeProvider(RuntimeApp.Start);
        await using var app = RuntimeApp.On(time, builder => builder.AddHook<CustomerCreated>("first", AddTo).AddHook<CustomerCreated>("second", AddTo));
        await app.Billing.For("acme").EnsureCustomerAsync();
        var done = Assert.Single(await app.Jobs.LeaseAsync(JobKind.Hook, RuntimeApp.Start, TimeSpan.FromSeconds(30), 10, CancellationToken.None));
        Assert.Equal("first", done.Job.Lane);
        await app.Jobs.CompleteAsync(done, CancellationToken.None);

        // The process takes the second one, and dies in the middle of it.
        var dead = Assert.Single(await app.Jobs.LeaseAsync(JobKind.Hook, RuntimeApp.Start, TimeSpan.FromSeconds(30), 10, CancellationToken.None));
        await app.StartWorkerAsync();
        await time.WhenWaitingAsync();
        time.Advance(TimeSpan.FromSeconds(29));
        await time.WhenWaitingAsync();
        Assert.Empty(app.Deliveries.All);

        time.Advance(TimeSpan.FromSeconds(1));
        await app.Deliveries.UntilAsync(1);
        await app.StopWorkersAsync();

        Assert.Equal([$"{dead.Job.Lane} {dead.Event!.Id}"], app.Deliveries.All);
        Assert.Equal(0, (await app.Jobs.GetFiguresAsync(CancellationToken.None)).Pending);

        Task AddTo(CustomerCreated billingEvent, IServiceProvider services, CancellationToken token)
        {
            services.GetRequiredService<Deliveries>().Add($"second {billingEvent.Id}");
            return Task.CompletedTask;
        }
    }

    /// <summary>What takes its worker down with it is not tried for ever.</summary>
    [Fact]
    public async Task A_job_whose_lease_ran_out_too_often_is_quarantined_untried()
    {
        await using var app = RuntimeApp.Simulated(RuntimeApp.Record, options => options.Worker.MaxAttempts = 2);
        await app.Billing.For("acme").EnsureCustomerAsync();
        for (var i = 0; i < 3; i++)
            Assert.Single(await app.Jobs.LeaseAsync(new LeaseRequest(JobKind.Hook, RuntimeApp.Start.AddMinutes(i), TimeSpan.FromSeconds(30), 1) { Suspects = i > 0 }, CancellationToken.None));

        await app.Simulator.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Empty(app.Deliveries.All);
        var parked = Assert.Single(await app.Jobs.GetQuarantinedAsync(CancellationToken.None));
        Assert.Equal("The lease ran out: the worker that held it stopped, or hung.", parked.LastError);
    }

    /// <summary>A hook that this version of the application does not have may be another instance's.</summary>
    [Fact]
    public async Task A_job_of_a_hook_that_is_not_registered_waits_and_says_why()
    {
        var store = new FaultyStore();
        await using (var old = RuntimeApp.Simulated(builder => builder.AddHook<CustomerCreated>("gone", (_, _, _) => Task.CompletedTask).UseStore("UseFaulty", _ => store)))
            await old.Billing.For("acme").EnsureCustomerAsync();
        await using var app = RuntimeApp.Simulated(builder => builder.UseStore("UseFaulty", _ => store));

        await app.Simulator.RunUntilIdleAsync();

        var failed = Assert.Single(app.Logs.Named("JobFailed"));
        Assert.Equal("No life-cycle hook 'gone' is registered. Register it again, by the same name, and requeue its jobs.", failed.Exception!.Message);
        Assert.Equal(1, (await store.GetFiguresAsync(CancellationToken.None)).Pending);
    }

    [Fact]
    public async Task An_error_is_kept_short()
    {
        await using var app = RuntimeApp.Simulated(
            builder => builder.AddHook<CustomerCreated>((_, _, _) => throw new InvalidOperationException(new string('x', 5000))),
            options => options.Worker.MaxAttempts = 1);
        await app.Billing.For("acme").EnsureCustomerAsync();

        await app.Simulator.RunUntilIdleAsync();

        Assert.Equal(500, Assert.Single(await app.Jobs.GetQuarantinedAsync(CancellationToken.None)).LastError!.Length);
    }
}
