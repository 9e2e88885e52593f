namespace SaasBilling.Plans;

/// <summary>A coupon as the application declared it, right or wrong.</summary>
/// <param name="key">The key.</param>
/// <param name="path">The configuration path that it was read from; <see langword="null"/> when it was declared in code.</param>
internal sealed class CouponDeclaration(string key, string? path = null)
{
    public string Key { get; } = key;

    public string? Path { get; } = path;

    public decimal? PercentOff { get; set; }

    public (decimal Amount, string Currency)? AmountOff { get; set; }

    /// <summary>Set when what it takes off could not be read, so that it is not reported as missing a second time.</summary>
    public bool HasUnreadableReduction { get; set; }

    public CouponDuration Duration { get; set; }

    public int? DurationInMonths { get; set; }

    public int? MaxRedemptions { get; set; }

    public DateTimeOffset? RedeemBy { get; set; }

    public List<string> AppliesTo { get; } = [];

    /// <summary>How messages call it.</summary>
    public string Subject => CatalogFaults.Subject("Coupon", Key, Path);
}
