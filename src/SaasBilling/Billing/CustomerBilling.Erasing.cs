using SaasBilling.Storage;

namespace SaasBilling;

/// <content>Forgetting who somebody was.</content>
internal sealed partial class CustomerBilling
{
    // Each round lost is a commit that somebody else won.
    private const int MaxErasingRounds = 10;

    public async Task EraseAsync(CancellationToken cancellationToken = default)
    {
        var erasing = services.Store as IStoreErasure ?? throw new BillingException(
            BillingErrorCode.NotSupportedByStore,
            $"The billing store {services.Store.GetType().Name} cannot erase ({nameof(IStoreErasure)}). Use a store that can, or do without.");

        for (var round = 1; round <= MaxErasingRounds; round++)
        {
            var state = RequireKnown(await StateAsync(cancellationToken).ConfigureAwait(false));
            if (state.Customer.DeletedAt is null)
                throw Checks.State($"Customer '{CustomerId}' was not deleted, and is still billed. Call DeleteCustomerAsync first, which ends every subscription.");

            // Webhooks first: who was erased is then erased in full, and a call that stopped on the way is simply made again.
            var events = await services.Store.GetEventsAsync(CustomerId, cancellationToken).ConfigureAwait(false);
            var invoices = await services.Store.GetInvoicesAsync(CustomerId, null, cancellationToken).ConfigureAwait(false);
            await erasing.ForgetWebhooksAsync(Erasure.IdsOf(state, invoices, events), cancellationToken).ConfigureAwait(false);
            if (state.Customer.ErasedAt is not null)
                return;

            var erasure = new BillingErasure
            {
                Customer = Erasure.Of(state, services.Clock.Now) with { Version = state.Version + 1 },
                ExpectedVersion = state.Version,
                Events = [.. events.Select(told => (Was: told, Is: Erasure.Of(told))).Where(pair => !ReferenceEquals(pair.Was, pair.Is)).Select(pair => pair.Is)],
            };
            var outcome = await erasing.EraseAsync(erasure, cancellationToken).ConfigureAwait(false);
            services.Access.Forget(CustomerId);
            if (outcome == CommitOutcome.Committed)
                return;
        }

        throw new BillingException(
            BillingErrorCode.Conflict,
            $"Customer '{CustomerId}' was changed by others {MaxErasingRounds} times while this was being written. Try again; if it goes on, look for what changes this customer all the time.");
    }
}
