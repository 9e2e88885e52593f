using SaasBilling.Reconciliation;
using SaasBilling.Subscriptions;

namespace SaasBilling.Road;

/// <content>What was missed is found, mended, and told.</content>
internal sealed partial class CustomerRoad
{
    /// <summary>Compares the stored state with all that the provider knows of the customer, and mends it.</summary>
    /// <returns>What differed; empty: nothing.</returns>
    public async Task<IReadOnlyList<Drift>> ReconcileAsync(string customerId, CancellationToken cancellationToken)
    {
        using var _ = await _locks.AcquireAsync(customerId, cancellationToken).ConfigureAwait(false);
        for (var round = 1; ; round++)
        {
            var state = await store.FindCustomerAsync(customerId, cancellationToken).ConfigureAwait(false);
            if (await ReadAsync(customerId, null, cancellationToken).ConfigureAwait(false) is not { } snapshot)
                return [];

            var settled = await SettledAsync(state, snapshot).ConfigureAwait(false);
            var result = Transition.Apply(state, snapshot, new TransitionInput { Catalog = catalog, Options = options, Now = clock.Now, Settled = settled });
            if (!result.Changed)
                return [];
            if (await CommitAsync(state, result).ConfigureAwait(false))
                return DriftRules.Between(state, settled, result.After, result.Invoices, result.Events);

            ThrowIfLast(round, customerId);
        }
    }
}
