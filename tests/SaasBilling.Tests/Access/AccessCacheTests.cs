using Microsoft.Extensions.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Scheduling;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;
using SaasBilling.Tests.Scheduling;
using FaultyStore = SaasBilling.Tests.Road.FaultyStore;

namespace SaasBilling.Tests.Access;

public sealed class AccessCacheTests
{
    [Fact]
    public async Task A_commit_through_one_handle_counts_at_once_on_every_handle_that_is_kept()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var (kept, other, named) = (app.Acme, app.Acme, app.Billing.For("acme", "analytics"));
        foreach (var handle in new[] { kept, other, named })
            Assert.False((await handle.GetAccessAsync()).Has("sso"));

        await kept.ChangeAsync(new SubscriptionChange { PlanKey = "team" });
        foreach (var handle in new[] { kept, other, named })
            Assert.True((await handle.GetAccessAsync()).Has("sso"));

        await other.CancelAsync(new() { Timing = CancelTiming.Immediately });
        foreach (var handle in new[] { kept, other, named })
            Assert.Equal((false, AccessReason.Canceled), await handle.GetAccessAsync() is var access ? (access.IsGranted, access.Reason) : default);
    }

    [Fact]
    public async Task A_handle_that_found_nobody_learns_of_the_first_commit()
    {
        await using var app = new BillingApp();
        var kept = app.Acme;
        Assert.Equal(AccessReason.NoSubscription, (await kept.GetAccessAsync()).Reason);

        await app.SubscribedAsync();

        Assert.True((await kept.GetAccessAsync()).Has("export"));
    }

    [Fact]
    public async Task What_the_clock_alone_does_reaches_a_handle_that_is_kept()
    {
        await using var app = new BillingApp();
        var kept = app.Acme;
        await kept.StartTrialAsync("pro");
        Assert.Equal(AccessReason.Trial, (await kept.GetAccessAsync()).Reason);

        await app.DaysAsync(14);

        Assert.Equal(AccessReason.TrialExpired, (await kept.GetAccessAsync()).Reason);
    }

    [Fact]
    public async Task The_end_of_a_grace_period_reaches_a_handle_that_is_kept_to_the_second_without_a_commit()
    {
        await using var app = new BillingApp(engine: memory => memory.PaymentRetries = [TimeSpan.FromDays(30)]);
        await app.SubscribedAsync();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await app.DaysAsync(31);
        await app.HoursAsync(1);
        var state = (await app.StateAsync())!;
        var kept = app.Acme;
        var until = (await kept.GetAccessAsync()).Until!.Value;

        Assert.True((await AtAsync(until.AddSeconds(-1))).Has("export"));
        Assert.Equal((false, AccessReason.PaymentFailed), await AtAsync(until) is var access ? (access.IsGranted, access.Reason) : default);

        // The clock of the process moves, and nobody commits.
        async Task<AccessSnapshot> AtAsync(DateTimeOffset instant)
        {
            ((SimulatedClock)app.Services.GetRequiredService<BillingClock>().Time).MoveTo(instant);
            Assert.Same(state, await app.StateAsync());
            return await kept.GetAccessAsync();
        }
    }

    [Fact]
    public async Task What_was_read_before_something_doubtful_happened_is_answered_and_not_kept()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var state = (await app.StateAsync())!;
        var expected = app.Cache.Expect("acme");
        app.Cache.Drop("acme");

        var answer = app.Cache.Put(expected, state);

        Assert.True(answer.Snapshot.Has("export"));
        Assert.Equal((false, 0), (answer.Holds, app.Cache.Count));
    }

    [Fact]
    public async Task Something_older_never_replaces_something_newer()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var older = (await app.StateAsync())!;
        await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team" });
        var newer = (await app.StateAsync())!;

        var first = app.Cache.Expect("acme");
        app.Cache.Update(newer);
        Assert.Same(newer, app.Cache.Put(first, older).State);
        app.Cache.Update(older);

        Assert.True(app.Cache.TryGet("acme", out var entry));
        Assert.Same(newer, entry.State);
        Assert.True(entry.Holds);
    }

    [Fact]
    public async Task A_commit_of_which_nobody_knows_whether_it_was_written_is_read_again()
    {
        var store = new FaultyStore();
        await using var app = new BillingApp(builder => builder.Services.AddSingleton<IBillingStore>(store));
        await app.SubscribedAsync();
        var kept = app.Acme;
        Assert.False((await kept.GetAccessAsync()).Has("sso"));

        // Written, and the answer is lost.
        store.BeforeCommit = async commit =>
        {
            store.BeforeCommit = null;
            await store.CommitAsync(commit, CancellationToken.None);
            throw new TimeoutException("The connection was lost.");
        };
        await Assert.ThrowsAsync<TimeoutException>(() => kept.ChangeAsync(new SubscriptionChange { PlanKey = "team" }));

        Assert.True((await kept.GetAccessAsync()).Has("sso"));
    }

    [Fact]
    public async Task Sixteen_threads_that_commit_and_read_never_see_less_than_what_was_committed()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("api");
        var kept = app.Acme;
        var committed = 0;
        var running = 8;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(thread => Task.Run(() => thread < 8 ? WriteAsync() : ReadAsync(thread))));

        Assert.Equal(8 * 50, (await kept.CheckAsync("api_calls", 0)).Used);

        async Task WriteAsync()
        {
            try
            {
                for (var i = 0; i < 50; i++)
                {
                    await kept.RecordUsageAsync("api_calls", 1);
                    var least = Interlocked.Increment(ref committed);
                    Assert.InRange((await kept.CheckAsync("api_calls", 0)).Used!.Value, least, 8 * 50);
                }
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        // Some read what the handle keeps, some look it up, and some take it away as a sweep does.
        async Task ReadAsync(int thread)
        {
            while (Volatile.Read(ref running) > 0)
            {
                var least = Volatile.Read(ref committed);
                var handle = thread % 2 == 0 ? kept : app.Acme;
                Assert.InRange((await handle.CheckAsync("api_calls", 0)).Used!.Value, least, 8 * 50);
                Assert.True((await handle.GetAccessAsync()).Has("api_calls"));
                if (thread == 15)
                    app.Cache.Drop("acme");
                await Task.Yield();
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task What_another_process_changed_counts_within_the_duration(int readAfterSeconds)
    {
        await using var app = new BillingApp(builder => builder.Services.AddSingleton<IBillingStore>(new FaultyStore { IsShared = true }));
        await app.SubscribedAsync();
        await app.Simulator.AdvanceAsync(TimeSpan.FromSeconds(readAfterSeconds));
        var kept = app.Acme;
        var before = await kept.GetAccessAsync();
        await ChangeElsewhereAsync(app.Store);

        await app.Simulator.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Same(before, await kept.GetAccessAsync());
        Assert.Same(before, await app.Acme.GetAccessAsync());
        await app.Simulator.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, app.Cache.Count);
        Assert.False((await kept.GetAccessAsync()).IsGranted);
        Assert.False((await app.Acme.GetAccessAsync()).IsGranted);
        Assert.Equal(1, app.Cache.Count);
    }

    /// <summary>R7: access goes on from the last snapshot, as of now.</summary>
    [Fact]
    public async Task What_was_known_last_goes_on_while_the_store_is_unavailable()
    {
        var store = new FaultyStore { IsShared = true };
        await using var app = new BillingApp(builder => builder.Services.AddSingleton<IBillingStore>(store));
        await app.Acme.StartTrialAsync("pro");
        var kept = app.Acme;
        Assert.True((await kept.GetAccessAsync()).IsGranted);
        await app.Simulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(0, app.Cache.Count);
        store.BeforeFind = () => throw new BillingException(BillingErrorCode.StoreUnavailable, "Away.");

        Assert.True((await kept.GetAccessAsync()).IsGranted);
        Assert.True((await kept.CheckAsync("export")).IsAllowed);
        Assert.True((await app.Acme.GetAccessAsync()).IsGranted);
        var stranger = await Assert.ThrowsAsync<BillingException>(() => app.Billing.For("stranger").GetAccessAsync().AsTask());
        Assert.Equal(BillingErrorCode.StoreUnavailable, stranger.Code);
        Assert.Equal(0, app.Cache.Count);

        // Who comes back within the hour is remembered for another.
        ((SimulatedClock)app.Services.GetRequiredService<BillingClock>().Time).MoveTo(app.Now.AddMinutes(50));
        Assert.True((await kept.GetAccessAsync()).IsGranted);
        ((SimulatedClock)app.Services.GetRequiredService<BillingClock>().Time).MoveTo(app.Now.AddMinutes(50));
        Assert.True((await kept.GetAccessAsync()).IsGranted);
        ((SimulatedClock)app.Services.GetRequiredService<BillingClock>().Time).MoveTo(app.Now.AddMinutes(61));
        await Assert.ThrowsAsync<BillingException>(() => kept.GetAccessAsync().AsTask());

        store.BeforeFind = null;
        Assert.True((await kept.GetAccessAsync()).IsGranted);
    }

    [Fact]
    public async Task The_duration_is_an_option()
    {
        await using var app = new BillingApp(
            builder => builder.Services.AddSingleton<IBillingStore>(new FaultyStore { IsShared = true }),
            options => options.AccessCacheDuration = TimeSpan.FromHours(1));
        await app.SubscribedAsync();
        var kept = app.Acme;
        var before = await kept.GetAccessAsync();
        await ChangeElsewhereAsync(app.Store);

        await app.Simulator.AdvanceAsync(TimeSpan.FromMinutes(40));
        Assert.Same(before, await kept.GetAccessAsync());
        await app.Simulator.AdvanceAsync(TimeSpan.FromMinutes(20));
        Assert.False((await kept.GetAccessAsync()).IsGranted);
    }

    [Fact]
    public async Task Own_commits_are_known_anew_so_the_sweep_leaves_them_longer()
    {
        await using var app = new BillingApp(builder => builder.Services.AddSingleton<IBillingStore>(new FaultyStore { IsShared = true }));
        await app.SubscribedAsync();
        await app.Acme.GetAccessAsync();
        await app.Simulator.AdvanceAsync(TimeSpan.FromSeconds(20));
        await app.Acme.RecordMilestoneAsync("invited");
        await app.Simulator.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, app.Cache.Count);
        await app.Simulator.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, app.Cache.Count);
    }

    [Fact]
    public async Task A_store_of_this_process_alone_is_not_swept()
    {
        var time = new ManualTimeProvider(RuntimeApp.Start);
        await using var app = RuntimeApp.On(time);
        await app.PayAsync("acme");
        var kept = app.Billing.For("acme");
        var before = await kept.GetAccessAsync();
        Assert.False(time.WhenWaitingAsync(1).IsCompleted);

        time.Advance(TimeSpan.FromDays(20));

        Assert.Same(before, await kept.GetAccessAsync());
    }

    [Fact]
    public async Task The_sweep_runs_on_the_applications_time_and_ends_with_the_container()
    {
        var time = new ManualTimeProvider(RuntimeApp.Start);
        await using (var app = RuntimeApp.On(time, Shared))
        {
            await app.PayAsync("acme");
            var kept = app.Billing.For("acme");
            Assert.True((await kept.GetAccessAsync()).IsGranted);
            await ChangeElsewhereAsync(app.Store);
            Assert.True(time.WhenWaitingAsync(1).IsCompleted);

            time.Advance(TimeSpan.FromSeconds(30));
            Assert.False((await kept.GetAccessAsync()).IsGranted);
        }

        Assert.False(time.WhenWaitingAsync(1).IsCompleted);
    }

    private static ISaasBillingBuilder Shared(ISaasBillingBuilder builder)
    {
        builder.Services.AddSingleton<IBillingStore>(new FaultyStore { IsShared = true });
        return builder;
    }

    /// <summary>Another process writes past this one: it takes the subscription away.</summary>
    private static async Task ChangeElsewhereAsync(IBillingStore store)
    {
        var state = (await store.FindCustomerAsync("acme", CancellationToken.None))!;
        var outcome = await store.CommitAsync(
            new() { Customer = state with { Version = state.Version + 1, Subscriptions = [] }, ExpectedVersion = state.Version },
            CancellationToken.None);
        Assert.Equal(CommitOutcome.Committed, outcome);
    }
}
