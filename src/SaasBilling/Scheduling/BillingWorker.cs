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

    private readonly LeaseBook _leases = new(store, clock, signal, options, telemetry);
    private readonly RetentionSweep _retention = new(store, clock, options, telemetry);
    private DateTimeOffset _queueReadAt;
    private TimeSpan _behind;

    private BillingWorkerOptions Settings => options.Worker;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        clock.Time is SimulatedClock ? FollowSimulationAsync(stoppingToken) : WorkAsync(stoppingToken);

    private async Task WorkAsync(CancellationToken stopping)
    {
        var hooks = Desk(JobKind.Hook);
        var wakes = Desk(JobKind.Wake);
        var doorbells = runner.TakesDoorbells ? Desk(JobKind.Doorbell) : null;
        using var finished = new CancellationTokenSource();
        var renewing = _leases.RenewAsync(finished.Token);
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var wait = await TakeTurnAsync(hooks, wakes, doorbells, stopping).ConfigureAwait(false);
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
                var delay = RetryDelay.OfOutage(++failures, Settings);
                Log.WorkerFaulted(telemetry.Logger, exception, delay);
                await Task.Delay(delay, clock.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // Their tokens are canceled: each ends, and gives its lease back.
        await Task.WhenAll(hooks.IdleAsync(), wakes.IdleAsync(), doorbells?.IdleAsync() ?? Task.CompletedTask, _retention.IdleAsync()).ConfigureAwait(false);
        await _leases.ToldAsync().ConfigureAwait(false);
        await finished.CancelAsync().ConfigureAwait(false);
        await renewing.ConfigureAwait(false);
        Log.WorkerStopped(telemetry.Logger, _leases.Released);
    }

    private JobDesk Desk(JobKind kind) => new(kind, store, runner, _leases, clock, options);

    /// <summary>Does and starts what is due.</summary>
    /// <returns>How long there is nothing to do, unless a signal comes.</returns>
    private async Task<TimeSpan> TakeTurnAsync(JobDesk hooks, JobDesk wakes, JobDesk? doorbells, CancellationToken stopping)
    {
        WatchClock();
        _retention.StartIfDue(stopping);
        await ReadQueueAsync(stopping).ConfigureAwait(false);
        var failures = 0;
        for (var i = 0; i < StepsInATurn; i++)
        {
            stopping.ThrowIfCancellationRequested();
            var (now, exact) = (clock.Now, clock.Exact);
            var bell = doorbells is null ? null : await doorbells.StartAsync(now, stopping).ConfigureAwait(false);
            var hook = await hooks.StartAsync(now, stopping).ConfigureAwait(false);
            var step = steps.NextDueAt;
            var wake = steps.IsClocked
                ? await store.Jobs.NextDueAsync(JobKind.Wake, stopping).ConfigureAwait(false)
                : await wakes.StartAsync(now, stopping).ConfigureAwait(false);

            // A provider that is run from here is known up to a wake-up's instant when the customer wakes up.
            if (steps.IsClocked && wake <= now && !(step <= wake) && await wakes.RunNextAsync(now, stopping).ConfigureAwait(false))
                continue;
            if (!(step <= now))
                return WaitFor(exact, bell, hook, wake, step);

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

    private TimeSpan WaitFor(DateTimeOffset looked, params ReadOnlySpan<DateTimeOffset?> instants)
    {
        var wait = Settings.PollInterval;
        var present = clock.Time.GetUtcNow();
        foreach (var instant in instants)
        {
            if (instant is not { } due)
                continue;

            // What was due at this look, and is still here, somebody else holds.
            var untilDue = due <= looked ? ShortestWait : due - present;
            if (untilDue < wait)
                wait = untilDue;
        }

        return wait;
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
}
