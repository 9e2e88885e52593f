using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Tests.Wire;

public sealed class WireMoneyTests
{
    /// <summary>Source: https://docs.stripe.com/currencies.</summary>
    [Theory]
    [InlineData("29.00", "USD", 2900)]
    [InlineData("500", "JPY", 500)]
    [InlineData("5.120", "KWD", 5120)]
    [InlineData("5", "ISK", 500)]
    [InlineData("5", "UGX", 500)]
    [InlineData("5.00", "MGA", 5)]
    [InlineData("-12.88", "EUR", -1288)]
    public void Amounts_go_there_and_back(string amount, string currency, long wire)
    {
        var money = Money.Of(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), currency);

        Assert.Equal(wire, WireMoney.ToWire(money));
        Assert.Equal(money, WireMoney.ToMoney(wire, WireMoney.CodeOf(money.Currency)));
    }

    [Theory]
    [InlineData("5.124", "KWD", "Stripe cannot bill 5.124 KWD: the last of its three decimals must be 0. Use another amount. See https://docs.stripe.com/currencies.")]
    [InlineData("5.20", "MGA", "Stripe cannot bill 5.20 MGA: it must have no decimals. Use another amount. See https://docs.stripe.com/currencies.")]
    public void What_Stripe_cannot_charge_is_refused_and_never_rounded(string amount, string currency, string expected)
    {
        var money = Money.Of(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), currency);

        var refusal = Assert.Throws<BillingException>(() => WireMoney.ToWire(money));

        Assert.Equal((BillingErrorCode.InvalidArgument, expected), (refusal.Code, refusal.Message));
    }

    [Theory]
    [InlineData("0.0005", "USD", "0.05")]
    [InlineData("29", "USD", "2900")]
    [InlineData("0.000000000001", "JPY", "0.000000000001")]
    [InlineData("12", "ISK", "1200")]
    [InlineData("12", "MGA", "12")]
    public void Unit_amounts_keep_their_decimals(string amount, string currency, string expected) =>
        Assert.Equal(expected, WireMoney.ToUnitAmount(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Currency.Of(currency)));

    [Fact]
    public void Every_other_currency_is_written_as_ISO_4217_has_it()
    {
        foreach (var code in (string[])["USD", "EUR", "GBP", "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF", "BHD", "JOD", "KWD", "OMR", "TND"])
            Assert.Equal(Currency.Of(code).Exponent, WireMoney.ExponentOf(Currency.Of(code)));
    }
}
