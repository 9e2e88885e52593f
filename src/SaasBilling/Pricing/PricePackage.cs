namespace SaasBilling;

/// <summary>A price for a package of units; a package that was begun is charged whole.</summary>
/// <param name="Units">How many units are in a package.</param>
/// <param name="Amount">What a package costs, in major units with up to 12 decimals.</param>
public sealed record PricePackage(long Units, decimal Amount);
