namespace SaasBilling;

/// <summary>What a catalog synchronization would do at the provider.</summary>
/// <param name="Items">Every declared thing, and what is there and no longer declared, in the order in which it would be done.</param>
public sealed record CatalogSyncPreview(IReadOnlyList<CatalogSyncItem> Items)
{
    /// <summary>Whether anything would be done.</summary>
    public bool HasChanges => Items.Any(item => item.Action is not (CatalogSyncAction.Keep or CatalogSyncAction.Refuse));
}

/// <summary>What would be done about one thing.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Its key in the catalog.</param>
/// <param name="Action">What would be done.</param>
public sealed record CatalogSyncItem(CatalogSyncKind Kind, string Key, CatalogSyncAction Action)
{
    /// <summary>The provider's id of what is there now; null: nothing is.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The customers who have a live subscription on a price that would be archived or replaced, and who would stay on it; by their ids.</summary>
    public IReadOnlyList<string> Staying { get; init; } = [];

    /// <summary>With <see cref="CatalogSyncAction.Refuse"/>: why, and what to do about it.</summary>
    public string? Explanation { get; init; }
}

/// <summary>What a synchronization makes.</summary>
public enum CatalogSyncKind
{
    /// <summary>A meter.</summary>
    Meter,

    /// <summary>A plan or an add-on.</summary>
    Product,

    /// <summary>A price of a plan or an add-on.</summary>
    Price,

    /// <summary>A coupon.</summary>
    Coupon,
}

/// <summary>What a synchronization does about one thing.</summary>
public enum CatalogSyncAction
{
    /// <summary>It is as declared.</summary>
    Keep,

    /// <summary>It is made.</summary>
    Create,

    /// <summary>It is changed in place.</summary>
    Update,

    /// <summary>A price that cannot be changed: a new one takes its key over, and the old one is archived.</summary>
    Replace,

    /// <summary>A price that was sold once is sold again; another one of its key is archived.</summary>
    Revive,

    /// <summary>It is no longer sold.</summary>
    Archive,

    /// <summary>It is there with other terms that cannot be changed: the synchronization would do nothing at all, and say why.</summary>
    Refuse,
}
