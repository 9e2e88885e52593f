using SaasBilling.Diagnostics;
using SaasBilling.Lifecycle;
using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>Runs one leased job to its end: done, to be tried again, in quarantine, or given back.</summary>
internal sealed class JobRunner(IBillingProvider provider, IBillingRoad road, HookRegistry hooks, BillingClock clock, SaasBillingOptions options, BillingTelemetry telemetry)
{
    private const int LongestError = 500;

    private readonly Func<JobEntry, CancellationToken, Task> _deliver = hooks.DeliverAsync;

    /// <summary>Whether the provider in use sends webhooks.</summary>
    public bool TakesDoorbells { get; } = provider is IWebhookProvider;

    /// <summary>Runs the job. What it throws becomes its next try.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="timeLimit">How long a hook may take; null: as long as it likes.</param>
    /// <param name="cancellationToken">Stops the job, whose lease is then given back.</param>
    /// <returns>What the store is to be told.</returns>
    public async Task<JobResult> RunAsync(JobEntry entry, TimeSpan? timeLimit, CancellationToken cancellationToken)
    {
        // Only lost leases get a job here that often: it takes its worker down with it.
        if (entry.Attempts >= options.Worker.MaxAttempts)
            return Quarantine(entry, null, entry.LastError ?? "Tried too often.", entry.Attempts);

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await DoAsync(entry, timeLimit, cancellationToken).ConfigureAwait(false);
            return JobResult.Done(entry, clock.Now);
        }
        catch when (cancellationToken.IsCancellationRequested)
        {
            return JobResult.Release(entry, clock.Now);
        }
        catch (Exception exception)
        {
            return Fail(entry, exception);
        }
    }

    private async Task DoAsync(JobEntry entry, TimeSpan? timeLimit, CancellationToken cancellationToken)
    {
        if (entry.Job.Kind == JobKind.Wake)
        {
            // Whatever came to the customer after this instant would have moved the wake-up: as of then, nothing is left out.
            using (clock.AsOf(entry.Job.DueAt))
                await road.WakeAsync(entry.Job.CustomerId, cancellationToken).ConfigureAwait(false);
        }
        else if (entry.Job.Kind == JobKind.Doorbell)
        {
            await AnswerAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        else if (timeLimit is { } limit)
        {
            await DeliverWithinAsync(entry, limit, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await telemetry.DeliverAsync(entry, _deliver, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task DeliverWithinAsync(JobEntry entry, TimeSpan limit, CancellationToken cancellationToken) => telemetry.DeliverAsync(
        entry,
        async (job, stop) =>
        {
            using var late = new CancellationTokenSource(limit, clock.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
            try
            {
                // A hook that does not listen to its token is left to itself.
                await hooks.DeliverAsync(job, either.Token).WaitAsync(late.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException canceled) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                throw new TimeoutException($"The hook did not end within {limit}.", canceled);
            }
        },
        cancellationToken);

    private async Task AnswerAsync(JobEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Message is not { } message)
            throw new BillingException(BillingErrorCode.InvalidState, $"The store handed out the job '{entry.Job.Key}' without its message.");
        if (provider is not IWebhookProvider webhooks || message.Provider != provider.Name)
        {
            throw new BillingException(
                BillingErrorCode.NotSupportedByProvider,
                $"The webhook came from '{message.Provider}', and the billing provider here is '{provider.Name}'. Run an application that uses '{message.Provider}' on this database, and requeue the job.");
        }

        foreach (var customerId in await webhooks.FindCustomersAsync(message, cancellationToken).ConfigureAwait(false))
            await road.RefreshAsync(customerId, cancellationToken).ConfigureAwait(false);
    }

    private JobResult Fail(JobEntry entry, Exception exception)
    {
        var failures = entry.Attempts + 1;
        var error = $"{exception.GetType().Name}: {exception.Message}";
        if (error.Length > LongestError)
            error = error[..LongestError];

        if (failures >= options.Worker.MaxAttempts)
            return Quarantine(entry, exception, error, failures);

        var now = clock.Now;
        var notBefore = now + RetryDelay.After(entry.Job.Key, failures, options.Worker);
        Log.JobFailed(telemetry.Logger, exception, entry.Job.Key, entry.Job.CustomerId, failures, notBefore);
        return JobResult.Retry(entry, now, notBefore, error);
    }

    private JobResult Quarantine(JobEntry entry, Exception? exception, string error, int failures)
    {
        Log.JobQuarantined(telemetry.Logger, exception, entry.Job.Key, entry.Job.CustomerId, failures);
        return JobResult.Quarantine(entry, clock.Now, error);
    }
}
