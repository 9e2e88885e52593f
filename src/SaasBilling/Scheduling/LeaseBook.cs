using System.Collections.Concurrent;
using SaasBilling.Diagnostics;
using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>
/// The leases of this process: kept alive while their jobs wait and run, and ended in batches when they are done. A result that the store does not
/// take is told again until it does, or until the lease is over.
/// </summary>
internal sealed class LeaseBook(IBillingStore store, BillingClock clock, WorkerSignal signal, SaasBillingOptions options, BillingTelemetry telemetry)
{
    private const int MostInABatch = 500;

    private readonly ConcurrentDictionary<HeldJob, bool> _held = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentQueue<(HeldJob Job, JobResult Result)> _finished = new();
    private Task _telling = Task.CompletedTask;
    private bool _isTelling;
    private CancellationToken _stopping;
    private int _released;

    /// <summary>How many jobs were given back.</summary>
    public int Released => Volatile.Read(ref _released);

    private BillingWorkerOptions Settings => options.Worker;

    /// <summary>Takes over what was leased.</summary>
    public HeldJob Hold(JobEntry entry, CancellationToken stopping)
    {
        _stopping = stopping;
        var job = new HeldJob(entry, stopping);
        _held.TryAdd(job, true);
        return job;
    }

    /// <summary>A job ended; the store is told soon, together with others.</summary>
    public void Finish(HeldJob job, JobResult result)
    {
        if (result.End == JobEnd.Release)
            Interlocked.Increment(ref _released);
        lock (_finished)
        {
            _finished.Enqueue((job, result));
            if (_isTelling)
                return;
            _isTelling = true;
            _telling = Task.Run(TellAsync, CancellationToken.None);
        }
    }

    /// <summary>Ends when the store was told of all that ended.</summary>
    public Task ToldAsync()
    {
        lock (_finished)
            return _telling;
    }

    /// <summary>Renews what is held, three times within a lease's duration.</summary>
    public async Task RenewAsync(CancellationToken finished)
    {
        while (!finished.IsCancellationRequested)
        {
            await Task.Delay(Settings.LeaseDuration / 3, clock.Time, finished).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            HeldJob[] held = finished.IsCancellationRequested ? [] : [.. _held.Keys];
            if (held.Length == 0)
                continue;

            try
            {
                var until = clock.Exact + Settings.LeaseDuration;
                var outcomes = await store.Jobs.RenewAsync([.. held.Select(job => job.Entry)], until, finished).ConfigureAwait(false);
                for (var i = 0; i < held.Length; i++)
                {
                    if (outcomes[i] == LeaseOutcome.Held)
                        held[i].LeasedUntil = until;
                    else
                        held[i].Cancel();
                }
            }
            catch (OperationCanceledException) when (finished.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The next look tries again; the leases last for two more.
                Log.LeasesNotRenewed(telemetry.Logger, exception, held.Length);
            }
        }
    }

    private async Task TellAsync()
    {
        var batch = new List<(HeldJob Job, JobResult Result)>();
        while (true)
        {
            lock (_finished)
            {
                while (batch.Count < MostInABatch && _finished.TryDequeue(out var finished))
                    batch.Add(finished);
                if (batch.Count == 0)
                {
                    _isTelling = false;
                    return;
                }
            }

            await TellAsync(batch).ConfigureAwait(false);
            foreach (var (job, _) in batch)
            {
                _held.TryRemove(job, out _);
                job.Dispose();
            }

            batch.Clear();
            signal.Set();
        }
    }

    private async Task TellAsync(List<(HeldJob Job, JobResult Result)> batch)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                var outcomes = await store.Jobs.FinishAsync([.. batch.Select(item => item.Result)], CancellationToken.None).ConfigureAwait(false);
                for (var i = 0; i < outcomes.Count; i++)
                {
                    if (outcomes[i] == LeaseOutcome.Lost)
                        Log.LeaseLost(telemetry.Logger, batch[i].Result.Entry.Job.Key, batch[i].Result.Entry.Job.CustomerId);
                }

                return;
            }
            catch (Exception exception)
            {
                // Released ones, and those of a process that stops, are the next worker's when the lease is over: nobody waits for them here.
                var now = clock.Exact;
                if (batch.All(item => item.Job.LeasedUntil <= now || item.Job.Cancellation.IsCancellationRequested))
                {
                    foreach (var (_, result) in batch)
                        Log.JobUnfinished(telemetry.Logger, exception, result.Entry.Job.Key, result.Entry.Job.CustomerId);
                    return;
                }

                await Task.Delay(RetryDelay.OfOutage(failures, Settings), clock.Time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
