using SaasBilling.Diagnostics;
using SaasBilling.Lifecycle;
using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>Runs one leased job to its end: done, to be tried again, or in quarantine.</summary>
internal sealed class JobRunner(IBillingStore store, IBillingRoad road, HookRegistry hooks, BillingClock clock, SaasBillingOptions options, BillingTelemetry telemetry)
{
    private const int LongestError = 500;

    /// <summary>Runs the job and tells the store. What the job throws becomes its next try; what the store throws is thrown.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="timeLimit">How long a hook may take; null: as long as it likes.</param>
    /// <param name="cancellationToken">Stops the job, whose lease is then given back.</param>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public async Task RunAsync(JobEntry entry, TimeSpan? timeLimit, CancellationToken cancellationToken)
    {
        // Only lost leases get a job here that often: it takes its worker down with it.
        if (entry.Attempts >= options.Worker.MaxAttempts)
        {
            await QuarantineAsync(entry, null, entry.LastError ?? "Tried too often.", entry.Attempts).ConfigureAwait(false);
            return;
        }

        try
        {
            await DoAsync(entry, timeLimit, cancellationToken).ConfigureAwait(false);
        }
        catch when (cancellationToken.IsCancellationRequested)
        {
            Check(entry, await store.Jobs.ReleaseAsync(entry, CancellationToken.None).ConfigureAwait(false));
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception exception)
        {
            await FailAsync(entry, exception).ConfigureAwait(false);
            return;
        }

        Check(entry, await store.Jobs.CompleteAsync(entry, CancellationToken.None).ConfigureAwait(false));
    }

    private async Task DoAsync(JobEntry entry, TimeSpan? timeLimit, CancellationToken cancellationToken)
    {
        if (entry.Job.Kind == JobKind.Wake)
        {
            // Whatever came to the customer after this instant would have moved the wake-up: as of then, nothing is left out.
            using (clock.AsOf(entry.Job.DueAt))
                await road.WakeAsync(entry.Job.CustomerId, cancellationToken).ConfigureAwait(false);
        }
        else if (timeLimit is { } limit)
        {
            await DeliverWithinAsync(entry, limit, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await telemetry.DeliverAsync(entry, hooks.DeliverAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DeliverWithinAsync(JobEntry entry, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            // A hook that does not listen to its token is left to itself.
            await telemetry.DeliverAsync(entry, hooks.DeliverAsync, either.Token).WaitAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException canceled) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The hook did not end within {limit}.", canceled);
        }
    }

    private async Task FailAsync(JobEntry entry, Exception exception)
    {
        var failures = entry.Attempts + 1;
        var error = $"{exception.GetType().Name}: {exception.Message}";
        if (error.Length > LongestError)
            error = error[..LongestError];

        if (failures >= options.Worker.MaxAttempts)
        {
            await QuarantineAsync(entry, exception, error, failures).ConfigureAwait(false);
            return;
        }

        var notBefore = clock.Now + RetryDelay.After(entry.Job.Key, failures, options.Worker);
        Log.JobFailed(telemetry.Logger, exception, entry.Job.Key, entry.Job.CustomerId, failures, notBefore);
        Check(entry, await store.Jobs.RetryAsync(entry, notBefore, error, CancellationToken.None).ConfigureAwait(false));
    }

    private async Task QuarantineAsync(JobEntry entry, Exception? exception, string error, int failures)
    {
        Log.JobQuarantined(telemetry.Logger, exception, entry.Job.Key, entry.Job.CustomerId, failures);
        Check(entry, await store.Jobs.QuarantineAsync(entry, error, CancellationToken.None).ConfigureAwait(false));
    }

    private void Check(JobEntry entry, LeaseOutcome outcome)
    {
        if (outcome == LeaseOutcome.Lost)
            Log.LeaseLost(telemetry.Logger, entry.Job.Key, entry.Job.CustomerId);
    }
}
