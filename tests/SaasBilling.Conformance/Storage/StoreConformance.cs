using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

/// <summary>
/// What every <see cref="IBillingStore"/> must do. Derive it for a store of your own, and make a store for each test: nothing of one test may be
/// visible in another. A store that lists and erases derives <see cref="StoreQueryConformance"/> and <see cref="StoreErasureConformance"/> too.
/// </summary>
public abstract partial class StoreConformance : StoreSuite
{
    private IJobQueue Jobs => Store.Jobs;

    private async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items.WithCancellation(Cancellation))
            list.Add(item);
        return list;
    }
}
