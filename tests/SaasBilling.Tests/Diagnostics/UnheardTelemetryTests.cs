using SaasBilling.Diagnostics;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.Diagnostics;

/// <summary>Listeners are the process's: these tests run while no other does.</summary>
[CollectionDefinition(nameof(UnheardTelemetryTests), DisableParallelization = true)]
[Collection(nameof(UnheardTelemetryTests))]
public sealed class UnheardTelemetryTests : IDisposable
{
    private const int Times = 100;

    private readonly BillingTelemetry _telemetry = new(null, null);

    [Fact]
    public void A_command_allocates_nothing_for_its_span() =>
        Assert.Equal(0, Bytes(() =>
        {
            using var activity = _telemetry.StartCommand("SubscribeAsync", "acme");
            Assert.Null(activity);
        }));

    [Fact]
    public async Task A_commit_allocates_nothing_for_its_span_and_its_figures()
    {
        var commit = await CommitAsync();
        var failure = new TimeoutException();

        Assert.Equal(0, Bytes(() =>
        {
            using var activity = _telemetry.StartCommit("acme");
            _telemetry.Committed(commit);
            _telemetry.Conflicted("acme");
            BillingTelemetry.Fail(activity, failure);
        }));
    }

    [Fact]
    public void A_provider_call_allocates_what_it_allocates_bare()
    {
        Func<Task<object>> call = () => Task.FromResult(new object());
        var bare = Bytes(() => _ = call());

        Assert.True(bare > 0);
        Assert.Equal(bare, Bytes(() => _ = _telemetry.MeasureAsync("in-memory", "read", call)));
    }

    [Fact]
    public void A_delivery_allocates_what_it_allocates_bare()
    {
        Func<JobEntry, CancellationToken, Task> deliver = (_, _) => Task.FromResult(new object());
        var entry = new JobEntry
        {
            Job = new Job { Key = "hook:acme/1:provision", Kind = JobKind.Hook, CustomerId = "acme", Lane = "provision", DueAt = BillingApp.Start },
            Status = JobStatus.Leased,
        };
        var bare = Bytes(() => _ = deliver(entry, CancellationToken.None));

        Assert.True(bare > 0);
        Assert.Equal(bare, Bytes(() => _ = _telemetry.DeliverAsync(entry, deliver, CancellationToken.None)));
    }

    public void Dispose() => _telemetry.Dispose();

    private static long Bytes(Action work) => Allocations.Of(() =>
    {
        for (var i = 0; i < Times; i++)
            work();
    });

    /// <summary>A commit with everything that is counted.</summary>
    private static async Task<BillingCommit> CommitAsync()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var state = (await app.StateAsync())!;
        return new BillingCommit
        {
            Customer = state,
            ExpectedVersion = state.Version - 1,
            Events = await app.Acme.GetHistoryAsync(),
            Movements = [new MrrMovement("acme", "USD", BillingApp.Start, MrrMovementKind.New, 2_900_000_000)],
        };
    }
}
