using System.Numerics;

namespace SaasBilling.Pricing;

/// <summary>A sum of products of decimals that never loses a digit, where decimal's own arithmetic would at the 29th.</summary>
internal readonly struct ExactSum
{
    /// <summary>The most decimals that a product of two decimals has.</summary>
    private const int Scale = 56;

    private static readonly BigInteger[] Powers = [.. Enumerable.Range(0, Scale + 1).Select(static exponent => BigInteger.Pow(10, exponent))];

    /// <summary>The sum, in units of 10 to the minus <see cref="Scale"/>.</summary>
    private readonly BigInteger _units;

    private ExactSum(BigInteger units) => _units = units;

    internal ExactSum Plus(decimal a, decimal b) =>
        a == 0 || b == 0 ? this : new(_units + Digits(a) * Digits(b) * Powers[Scale - a.Scale - b.Scale]);

    /// <summary>The sum of amounts in major units as minor units, an exact half up.</summary>
    internal long ToMinorUnits(int exponent) => Rounding.HalfUp(_units, Powers[Scale - exponent]);

    private static BigInteger Digits(decimal value)
    {
        if (Decimals.TrySplit(value, out var digits, out _))
            return digits;

        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var magnitude = ((BigInteger)(uint)parts[2] << 64) + ((BigInteger)(uint)parts[1] << 32) + (uint)parts[0];
        return decimal.IsNegative(value) ? -magnitude : magnitude;
    }
}
