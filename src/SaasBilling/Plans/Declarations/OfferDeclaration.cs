namespace SaasBilling.Plans;

/// <summary>A plan or an add-on as the application declared it, right or wrong.</summary>
/// <param name="key">The key.</param>
/// <param name="isAddOn">Whether it is an add-on.</param>
/// <param name="path">The configuration path that it was read from; <see langword="null"/> when it was declared in code.</param>
internal sealed class OfferDeclaration(string key, bool isAddOn, string? path = null)
{
    public string Key { get; } = key;

    public bool IsAddOn { get; } = isAddOn;

    public string? Path { get; } = path;

    public string? Name { get; set; }

    public string? Description { get; set; }

    public bool IsFree { get; set; }

    public TrialTerms? Trial { get; set; }

    public List<PriceDeclaration> Prices { get; } = [];

    /// <summary>Set when a price could not be read, so that the missing price is not reported a second time.</summary>
    public bool HasUnreadablePrice { get; set; }

    public List<(string Key, long? Limit)> Features { get; } = [];

    public OrderedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>How messages call it.</summary>
    public string Subject => CatalogFaults.Subject(IsAddOn ? "Add-on" : "Plan", Key, Path);
}
