namespace SaasBilling.Pricing;

/// <summary>Exact passages between decimals and whole units; nothing here rounds.</summary>
internal static class Decimals
{
    /// <summary>The greatest power of ten that an Int128 holds.</summary>
    internal const int MaxInt128Power = 38;

    /// <summary>More than any amount can hold, and small enough to be scaled by any exponent without an overflow of decimal.</summary>
    private const decimal Ceiling = 10_000_000_000_000_000_000m;

    /// <summary>The powers of ten that minor units need, by exponent.</summary>
    private static readonly int[] Powers = [1, 10, 100, 1_000, 10_000];

    private static readonly Int128[] Int128Powers = PowersUpTo(MaxInt128Power);

    internal static int PowerOfTen(int exponent) => Powers[exponent];

    internal static Int128 Int128PowerOfTen(int exponent) => Int128Powers[exponent];

    /// <summary>Splits a decimal into digits × 10^-scale; false when the digits do not fit in 63 bits.</summary>
    internal static bool TrySplit(decimal value, out long digits, out int scale)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        digits = ((long)parts[1] << 32) | (uint)parts[0];
        scale = value.Scale;
        if (parts[2] != 0 || digits < 0)
            return false;

        if (decimal.IsNegative(value))
            digits = -digits;

        return true;
    }

    /// <summary>The amount in whole minor units.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: more decimals than the currency has, or too large.</exception>
    internal static long ToMinorUnits(decimal amount, Currency currency)
    {
        var factor = PowerOfTen(currency.Exponent);
        if (Math.Abs(amount) >= Ceiling)
            throw TooLarge(amount, currency);

        var minorUnits = amount * factor;
        if (minorUnits != decimal.Truncate(minorUnits))
            throw TooManyDecimals(amount, currency);

        return minorUnits is >= long.MinValue and <= long.MaxValue ? (long)minorUnits : throw TooLarge(amount, currency);
    }

    private static Int128[] PowersUpTo(int exponent)
    {
        var powers = new Int128[exponent + 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;

        return powers;
    }

    private static BillingException TooManyDecimals(decimal amount, Currency currency) => new(
        BillingErrorCode.InvalidArgument,
        currency.Exponent == 0
            ? $"{amount} {currency} cannot be held exactly: {currency} has no decimals. Round it to a whole number first."
            : $"{amount} {currency} cannot be held exactly: {currency} has {currency.Exponent} decimals. Round it to a multiple of {1m / PowerOfTen(currency.Exponent)} first.");

    private static BillingException TooLarge(decimal amount, Currency currency) => new(
        BillingErrorCode.InvalidArgument,
        $"{amount} {currency} is more than an amount can hold. Amounts in {currency} lie between {Money.FromMinorUnits(long.MinValue, currency)} and {Money.FromMinorUnits(long.MaxValue, currency)}.");
}
