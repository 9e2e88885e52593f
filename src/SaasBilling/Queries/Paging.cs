using SaasBilling.Storage;

namespace SaasBilling.Queries;

/// <summary>Makes pages of what the store lists.</summary>
internal static class Paging
{
    private const int LargestPage = 500;

    /// <summary>One page.</summary>
    /// <param name="list">The name of the list and of its order.</param>
    /// <param name="after">The token of the page before; null: the first page.</param>
    /// <param name="pageSize">At most so many.</param>
    /// <param name="read">Asks the store: after which place, and how many.</param>
    /// <param name="positionOf">An item's place.</param>
    /// <param name="show">What is handed out for an item.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>.</exception>
    public static async Task<Page<TShown>> PageAsync<TItem, TShown>(
        string list,
        string? after,
        int pageSize,
        Func<ListPosition?, int, Task<IReadOnlyList<TItem>>> read,
        Func<TItem, ListPosition> positionOf,
        Func<TItem, TShown> show)
    {
        if (pageSize is < 1 or > LargestPage)
            throw Checks.Invalid($"A page of {pageSize} cannot be listed. Use a page size from 1 to {LargestPage}.");

        // One more than is shown tells whether there is a next page.
        var position = after is null ? null : PageToken.Read(list, after);
        var items = await read(position, pageSize + 1).ConfigureAwait(false);
        var isLast = items.Count <= pageSize;
        return new([.. items.Take(pageSize).Select(show)], isLast ? null : PageToken.Write(list, positionOf(items[pageSize - 1])));
    }

    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSupportedByStore"/>.</exception>
    public static IStoreQueries Queries(IBillingStore store) => store as IStoreQueries ?? throw new BillingException(
        BillingErrorCode.NotSupportedByStore,
        $"The billing store {store.GetType().Name} cannot list ({nameof(IStoreQueries)}). Use a store that can, or do without.");
}
