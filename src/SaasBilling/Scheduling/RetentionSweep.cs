using SaasBilling.Diagnostics;
using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>
/// Forgets what was kept long enough: at most once an hour in this process, beside the other work, and whatever other processes do, since forgetting
/// twice is harmless and finds nothing.
/// </summary>
internal sealed class RetentionSweep(IBillingStore store, BillingClock clock, SaasBillingOptions options, BillingTelemetry telemetry)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private DateTimeOffset? _startedAt;
    private Task _running = Task.CompletedTask;

    /// <summary>Starts when an hour has passed since the last start, and the last one is over.</summary>
    public void StartIfDue(CancellationToken cancellationToken)
    {
        var now = clock.Now;
        if (now - _startedAt < Interval || !_running.IsCompleted)
            return;

        _startedAt = now;
        _running = SweepAsync(now, cancellationToken);
    }

    /// <summary>Ends when nothing is being forgotten any more.</summary>
    public Task IdleAsync() => _running;

    private async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var kept = options.Retention;
            var purged = await store.Inbox.PurgeAsync(now - kept.WebhookBodies, now - kept.Webhooks, cancellationToken).ConfigureAwait(false);
            if (purged.Bodies > 0 || purged.Messages > 0)
                Log.WebhooksForgotten(telemetry.Logger, purged.Bodies, purged.Messages);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is left is forgotten by the next worker.
        }
        catch (Exception exception)
        {
            Log.RetentionFailed(telemetry.Logger, exception);
        }
    }
}
