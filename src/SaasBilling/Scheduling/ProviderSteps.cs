using SaasBilling.Diagnostics;
using SaasBilling.Providers;

namespace SaasBilling.Scheduling;

/// <summary>
/// Runs a provider that does nothing by itself, one step at a time, and brings what each step changed to the road. A step that cannot be written is
/// not lost: its customer is remembered, and read anew later.
/// </summary>
internal sealed class ProviderSteps(IBillingProvider provider, IBillingRoad road, BillingClock clock, SaasBillingOptions options, BillingTelemetry telemetry) : IDisposable
{
    private readonly IClockedProvider? _clocked = provider as IClockedProvider;

    // Two runners would bring the steps of one customer in the wrong order.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, (int Failures, DateTimeOffset NotBefore)> _unabsorbed = [];

    /// <summary>Whether time passes for the provider only when somebody runs it.</summary>
    public bool IsClocked => _clocked is not null;

    /// <summary>When the next step is due, UTC; null: none.</summary>
    public DateTimeOffset? NextDueAt
    {
        get
        {
            var next = _clocked?.NextDueAt;
            lock (_unabsorbed)
            {
                foreach (var (_, notBefore) in _unabsorbed.Values)
                    next = next < notBefore ? next : notBefore;
            }

            return next;
        }
    }

    /// <summary>Runs the one step that is due next, and writes it.</summary>
    /// <param name="now">The present, UTC.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>Whether there was one.</returns>
    /// <remarks>What the writing throws is thrown, after the customer was remembered.</remarks>
    public async ValueTask<bool> StepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (NextUnabsorbed(now) is { } customerId)
            {
                await WriteAsync(customerId, null, cancellationToken).ConfigureAwait(false);
                return true;
            }

            if (_clocked?.NextDueAt is not { } dueAt || dueAt > now || _clocked.RunNext(dueAt) is not { } snapshot)
                return false;

            // The whole of a remembered customer is read later, and this step with it.
            if (!IsUnabsorbed(snapshot.Customer.Id))
            {
                using (clock.AsOf(dueAt))
                    await WriteAsync(snapshot.Customer.Id, snapshot, cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask WriteAsync(string customerId, CustomerSnapshot? snapshot, CancellationToken cancellationToken)
    {
        try
        {
            if (snapshot is null)
                await road.RefreshAsync(customerId, cancellationToken).ConfigureAwait(false);
            else
                await road.AbsorbAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Remember(customerId, exception);
            throw;
        }

        if (snapshot is null)
        {
            lock (_unabsorbed)
                _unabsorbed.Remove(customerId);
        }
    }

    // The first repetition comes at once: most failures are a connection that was cut.
    private void Remember(string customerId, Exception exception)
    {
        var now = clock.Now;
        lock (_unabsorbed)
        {
            var failures = _unabsorbed.GetValueOrDefault(customerId).Failures + 1;
            var notBefore = failures == 1 ? now : now + RetryDelay.After(customerId, failures - 1, options.Worker);
            _unabsorbed[customerId] = (failures, notBefore);
            Log.StepUnabsorbed(telemetry.Logger, exception, customerId, notBefore);
        }
    }

    private bool IsUnabsorbed(string customerId)
    {
        lock (_unabsorbed)
            return _unabsorbed.ContainsKey(customerId);
    }

    private string? NextUnabsorbed(DateTimeOffset now)
    {
        lock (_unabsorbed)
        {
            string? next = null;
            foreach (var (customerId, (_, notBefore)) in _unabsorbed)
            {
                if (notBefore <= now && (next is null || notBefore < _unabsorbed[next].NotBefore))
                    next = customerId;
            }

            return next;
        }
    }
}
