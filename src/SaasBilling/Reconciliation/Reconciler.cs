using SaasBilling.Diagnostics;
using SaasBilling.Providers;

namespace SaasBilling.Reconciliation;

/// <summary>One reconciliation, customer after customer. Who fails does not keep the others from their turn.</summary>
internal sealed class Reconciler(BillingServices services)
{
    // So many customers in a row fail for an outage alone when there is one: going on would wait for each of them in vain.
    private const int OutagesInARow = 10;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<Drift> _drift = [];
    private readonly List<ReconciliationFailure> _failures = [];
    private int _repaired;
    private int _outages;

    public async Task<ReconciliationReport> RunAsync(ReconcileOptions options, CancellationToken cancellationToken)
    {
        var start = ReconciliationCursor.Read(options.Cursor);

        // Asked for before anybody is looked at: what changes meanwhile is told next time.
        var changes = services.Provider is IChangeFeedProvider feed
            ? await services.Telemetry.MeasureAsync(services.Provider.Name, "read-changes", () => feed.ReadChangesAsync(start?.Provider, cancellationToken)).ConfigureAwait(false)
            : null;
        var changed = start is null ? null : changes?.CustomerIds;
        if (changed is not null)
        {
            foreach (var id in changed.Concat(start!.Failed))
                await CompareAsync(id, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await foreach (var id in services.Provider.ListCustomersAsync(cancellationToken).ConfigureAwait(false))
                await CompareAsync(id, cancellationToken).ConfigureAwait(false);

            // The provider may have forgotten a customer, or never been told of one.
            await foreach (var id in services.Store.ListCustomersAsync(cancellationToken).ConfigureAwait(false))
                await CompareAsync(id, cancellationToken).ConfigureAwait(false);
        }

        return new ReconciliationReport(_seen.Count - _failures.Count, _repaired, _failures.Count)
        {
            Drift = _drift,
            Failures = _failures,
            IsSweep = changed is null,
            Cursor = ReconciliationCursor.Next(options.Cursor, changes?.Cursor, _failures),
        };
    }

    private async Task CompareAsync(string customerId, CancellationToken cancellationToken)
    {
        if (!_seen.Add(customerId))
            return;

        try
        {
            var drift = await services.Road.ReconcileAsync(customerId, cancellationToken).ConfigureAwait(false);
            _drift.AddRange(drift);
            _repaired += drift.Count > 0 ? 1 : 0;
            _outages = 0;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var code = (failure as BillingException)?.Code;
            Log.CustomerNotReconciled(services.Telemetry.Logger, failure, customerId);
            _failures.Add(new ReconciliationFailure(customerId, code, failure.Message));
            _outages = code is BillingErrorCode.ProviderUnavailable or BillingErrorCode.RateLimited or BillingErrorCode.StoreUnavailable ? _outages + 1 : 0;
            if (_outages == OutagesInARow)
                throw;
        }
    }
}
