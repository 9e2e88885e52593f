using SaasBilling.Diagnostics;
using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>
/// Does everything that is due, one thing after the other, in the order of time; at one instant the provider's steps first, then wake-ups, then hooks.
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
        var step = steps.NextDueAt;
        var job = await store.Jobs.NextDueAsync(cancellationToken).ConfigureAwait(false);
        return step is null || job < step ? job : step;
    }

    private async ValueTask<bool> RunNextAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var step = steps.NextDueAt;
        var job = await store.Jobs.NextDueAsync(cancellationToken).ConfigureAwait(false);
        if (step <= now && (job is null || step <= job))
            return await steps.StepAsync(now, cancellationToken).ConfigureAwait(false);

        if (job <= now)
        {
            var leased = await store.Jobs.LeaseAsync(now, options.Worker.LeaseDuration, 1, cancellationToken).ConfigureAwait(false);
            if (leased is [var entry])
            {
                await runner.RunAsync(entry, null, cancellationToken).ConfigureAwait(false);
                return true;
            }
        }

        return step <= now && await steps.StepAsync(now, cancellationToken).ConfigureAwait(false);
    }
}
