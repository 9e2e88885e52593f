using SaasBilling.Diagnostics;
using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>
/// Does everything that is due, one thing after the other, in the order of time; at one instant the provider's steps first, then wake-ups, then
/// doorbells and hooks.
/// </summary>
internal sealed class BillingPump(ProviderSteps steps, JobRunner runner, IBillingStore store, BillingClock clock, SaasBillingOptions options, BillingTelemetry telemetry)
{
    /// <summary>Runs what is due, and what that makes due, until nothing is left.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled; what was done stays done.</exception>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        while (await RunNextAsync(cancellationToken).ConfigureAwait(false))
            cancellationToken.ThrowIfCancellationRequested();

        if (telemetry.WantsQueue)
            telemetry.Queue(await store.Jobs.GetFiguresAsync(cancellationToken).ConfigureAwait(false), clock.Now);
    }

    /// <summary>When the next thing is due, UTC; null: nothing is.</summary>
    public async ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        var next = Earlier(steps.NextDueAt, await store.Jobs.NextDueAsync(JobKind.Wake, cancellationToken).ConfigureAwait(false));
        if (runner.TakesDoorbells)
            next = Earlier(next, await store.Jobs.NextDueAsync(JobKind.Doorbell, cancellationToken).ConfigureAwait(false));
        return Earlier(next, await store.Jobs.NextDueAsync(JobKind.Hook, cancellationToken).ConfigureAwait(false));
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right : left;

    private async ValueTask<bool> RunNextAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var step = steps.NextDueAt;
        var wake = await store.Jobs.NextDueAsync(JobKind.Wake, cancellationToken).ConfigureAwait(false);
        var hook = await store.Jobs.NextDueAsync(JobKind.Hook, cancellationToken).ConfigureAwait(false);
        if (step <= now && !(wake < step) && !(hook < step))
            return await steps.StepAsync(now, cancellationToken).ConfigureAwait(false);

        // What is due but held by another worker lets the others go on.
        return (wake <= now && !(hook < wake) && await RunJobAsync(JobKind.Wake, now, cancellationToken).ConfigureAwait(false))
            || (runner.TakesDoorbells && await RunJobAsync(JobKind.Doorbell, now, cancellationToken).ConfigureAwait(false))
            || (hook <= now && await RunJobAsync(JobKind.Hook, now, cancellationToken).ConfigureAwait(false))
            || (wake <= now && await RunJobAsync(JobKind.Wake, now, cancellationToken).ConfigureAwait(false))
            || (step <= now && await steps.StepAsync(now, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<bool> RunJobAsync(JobKind kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.Jobs.LeaseOneAsync(new(kind, now, options.Worker.LeaseDuration, 1), cancellationToken).ConfigureAwait(false) is not { } entry)
            return false;

        var result = await runner.RunAsync(entry, null, cancellationToken).ConfigureAwait(false);
        if (await store.Jobs.FinishAsync([result], CancellationToken.None).ConfigureAwait(false) is not [LeaseOutcome.Held])
            Log.LeaseLost(telemetry.Logger, entry.Job.Key, entry.Job.CustomerId);
        cancellationToken.ThrowIfCancellationRequested();
        return true;
    }
}
