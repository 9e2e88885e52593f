namespace SaasBilling.Plans;

/// <summary>A meter as the application declared it, right or wrong.</summary>
/// <param name="Key">The key.</param>
/// <param name="Aggregation">How usage becomes a quantity.</param>
/// <param name="Path">The configuration path that it was read from; <see langword="null"/> when it was declared in code.</param>
internal sealed record MeterDeclaration(string Key, UsageAggregation Aggregation, string? Path = null)
{
    /// <summary>How messages call it.</summary>
    public string Subject => CatalogFaults.Subject("Meter", Key, Path);
}
