using System.Diagnostics.CodeAnalysis;

namespace SaasBilling;

/// <summary>
/// A currency of ISO 4217: its code, and how many decimals its minor unit has (USD 2, JPY 0, KWD 3).
/// Codes without a minor unit (precious metals, drawing rights, test codes) are not currencies that money can be billed in.
/// </summary>
/// <remarks>A default value is no currency: it can be printed and compared, and everything else refuses it.</remarks>
public readonly record struct Currency
{
    private readonly byte _index;

    private Currency(byte index) => _index = index;

    /// <summary>The three letters in upper case, such as <c>USD</c>.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCurrency"/>: this is a default value.</exception>
    public string Code => _index != 0 ? Iso4217.CodeAt(_index) : throw NoCurrency();

    /// <summary>How many decimals an amount has: 0, 2, 3 or 4.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCurrency"/>: this is a default value.</exception>
    public int Exponent => _index != 0 ? Iso4217.ExponentAt(_index) : throw NoCurrency();

    internal bool IsNone => _index == 0;

    /// <summary>Every currency that can be billed in, by code.</summary>
    internal static IEnumerable<Currency> All => Enumerable.Range(1, Iso4217.Count).Select(static index => new Currency((byte)index));

    /// <summary>The currency with this ISO 4217 code, in upper or lower case.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCurrency"/>: not an active code, or one without a minor unit.</exception>
    public static Currency Of(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return TryOf(code, out var currency) ? currency : throw Iso4217.Unknown(code);
    }

    /// <summary>Looks for the currency with this ISO 4217 code, in upper or lower case.</summary>
    /// <returns>False when there is none.</returns>
    public static bool TryOf([NotNullWhen(true)] string? code, out Currency currency)
    {
        currency = new(Iso4217.IndexOf(code));
        return currency._index != 0;
    }

    /// <summary>The code, or <c>(no currency)</c> for a default value.</summary>
    public override string ToString() => _index != 0 ? Iso4217.CodeAt(_index) : "(no currency)";

    internal static BillingException NoCurrency() => new(
        BillingErrorCode.UnknownCurrency,
        "This amount or currency was never set: it is default(Money) or default(Currency). Make one with Money.Of(29m, \"USD\") or Currency.Of(\"USD\"), and start sums from Money.Zero(\"USD\").");
}
