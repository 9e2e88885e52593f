using System.Diagnostics.CodeAnalysis;
using SaasBilling.Access;
using SaasBilling.Storage;

namespace SaasBilling;

internal sealed partial class CustomerBilling
{
    // What was found last. Threads may overwrite each other's: whichever is left is what the cache has, or is marked.
    private AccessCache.Entry? _access;

    public async Task RecordUsageAsync(string meter, decimal quantity, string? idempotencyKey = null, DateTimeOffset? at = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(meter);
        Catalog.GetMeter(meter);
        if (quantity is < 0 or > Bounds.MaxUsage)
            throw Checks.Invalid($"A usage of {quantity} cannot be recorded. Use zero to {Bounds.MaxUsage}.");
        if (idempotencyKey is not null)
            Checks.Identifier(idempotencyKey, Bounds.UsageKey);

        // Without a key every call counts.
        var key = idempotencyKey ?? Guid.NewGuid().ToString("N");
        await RunAsync(
            async (turn, token) =>
            {
                RequireUsable(turn.State);
                var used = at is { } given ? Checks.Second(given) : turn.Now;
                if (used > turn.Now)
                    throw Checks.Invalid($"Usage at {Checks.Show(used)} lies in the future: it is {Checks.Show(turn.Now)} now. Record it when it has happened.");
                if (idempotencyKey is not null && await services.Store.HasUsageAsync(CustomerId, meter, key, token).ConfigureAwait(false))
                    return;

                await BringAsync(turn, "usage", () => Provider.RecordUsageAsync(new(CustomerId, meter, quantity, used, key), token)).ConfigureAwait(false);
                turn.Usage = new UsageEntry(CustomerId, meter, key, quantity, used);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<AccessSnapshot> GetAccessAsync(CancellationToken cancellationToken = default) =>
        _access is { Holds: true } kept ? new(kept.Snapshot) : FindSnapshotAsync(cancellationToken);

    public ValueTask<AccessDecision> CheckAsync(string feature, long quantity = 1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        if (quantity < 0)
            throw Checks.Invalid($"A quantity of {quantity} cannot be used. Use zero or more.");

        return TryFind(out var entry) ? new(Decide(entry, feature, quantity)) : LoadDecisionAsync(feature, quantity, cancellationToken);
    }

    // Usage is the customer's, whichever subscription prices it. After the end it is taken until the last invoice is finalized.
    private void RequireUsable(CustomerState? state)
    {
        RequireNotDeleted(state);
        if (state?.Subscriptions.Any(found => found is { IsLive: true, Status: not SubscriptionStatus.Incomplete }) != true
            && state?.OpenInvoices.Any(invoice => invoice is { Status: InvoiceStatus.Draft, SubscriptionId: not null }) != true)
        {
            throw new BillingException(
                BillingErrorCode.NotSubscribed,
                $"Customer '{CustomerId}' has no subscription that this usage could count for. Begin with SubscribeAsync or StartTrialAsync.");
        }
    }

    private AccessDecision Decide(AccessCache.Entry entry, string feature, long quantity) =>
        AccessRules.Decide(entry.Snapshot, entry.State, Catalog, feature, quantity);

    private bool TryFind([NotNullWhen(true)] out AccessCache.Entry? entry)
    {
        entry = _access;
        if (entry is { Holds: true })
            return true;
        if (!services.Access.TryGet(CustomerId, out entry))
            return false;

        _access = entry;
        return true;
    }

    private ValueTask<AccessSnapshot> FindSnapshotAsync(CancellationToken cancellationToken) =>
        TryFind(out var entry) ? new(entry.Snapshot) : LoadSnapshotAsync(cancellationToken);

    private async ValueTask<AccessSnapshot> LoadSnapshotAsync(CancellationToken cancellationToken) =>
        (await LoadAsync(cancellationToken).ConfigureAwait(false)).Snapshot;

    private async ValueTask<AccessDecision> LoadDecisionAsync(string feature, long quantity, CancellationToken cancellationToken) =>
        Decide(await LoadAsync(cancellationToken).ConfigureAwait(false), feature, quantity);

    private async ValueTask<AccessCache.Entry> LoadAsync(CancellationToken cancellationToken)
    {
        var expected = services.Access.Expect(CustomerId);
        try
        {
            return _access = services.Access.Put(expected, await StateAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            services.Access.Put(expected, null);
            if (exception is BillingException { Code: BillingErrorCode.StoreUnavailable } && services.Access.Recall(CustomerId) is { } lastKnown)
                return lastKnown;
            throw;
        }
    }
}
