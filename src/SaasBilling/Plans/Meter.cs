namespace SaasBilling;

/// <summary>Something whose use is counted: API calls, gigabytes, projects.</summary>
/// <remarks>
/// A metered price of a plan bills what a meter counted. Where a feature has the meter's key, the feature's limit is a limit on what the
/// meter counts in a period.
/// </remarks>
public sealed record Meter
{
    /// <summary>The key by which usage is recorded and prices refer to the meter.</summary>
    public required string Key { get; init; }

    /// <summary>How the usage of a period becomes one quantity.</summary>
    /// <value><see cref="UsageAggregation.Sum"/> by default.</value>
    public UsageAggregation Aggregation { get; init; }
}
