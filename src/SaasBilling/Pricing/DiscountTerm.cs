namespace SaasBilling.Pricing;

/// <summary>What a discount takes off: a percentage, or an amount in minor units of the invoice's currency; the other is zero.</summary>
/// <param name="PercentOff">0 to 100.</param>
/// <param name="AmountOff">In minor units; zero or more.</param>
internal readonly record struct DiscountTerm(decimal PercentOff, long AmountOff)
{
    internal static DiscountTerm Percent(decimal percent) => new(percent, 0);

    internal static DiscountTerm Amount(long minorUnits) => new(0, minorUnits);
}
