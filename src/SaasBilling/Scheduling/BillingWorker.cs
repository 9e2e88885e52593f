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

    /// <summary>Does and starts what is due.</summary>
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
            var hook = await StartAsync(JobKind.Hook, now, stopping).ConfigureAwait(false);
            var step = steps.NextDueAt;
            var wake = steps.IsClocked
                ? await store.Jobs.NextDueAsync(JobKind.Wake, stopping).ConfigureAwait(false)
                : await StartAsync(JobKind.Wake, now, stopping).ConfigureAwait(false);

            // A provider that is run from here is known up to a wake-up's instant when the customer wakes up.
            if (steps.IsClocked && wake <= now && !(step <= wake) && await WakeNextAsync(now, stopping).ConfigureAwait(false))
                continue;
            if (!(step <= now))
                return WaitFor(now, hook, wake, step);

            try
            {
                await steps.StepAsync(now, stopping).ConfigureAwait(false);
            }
            catch (Exception) when (!stopping.IsCancellationRequested && ++failures < FailuresInATurn)
            {
                // One customer that cannot be written does not stop the others; several in a row are an outage.
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>Starts the due jobs of a kind, as far as there is room.</summary>
    /// <returns>When the next of them can be started; null: when a signal says so.</returns>
    private async Task<DateTimeOffset?> StartAsync(JobKind kind, DateTimeOffset now, CancellationToken stopping)
    {
        while (true)
        {
            var room = Settings.MaxConcurrency - _running.Values.Count(job => job.Entry.Job.Kind == kind);
            if (room <= 0)
                return null;

            var due = await store.Jobs.NextDueAsync(kind, stopping).ConfigureAwait(false);
            if (due is null || due > now)
                return due;

            var leased = await store.Jobs.LeaseAsync(kind, now, Settings.LeaseDuration, Math.Min(room, Settings.BatchSize), stopping).ConfigureAwait(false);
            if (leased.Count == 0)
                return due;

            foreach (var entry in leased)
            {
                var job = new RunningJob(entry, stopping);
                _running.TryAdd(job.Token, job);
                job.Completion = Task.Run(() => RunAsync(job), CancellationToken.None);
            }
        }
    }

    /// <summary>Runs the one wake-up that is due next, to its end.</summary>
    private async Task<bool> WakeNextAsync(DateTimeOffset now, CancellationToken stopping)
    {
        var leased = await store.Jobs.LeaseAsync(JobKind.Wake, now, Settings.LeaseDuration, 1, stopping).ConfigureAwait(false);
        if (leased is not [var entry])
            return false;

        var job = new RunningJob(entry, stopping);
        _running.TryAdd(job.Token, job);
        await RunAsync(job).ConfigureAwait(false);
        return true;
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

    private TimeSpan WaitFor(DateTimeOffset now, params ReadOnlySpan<DateTimeOffset?> instants)
    {
        var wait = Settings.PollInterval;
        var present = clock.Time.GetUtcNow();
        foreach (var instant in instants)
        {
            if (instant is not { } due)
                continue;

            // What was due at this look, and is still here, somebody else holds.
            var untilDue = due <= now ? ShortestWait : BillingClock.NextWholeSecond(due) - present;
            if (untilDue < wait)
                wait = untilDue;
        }

        return wait;
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
