namespace SaasBilling;

/// <summary>One tier of a tiered price. Amounts are in major units and may have up to 12 decimals.</summary>
/// <param name="UpTo">The last unit of the tier, inclusive; null for the last tier, which has no end.</param>
/// <param name="UnitAmount">What one unit costs.</param>
/// <param name="FlatAmount">What entering the tier costs, whatever the quantity.</param>
public sealed record PriceTier(long? UpTo, decimal UnitAmount, decimal FlatAmount = 0);
