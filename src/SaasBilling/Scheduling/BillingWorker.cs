using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using SaasBilling.Diagnostics;
using SaasBilling.InMemory;
using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>
/// Runs what is due while the host runs: the provider's steps and wake-ups one by one in the order of time, hooks in parallel over customers. It looks
/// when something is due, when something was committed in this process, and every poll interval for what other processes did.
/// </summary>
internal sealed class BillingWorker(
    ProviderSteps steps,
    JobRunner runner,
    BillingPump pump,
    SimulationGate gate,
    IBillingStore store,
    BillingClock clock,
    WorkerSignal signal,
    SaasBillingOptions options,
    BillingTelemetry telemetry) : BackgroundService
{
    // So that leases are looked after, and hooks started, while a long backlog is worked off.
    private const int StepsInATurn = 256;
    private const int FailuresInATurn = 3;

    // Between two looks at something that is due but that somebody else holds.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, RunningJob> _running = new();
    private DateTimeOffset _queueReadAt;
    private TimeSpan _behind;
    private int _released;

    private BillingWorkerOptions Settings => options.Worker;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        clock.Time is SimulatedClock ? FollowSimulationAsync(stoppingToken) : WorkAsync(stoppingToken);

    private async Task WorkAsync(CancellationToken stopping)
    {
        using var finished = new CancellationTokenSource();
        var renewing = RenewLeasesAsync(finished.Token);
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var wait = await TakeTurnAsync(stopping).ConfigureAwait(false);
                if (failures > 0)
                    Log.WorkerRecovered(telemetry.Logger, failures);
                failures = 0;
                if (wait > TimeSpan.Zero)
                    await signal.WaitAsync(wait, clock.Time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                var delay = DelayAfter(++failures);
                Log.WorkerFaulted(telemetry.Logger, exception, delay);
                await Task.Delay(delay, clock.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // Their tokens are canceled: each ends, and gives its lease back.
        await Task.WhenAll(_running.Values.Select(job => job.Completion)).ConfigureAwait(false);
        await finished.CancelAsync().ConfigureAwait(false);
        await renewing.ConfigureAwait(false);
        Log.WorkerStopped(telemetry.Logger, _released);
    }

    /// <summary>Starts what is due.</summary>
    /// <returns>How long there is nothing to do, unless a signal comes.</returns>
    private async Task<TimeSpan> TakeTurnAsync(CancellationToken stopping)
    {
        WatchClock();
        await ReadQueueAsync(stopping).ConfigureAwait(false);
        var failures = 0;
        for (var i = 0; i < StepsInATurn; i++)
        {
            stopping.ThrowIfCancellationRequested();
            var now = clock.Now;
            var room = Settings.MaxConcurrency - _running.Count;
            var step = steps.NextDueAt;
            var job = room > 0 ? await store.Jobs.NextDueAsync(stopping).ConfigureAwait(false) : null;
            if (step <= now && (job is null || step <= job))
            {
                try
                {
                    await steps.StepAsync(now, stopping).ConfigureAwait(false);
                }
                catch (Exception) when (!stopping.IsCancellationRequested && ++failures < FailuresInATurn)
                {
                    // One customer that cannot be written does not stop the others; several in a row are an outage.
                }
            }
            else if (job is null || job > now || !await StartDueAsync(now, room, stopping).ConfigureAwait(false))
            {
                return WaitFor(step < job || job is null ? step : job);
            }
        }

        return TimeSpan.Zero;
    }

    private async Task<bool> StartDueAsync(DateTimeOffset now, int room, CancellationToken stopping)
    {
        var leased = await store.Jobs.LeaseAsync(now, Settings.LeaseDuration, Math.Min(room, Settings.BatchSize), stopping).ConfigureAwait(false);
        var jobs = leased.Select(entry => new RunningJob(entry, stopping)).ToArray();
        foreach (var job in jobs)
            _running.TryAdd(job.Token, job);

        foreach (var job in jobs.Where(job => !MustWaitForProvider(job)))
            job.Completion = Task.Run(() => RunAsync(job), CancellationToken.None);
        foreach (var job in jobs.Where(MustWaitForProvider))
            await RunInOrderAsync(job).ConfigureAwait(false);
        return jobs.Length > 0;
    }

    private bool MustWaitForProvider(RunningJob job) => job.Entry.Job.Kind == JobKind.Wake && steps.IsClocked;

    // What the provider did before the wake-up's instant has to be known by then.
    private async Task RunInOrderAsync(RunningJob job)
    {
        var completion = new TaskCompletionSource();
        job.Completion = completion.Task;
        try
        {
            while (steps.NextDueAt is { } step && step <= job.Entry.Job.DueAt && !job.Cancellation.IsCancellationRequested)
            {
                if (!await steps.StepAsync(clock.Now, job.Cancellation.Token).ConfigureAwait(false))
                    break;
            }
        }
        catch (Exception)
        {
            // It is remembered and logged, and the wake-up knows nothing of it.
        }

        await RunAsync(job).ConfigureAwait(false);
        completion.SetResult();
    }

    private async Task RunAsync(RunningJob job)
    {
        try
        {
            await runner.RunAsync(job.Entry, Settings.HookTimeout, job.Cancellation.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _released);
        }
        catch (Exception exception)
        {
            Log.JobUnfinished(telemetry.Logger, exception, job.Entry.Job.Key, job.Entry.Job.CustomerId);
        }
        finally
        {
            _running.TryRemove(job.Token, out _);
            job.Dispose();
            signal.Set();
        }
    }

    private async Task RenewLeasesAsync(CancellationToken finished)
    {
        var third = Settings.LeaseDuration / 3;
        while (!finished.IsCancellationRequested)
        {
            await Task.Delay(third, clock.Time, finished).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var job in _running.Values)
            {
                try
                {
                    var outcome = await store.Jobs.RenewAsync(job.Entry, clock.Now + Settings.LeaseDuration, finished).ConfigureAwait(false);
                    if (outcome == LeaseOutcome.Lost)
                        job.Cancel();
                }
                catch (OperationCanceledException) when (finished.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception)
                {
                    // The next look tries again; the lease lasts for two more.
                    Log.LeaseNotRenewed(telemetry.Logger, exception, job.Entry.Job.Key, job.Entry.Job.CustomerId);
                }
            }
        }
    }

    /// <summary>Simulated time stands still between two moves of the simulator: what commands made due at that instant is run when they signal it.</summary>
    private async Task FollowSimulationAsync(CancellationToken stopping)
    {
        signal.Set();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(Timeout.InfiniteTimeSpan, clock.Time, stopping).ConfigureAwait(false);
                await gate.RunAsync(pump.RunDueAsync, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                Log.WorkerFaulted(telemetry.Logger, exception, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private TimeSpan WaitFor(DateTimeOffset? next)
    {
        var wait = Settings.PollInterval;
        if (next is not { } instant)
            return wait;

        var untilDue = BillingClock.NextWholeSecond(instant) - clock.Time.GetUtcNow();
        if (untilDue < ShortestWait)
            untilDue = ShortestWait;
        return untilDue < wait ? untilDue : wait;
    }

    // At most a poll interval: an outage that is over is found out as soon as idleness would be.
    private TimeSpan DelayAfter(int failures)
    {
        var delay = ShortestWait * Math.Pow(2, Math.Min(failures - 1, 16));
        return delay < Settings.PollInterval ? delay : Settings.PollInterval;
    }

    private async Task ReadQueueAsync(CancellationToken stopping)
    {
        var now = clock.Now;
        if (!telemetry.WantsQueue || now - _queueReadAt < Settings.PollInterval)
            return;

        telemetry.Queue(await store.Jobs.GetFiguresAsync(stopping).ConfigureAwait(false), now);
        _queueReadAt = now;
    }

    private void WatchClock()
    {
        var behind = clock.Behind;
        if (behind > TimeSpan.FromSeconds(1) && behind > _behind)
            Log.ClockWentBack(telemetry.Logger, clock.Now, behind);
        _behind = behind;
    }

    private sealed class RunningJob : IDisposable
    {
        private readonly Lock _gate = new();
        private bool _isDisposed;

        public RunningJob(JobEntry entry, CancellationToken stopping)
        {
            Entry = entry;
            Cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        }

        public JobEntry Entry { get; }

        public string Token => Entry.LeaseToken!;

        public CancellationTokenSource Cancellation { get; }

        public Task Completion { get; set; } = Task.CompletedTask;

        public void Cancel()
        {
            lock (_gate)
            {
                if (!_isDisposed)
                    Cancellation.Cancel();
            }
        }

        public void Dispose()
        {
            lock (_gate)
                _isDisposed = true;
            Cancellation.Dispose();
        }
    }
}
