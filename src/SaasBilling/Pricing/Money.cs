using System.Globalization;
using System.Runtime.InteropServices;
using SaasBilling.Pricing;

namespace SaasBilling;

/// <summary>
/// An exact amount: whole minor units (cents) of one currency. Arithmetic and ordering across currencies throw, and so does an overflow;
/// nothing is ever rounded here, and nothing is allocated.
/// </summary>
/// <remarks>A default value is no amount: it can be printed and tested for equality, and everything else refuses it.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Money : IComparable<Money>
{
    private Money(long minorUnits, Currency currency)
    {
        MinorUnits = minorUnits;
        Currency = currency;
    }

    /// <summary>The amount in minor units: 2900 for 29.00 USD, 500 for 500 JPY, 1500 for 1.500 KWD.</summary>
    public long MinorUnits { get; }

    /// <summary>The currency that the amount is in.</summary>
    public Currency Currency { get; }

    /// <summary>The amount in major units, with as many decimals as the currency has: 29.00 for 2900 US cents.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCurrency"/>: this is a default value.</exception>
    public decimal Amount
    {
        get
        {
            var magnitude = MinorUnits < 0 ? (ulong)-(MinorUnits + 1) + 1 : (ulong)MinorUnits;
            return new((int)(uint)magnitude, (int)(uint)(magnitude >> 32), 0, MinorUnits < 0, (byte)Currency.Exponent);
        }
    }

    /// <summary>Whether the amount is zero.</summary>
    public bool IsZero => MinorUnits == 0;

    /// <summary>Whether the amount is below zero.</summary>
    public bool IsNegative => MinorUnits < 0;

    /// <summary>Whether the amount is above zero.</summary>
    public bool IsPositive => MinorUnits > 0;

    /// <summary>An amount in major units: <c>Money.Of(29.99m, "USD")</c>.</summary>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidArgument"/>: more decimals than the currency has, or too large. <see cref="BillingErrorCode.UnknownCurrency"/>.
    /// </exception>
    public static Money Of(decimal amount, string currency) => Of(amount, Currency.Of(currency));

    /// <inheritdoc cref="Of(decimal, string)"/>
    public static Money Of(decimal amount, Currency currency) =>
        new(Decimals.ToMinorUnits(amount, currency), currency);

    /// <summary>An amount in minor units: <c>Money.FromMinorUnits(2999, "USD")</c> is 29.99 USD.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCurrency"/>.</exception>
    public static Money FromMinorUnits(long minorUnits, string currency) => new(minorUnits, Currency.Of(currency));

    /// <inheritdoc cref="FromMinorUnits(long, string)"/>
    public static Money FromMinorUnits(long minorUnits, Currency currency) =>
        currency.IsNone ? throw Currency.NoCurrency() : new(minorUnits, currency);

    /// <summary>Nothing, in a currency: what sums start from.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCurrency"/>.</exception>
    public static Money Zero(string currency) => new(0, Currency.Of(currency));

    /// <inheritdoc cref="Zero(string)"/>
    public static Money Zero(Currency currency) => FromMinorUnits(0, currency);

    /// <summary>The smaller of two amounts of one currency.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>.</exception>
    public static Money Min(Money a, Money b) => a <= b ? a : b;

    /// <summary>The larger of two amounts of one currency.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>.</exception>
    public static Money Max(Money a, Money b) => a >= b ? a : b;

    /// <summary>The amount without its sign.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: too large.</exception>
    public Money Abs() => MinorUnits < 0 ? -this : this;

    /// <summary>The sum of two amounts of one currency.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>, or <see cref="BillingErrorCode.InvalidArgument"/> when it is too large.</exception>
    public static Money operator +(Money a, Money b)
    {
        RequireSame(a, b, "add");
        var sum = unchecked(a.MinorUnits + b.MinorUnits);
        return ((a.MinorUnits ^ sum) & (b.MinorUnits ^ sum)) < 0 ? throw TooLarge(a, "+", b) : new(sum, a.Currency);
    }

    /// <summary>The difference of two amounts of one currency.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>, or <see cref="BillingErrorCode.InvalidArgument"/> when it is too large.</exception>
    public static Money operator -(Money a, Money b)
    {
        RequireSame(a, b, "subtract");
        var difference = unchecked(a.MinorUnits - b.MinorUnits);
        return ((a.MinorUnits ^ b.MinorUnits) & (a.MinorUnits ^ difference)) < 0 ? throw TooLarge(a, "-", b) : new(difference, a.Currency);
    }

    /// <summary>The amount with the other sign.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: too large.</exception>
    public static Money operator -(Money a)
    {
        if (a.Currency.IsNone)
            throw Currency.NoCurrency();

        return a.MinorUnits == long.MinValue ? throw TooLarge(a, "×", -1) : new(-a.MinorUnits, a.Currency);
    }

    /// <summary>The amount, so many times.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: too large.</exception>
    public static Money operator *(Money a, long times)
    {
        if (a.Currency.IsNone)
            throw Currency.NoCurrency();

        var high = Math.BigMul(a.MinorUnits, times, out var low);
        return high == low >> 63 ? new(low, a.Currency) : throw TooLarge(a, "×", times);
    }

    /// <inheritdoc cref="op_Multiply(Money, long)"/>
    public static Money operator *(long times, Money a) => a * times;

    /// <summary>Whether the first amount is less than the second.</summary>
    public static bool operator <(Money a, Money b) => a.CompareTo(b) < 0;

    /// <summary>Whether the first amount is more than the second.</summary>
    public static bool operator >(Money a, Money b) => a.CompareTo(b) > 0;

    /// <summary>Whether the first amount is at most the second.</summary>
    public static bool operator <=(Money a, Money b) => a.CompareTo(b) <= 0;

    /// <summary>Whether the first amount is at least the second.</summary>
    public static bool operator >=(Money a, Money b) => a.CompareTo(b) >= 0;

    /// <summary>Orders amounts of one currency by size.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>.</exception>
    public int CompareTo(Money other)
    {
        RequireSame(this, other, "compare");
        return MinorUnits.CompareTo(other.MinorUnits);
    }

    /// <summary>The amount in major units and the code, the same in every culture: <c>29.00 USD</c>, <c>500 JPY</c>.</summary>
    public override string ToString() =>
        Currency.IsNone ? "(no amount)" : string.Create(CultureInfo.InvariantCulture, $"{Amount} {Currency.Code}");

    private static void RequireSame(Money a, Money b, string verb)
    {
        if (a.Currency != b.Currency || a.Currency.IsNone)
            ThrowMismatch(a, b, verb);
    }

    private static void ThrowMismatch(Money a, Money b, string verb)
    {
        if (a.Currency.IsNone || b.Currency.IsNone)
            throw Currency.NoCurrency();

        throw new BillingException(
            BillingErrorCode.CurrencyMismatch,
            $"Cannot {verb} {a} and {b}: they are of different currencies. Convert one of them first, or keep a sum for each currency.");
    }

    private static BillingException TooLarge<T>(Money a, string sign, T b) => new(
        BillingErrorCode.InvalidArgument,
        $"{a} {sign} {b} is more than an amount can hold. Amounts in {a.Currency} lie between {new Money(long.MinValue, a.Currency)} and {new Money(long.MaxValue, a.Currency)}.");
}
