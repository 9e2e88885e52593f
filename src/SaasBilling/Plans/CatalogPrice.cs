namespace SaasBilling;

/// <summary>A price of the catalog with the plan or the add-on that has it.</summary>
/// <param name="Price">The price.</param>
/// <param name="Plan">The plan that has it; <see langword="null"/> when an add-on does.</param>
/// <param name="AddOn">The add-on that has it; <see langword="null"/> when a plan does.</param>
public sealed record CatalogPrice(Price Price, Plan? Plan, AddOn? AddOn)
{
    /// <summary>The key of the plan or the add-on.</summary>
    public string OwnerKey => Plan?.Key ?? AddOn!.Key;

    /// <summary>The name of the plan or the add-on.</summary>
    public string OwnerName => Plan?.Name ?? AddOn!.Name;
}
