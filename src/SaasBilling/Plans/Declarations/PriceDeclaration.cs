namespace SaasBilling.Plans;

/// <summary>A price as the application declared it, right or wrong.</summary>
internal sealed record PriceDeclaration(PriceKind Kind, string Currency, BillingInterval Interval)
{
    public string? Meter { get; init; }

    public decimal? UnitAmount { get; init; }

    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    public TierMode TierMode { get; init; }

    public PricePackage? Package { get; init; }

    /// <summary>The configuration path that it was read from; <see langword="null"/> when it was declared in code.</summary>
    public string? Path { get; init; }
}
