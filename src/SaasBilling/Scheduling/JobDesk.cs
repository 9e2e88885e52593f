using System.Collections.Concurrent;
using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>Leases jobs of one kind, and runs them side by side.</summary>
internal sealed class JobDesk(JobKind kind, IBillingStore store, JobRunner runner, LeaseBook leases, BillingClock clock, SaasBillingOptions options)
{
    // How long those whose worker died may wait behind a backlog.
    private static readonly TimeSpan SuspectsWait = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<HeldJob> _waiting = new();

    // They have waited for a lease already.
    private readonly ConcurrentQueue<HeldJob> _waitingSuspects = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _runners = [];
    private int _suspects;
    private int _running;
    private int _finished;
    private bool _mayBeMore;
    private long _suspectsSought;

    private BillingWorkerOptions Settings => options.Worker;

    // What was finished since the last look is leased ahead: much where jobs are short, next to nothing where they are long and other processes are free.
    private int Room => Math.Min(Settings.BatchSize, Settings.MaxConcurrency - Volatile.Read(ref _running) - _waiting.Count + Volatile.Read(ref _finished));

    /// <summary>Leases what is due, as far as there is room, and starts it.</summary>
    /// <returns>When the next can be leased; null: when a signal says so.</returns>
    public async Task<DateTimeOffset?> StartAsync(DateTimeOffset now, CancellationToken stopping)
    {
        while (true)
        {
            var room = Room;
            if (room <= 0)
            {
                // Those whose worker died do not wait until all that was leased ahead is done; where nothing moves, others may be free.
                if (Volatile.Read(ref _finished) > 0)
                    await StartSuspectsAsync(Request(now, 1), hasOthers: true, stopping).ConfigureAwait(false);
                return null;
            }

            if (!_mayBeMore)
            {
                var due = await store.Jobs.NextDueAsync(kind, stopping).ConfigureAwait(false);
                if (!(due <= clock.Exact))
                    return due;
            }

            Interlocked.Exchange(ref _finished, 0);
            var request = Request(now, room);
            var leased = await store.Jobs.LeaseAsync(request, stopping).ConfigureAwait(false);
            _mayBeMore = leased.Count == room;
            Start(leased, stopping);
            var hasSuspect = await StartSuspectsAsync(request, leased.Count > 0, stopping).ConfigureAwait(false);

            // What is due, and cannot be leased, somebody else holds.
            if (leased.Count == 0 && !hasSuspect)
                return now;
        }
    }

    /// <summary>Runs the one job that is due first, to its end.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunNextAsync(DateTimeOffset now, CancellationToken stopping)
    {
        if (await store.Jobs.LeaseOneAsync(Request(now, 1), stopping).ConfigureAwait(false) is not { } entry)
            return false;

        await RunAsync(leases.Hold(entry, stopping)).ConfigureAwait(false);
        await leases.ToldAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Ends when nothing runs any more.</summary>
    public Task IdleAsync()
    {
        lock (_gate)
            return Task.WhenAll(_runners);
    }

    private LeaseRequest Request(DateTimeOffset now, int count) => new(kind, now, Settings.LeaseDuration, count) { LeasedAt = clock.Exact };

    /// <summary>Takes over jobs whose worker did not come back, if there are any. While there are others, they are looked for now and then: a backlog does not hold them up.</summary>
    private async Task<bool> StartSuspectsAsync(LeaseRequest request, bool hasOthers, CancellationToken stopping)
    {
        if (Volatile.Read(ref _suspects) > 0 || (hasOthers && clock.Time.GetElapsedTime(_suspectsSought) < SuspectsWait))
            return false;

        // Who is tried but once has no try to lose to a neighbor.
        var count = Settings.MaxAttempts > 1 ? Settings.MaxConcurrency : 1;
        var leased = await store.Jobs.LeaseAsync(request with { Suspects = true, Count = count }, stopping).ConfigureAwait(false);
        Volatile.Write(ref _suspects, leased.Count);
        _suspectsSought = leased.Count > 0 ? 0 : clock.Time.GetTimestamp();
        Start(leased, stopping);
        return leased.Count > 0;
    }

    private void Start(IReadOnlyList<JobEntry> leased, CancellationToken stopping)
    {
        foreach (var entry in leased)
            (entry.IsSuspect ? _waitingSuspects : _waiting).Enqueue(leases.Hold(entry, stopping));

        lock (_gate)
        {
            _runners.RemoveAll(runner => runner.IsCompleted);
            for (var wanted = Math.Min(_waiting.Count + _waitingSuspects.Count, Settings.MaxConcurrency - _running); wanted > 0; wanted--)
            {
                _running++;
                _runners.Add(Task.Run(RunAllAsync, CancellationToken.None));
            }
        }
    }

    private async Task RunAllAsync()
    {
        while (Take() is { } job)
            await RunAsync(job).ConfigureAwait(false);
    }

    private HeldJob? Take()
    {
        lock (_gate)
        {
            if (_waitingSuspects.TryDequeue(out var job) || _waiting.TryDequeue(out job))
                return job;
            _running--;
            return null;
        }
    }

    private async Task RunAsync(HeldJob job)
    {
        // Who waited here past its lease may be somebody else's by now, or done.
        var result = job.LeasedUntil <= clock.Exact
            ? JobResult.Release(job.Entry, clock.Now)
            : await runner.RunAsync(job.Entry, Settings.HookTimeout, job.Cancellation).ConfigureAwait(false);
        if (job.Entry.IsSuspect)
            Interlocked.Decrement(ref _suspects);
        Interlocked.Increment(ref _finished);
        leases.Finish(job, result);
    }
}
