using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

/// <summary>What the suites for stores share: a store for each test.</summary>
public abstract class StoreSuite : IAsyncLifetime
{
    private IBillingStore? _store;

    /// <summary>The store under test.</summary>
    protected IBillingStore Store => _store ?? throw new InvalidOperationException("The store is made when the test begins.");

    /// <summary>Cancels what a test still does when the run is stopped.</summary>
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _store = await CreateStoreAsync();

    /// <summary>Makes an empty store.</summary>
    protected abstract ValueTask<IBillingStore> CreateStoreAsync();

    /// <summary>Ends the store.</summary>
    /// <param name="store">What <see cref="CreateStoreAsync"/> made.</param>
    protected virtual ValueTask DisposeStoreAsync(IBillingStore store) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
            await DisposeStoreAsync(_store);
    }

    private protected async Task CommitAsync(BillingCommit commit) =>
        Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(commit, Cancellation));
}
