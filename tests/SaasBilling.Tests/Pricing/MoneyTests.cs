using System.Runtime.CompilerServices;
using FsCheck.Fluent;
using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class MoneyTests
{
    private static readonly Money Largest = Money.FromMinorUnits(long.MaxValue, "USD");
    private static readonly Money Smallest = Money.FromMinorUnits(long.MinValue, "USD");

    [Theory]
    [InlineData("29.99", "USD", 2999, "29.99 USD")]
    [InlineData("29", "usd", 2900, "29.00 USD")]
    [InlineData("29.990000", "USD", 2999, "29.99 USD")]
    [InlineData("-0.05", "EUR", -5, "-0.05 EUR")]
    [InlineData("500", "JPY", 500, "500 JPY")]
    [InlineData("1.5", "KWD", 1500, "1.500 KWD")]
    [InlineData("0.0001", "CLF", 1, "0.0001 CLF")]
    [InlineData("0", "USD", 0, "0.00 USD")]
    [InlineData("92233720368547758.07", "USD", long.MaxValue, "92233720368547758.07 USD")]
    [InlineData("-92233720368547758.08", "USD", long.MinValue, "-92233720368547758.08 USD")]
    public void Of_holds_the_amount_exactly(string amount, string currency, long minorUnits, string text)
    {
        var money = Money.Of(decimal.Parse(amount), currency);

        Assert.Equal(minorUnits, money.MinorUnits);
        Assert.Equal(decimal.Parse(amount), money.Amount);
        Assert.Equal(text, money.ToString());
        Assert.Equal(money, Money.FromMinorUnits(minorUnits, currency));
    }

    [Theory]
    [InlineData("19.999", "USD", "19.999 USD cannot be held exactly: USD has 2 decimals. Round it to a multiple of 0.01 first.")]
    [InlineData("0.5", "JPY", "0.5 JPY cannot be held exactly: JPY has no decimals. Round it to a whole number first.")]
    [InlineData("1.0005", "KWD", "1.0005 KWD cannot be held exactly: KWD has 3 decimals. Round it to a multiple of 0.001 first.")]
    [InlineData("0.0000000000000000000000000001", "USD", "0.0000000000000000000000000001 USD cannot be held exactly: USD has 2 decimals. Round it to a multiple of 0.01 first.")]
    [InlineData("92233720368547758.08", "USD", "92233720368547758.08 USD is more than an amount can hold. Amounts in USD lie between -92233720368547758.08 USD and 92233720368547758.07 USD.")]
    [InlineData("79228162514264337593543950335", "JPY", "79228162514264337593543950335 JPY is more than an amount can hold. Amounts in JPY lie between -9223372036854775808 JPY and 9223372036854775807 JPY.")]
    public void Of_never_rounds_and_never_wraps(string amount, string currency, string message) =>
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => Money.Of(decimal.Parse(amount), currency)));

    [Fact]
    public void Unknown_currencies_are_refused_by_every_factory()
    {
        Refused(BillingErrorCode.UnknownCurrency, () => Money.Of(1m, "ABC"));
        Refused(BillingErrorCode.UnknownCurrency, () => Money.FromMinorUnits(1, "ABC"));
        Refused(BillingErrorCode.UnknownCurrency, () => Money.Zero("ABC"));
        Refused(BillingErrorCode.UnknownCurrency, () => Money.Of(1m, default(Currency)));
        Refused(BillingErrorCode.UnknownCurrency, () => Money.FromMinorUnits(1, default(Currency)));
        Refused(BillingErrorCode.UnknownCurrency, () => Money.Zero(default(Currency)));
        Assert.Throws<ArgumentNullException>(() => Money.Of(1m, null!));
    }

    [Fact]
    public void Arithmetic_is_in_minor_units()
    {
        var a = Money.Of(10.50m, "USD");
        var b = Money.Of(0.75m, "USD");

        Assert.Equal(Money.Of(11.25m, "USD"), a + b);
        Assert.Equal(Money.Of(9.75m, "USD"), a - b);
        Assert.Equal(Money.Of(-10.50m, "USD"), -a);
        Assert.Equal(Money.Of(31.50m, "USD"), a * 3);
        Assert.Equal(Money.Of(-10.50m, "USD"), -1 * a);
        Assert.Equal(a, (-a).Abs());
        Assert.Equal(b, Money.Min(a, b));
        Assert.Equal(a, Money.Max(a, b));
        Assert.True(a > b && b < a && a >= b && b <= a && a.CompareTo(b) > 0);
        Assert.True((a - a).IsZero && (-a).IsNegative && a.IsPositive);
        Assert.False(a.IsZero || a.IsNegative || (-a).IsPositive);
    }

    [Fact]
    public void Mixed_currencies_are_refused_by_name()
    {
        var dollars = Money.Of(10m, "USD");
        var euros = Money.Of(5m, "EUR");

        Assert.Equal(
            "Cannot add 10.00 USD and 5.00 EUR: they are of different currencies. Convert one of them first, or keep a sum for each currency.",
            RefusedMessage(BillingErrorCode.CurrencyMismatch, () => dollars + euros));
        Assert.Equal(
            "Cannot subtract 10.00 USD and 5.00 EUR: they are of different currencies. Convert one of them first, or keep a sum for each currency.",
            RefusedMessage(BillingErrorCode.CurrencyMismatch, () => dollars - euros));
        Assert.Equal(
            "Cannot compare 10.00 USD and 5.00 EUR: they are of different currencies. Convert one of them first, or keep a sum for each currency.",
            RefusedMessage(BillingErrorCode.CurrencyMismatch, () => dollars < euros));
        Assert.NotEqual(dollars, Money.Of(10m, "EUR"));
    }

    [Fact]
    public void An_overflow_is_refused_and_says_what_was_computed()
    {
        const string range = "Amounts in USD lie between -92233720368547758.08 USD and 92233720368547758.07 USD.";
        var cent = Money.FromMinorUnits(1, "USD");

        Assert.Equal(
            $"92233720368547758.07 USD + 0.01 USD is more than an amount can hold. {range}",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => Largest + cent));
        Assert.Equal(
            $"-92233720368547758.08 USD - 0.01 USD is more than an amount can hold. {range}",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => Smallest - cent));
        Assert.Equal(
            $"-92233720368547758.08 USD × -1 is more than an amount can hold. {range}",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => -Smallest));
        Assert.Equal(
            $"92233720368547758.07 USD × 2 is more than an amount can hold. {range}",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => Largest * 2));
        Refused(BillingErrorCode.InvalidArgument, () => Smallest.Abs());
        Refused(BillingErrorCode.InvalidArgument, () => { _ = Smallest * -1; });
    }

    [Fact]
    public void A_default_amount_can_be_printed_and_compared_and_refuses_the_rest()
    {
        Money none = default;
        var dollar = Money.Of(1m, "USD");

        Assert.Equal("(no amount)", none.ToString());
        Assert.Equal(default, none);
        Assert.NotEqual(Money.Zero("USD"), none);
        Refused(BillingErrorCode.UnknownCurrency, () => { _ = none + dollar; });
        Refused(BillingErrorCode.UnknownCurrency, () => { _ = dollar - none; });
        Refused(BillingErrorCode.UnknownCurrency, () => { _ = none + none; });
        Refused(BillingErrorCode.UnknownCurrency, () => { _ = -none; });
        Refused(BillingErrorCode.UnknownCurrency, () => { _ = none * 2; });
        Refused(BillingErrorCode.UnknownCurrency, () => { _ = none < dollar; });
        Refused(BillingErrorCode.UnknownCurrency, () => { _ = none.Amount; });
    }

    [Fact]
    public void Money_fits_in_16_bytes() => Assert.Equal(16, Unsafe.SizeOf<Money>());

    [Fact]
    public void Amount_and_Of_are_each_others_inverse() => Hold(
        from minorUnits in AnyLong
        from currency in AnyCurrency
        select Money.FromMinorUnits(minorUnits, currency),
        money => Money.Of(money.Amount, money.Currency) == money && Money.Of(money.Amount, money.Currency.Code) == money);

    [Fact]
    public void Amounts_add_like_integers() => Hold(
        from a in Between(long.MinValue / 4, long.MaxValue / 4)
        from b in Between(long.MinValue / 4, long.MaxValue / 4)
        from c in Between(long.MinValue / 4, long.MaxValue / 4)
        from currency in AnyCurrency
        select (A: Money.FromMinorUnits(a, currency), B: Money.FromMinorUnits(b, currency), C: Money.FromMinorUnits(c, currency)),
        x => x.A + x.B == x.B + x.A
            && x.A + x.B + x.C == x.A + (x.B + x.C)
            && x.A - x.B == x.A + -x.B
            && (x.A - x.A).IsZero
            && x.A + x.B - x.B == x.A
            && x.A * 2 == x.A + x.A
            && (x.A < x.B) == (x.A - x.B).IsNegative);

    [Fact]
    public void Every_operation_is_exact_or_refused() => Hold(
        from a in AnyLong
        from b in AnyLong
        select (a, b),
        x =>
        {
            var (a, b) = (Money.FromMinorUnits(x.a, "USD"), Money.FromMinorUnits(x.b, "USD"));
            return IsExact((Int128)x.a + x.b, () => a + b)
                && IsExact((Int128)x.a - x.b, () => a - b)
                && IsExact((Int128)x.a * x.b, () => a * x.b)
                && IsExact(-(Int128)x.a, () => -a);
        });

    private static bool IsExact(Int128 expected, Func<Money> operation)
    {
        var fits = expected >= long.MinValue && expected <= long.MaxValue;
        try
        {
            return operation().MinorUnits == expected && fits;
        }
        catch (BillingException exception) when (exception.Code == BillingErrorCode.InvalidArgument)
        {
            return !fits;
        }
    }
}
