namespace SaasBilling.Pricing;

/// <summary>Exact passages between decimals and whole units; nothing here rounds.</summary>
internal static class Decimals
{
    /// <summary>More than any amount can hold, and small enough to be scaled by any exponent without an overflow of decimal.</summary>
    private const decimal Ceiling = 10_000_000_000_000_000_000m;

    /// <summary>The powers of ten that minor units need, by exponent.</summary>
    private static ReadOnlySpan<int> PowersOfTen => [1, 10, 100, 1_000, 10_000];

    internal static int PowerOfTen(int exponent) => PowersOfTen[exponent];

    internal static long ToMinorUnits(decimal amount, Currency currency)
    {
        if (Math.Abs(amount) >= Ceiling)
            throw TooLarge(amount, currency);

        var minorUnits = amount * PowerOfTen(currency.Exponent);
        if (minorUnits != decimal.Truncate(minorUnits))
            throw TooManyDecimals(amount, currency);

        return minorUnits is >= long.MinValue and <= long.MaxValue ? (long)minorUnits : throw TooLarge(amount, currency);
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
