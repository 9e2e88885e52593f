using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class CurrencyTests
{
    [Theory]
    [InlineData("USD", 2)]
    [InlineData("EUR", 2)]
    [InlineData("CHF", 2)]
    [InlineData("HUF", 2)]
    [InlineData("MGA", 2)]
    [InlineData("JPY", 0)]
    [InlineData("ISK", 0)]
    [InlineData("UGX", 0)]
    [InlineData("KWD", 3)]
    [InlineData("IQD", 3)]
    [InlineData("CLF", 4)]
    [InlineData("UYW", 4)]
    [InlineData("ZWG", 2)]
    [InlineData("XCG", 2)]
    public void Of_a_code_of_ISO_4217_knows_the_decimals(string code, int exponent)
    {
        var currency = Currency.Of(code);

        Assert.Equal(code, currency.Code);
        Assert.Equal(exponent, currency.Exponent);
        Assert.Equal(code, currency.ToString());
    }

    [Fact]
    public void All_the_currencies_of_the_list_of_January_2026_are_known()
    {
        var all = Currency.All.ToList();

        Assert.Equal(165, all.Count);
        Assert.Equal(165, all.Select(currency => currency.Code).Distinct().Count());
        Assert.Equal(
            [(0, 17), (2, 139), (3, 7), (4, 2)],
            all.CountBy(currency => currency.Exponent).OrderBy(group => group.Key).Select(group => (group.Key, group.Value)));
        Assert.All(all, currency => Assert.Equal(currency, Currency.Of(currency.Code)));
    }

    [Fact]
    public void Every_zero_decimal_and_three_decimal_currency_of_Stripe_is_known() =>
        Assert.All(
            "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF BHD JOD KWD OMR TND".Split(' '),
            code => Assert.True(Currency.TryOf(code, out _)));

    [Theory]
    [InlineData("usd")]
    [InlineData("Usd")]
    [InlineData("USD")]
    public void Of_ignores_case(string code) => Assert.Equal("USD", Currency.Of(code).Code);

    [Theory]
    [InlineData("", "'' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.")]
    [InlineData("US", "'US' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.")]
    [InlineData("US$", "'US$' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.")]
    [InlineData(" USD", "' USD' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.")]
    [InlineData("dollars and cents", "'dollars and …' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.")]
    [InlineData("BGN", "'BGN' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.")]
    [InlineData("ÜSD", "'ÜSD' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.")]
    [InlineData("XAU", "'XAU' has no minor unit in ISO 4217, so nothing can be billed in it. Use a currency such as 'USD' or 'EUR'.")]
    [InlineData("xxx", "'xxx' has no minor unit in ISO 4217, so nothing can be billed in it. Use a currency such as 'USD' or 'EUR'.")]
    public void Of_an_unknown_code_is_refused(string code, string message)
    {
        Assert.Equal(message, RefusedMessage(BillingErrorCode.UnknownCurrency, () => Currency.Of(code)));
        Assert.False(Currency.TryOf(code, out var none));
        Assert.Equal(default, none);
    }

    [Fact]
    public void Null_is_no_code()
    {
        Assert.Throws<ArgumentNullException>(() => Currency.Of(null!));
        Assert.False(Currency.TryOf(null, out _));
    }

    [Fact]
    public void A_default_currency_can_be_printed_and_compared_and_refuses_the_rest()
    {
        Currency none = default;

        Assert.Equal("(no currency)", none.ToString());
        Assert.NotEqual(Currency.Of("USD"), none);
        const string message = "This amount or currency was never set: it is default(Money) or default(Currency). " +
            "Make one with Money.Of(29m, \"USD\") or Currency.Of(\"USD\"), and start sums from Money.Zero(\"USD\").";
        Assert.Equal(message, RefusedMessage(BillingErrorCode.UnknownCurrency, () => none.Code));
        Assert.Equal(message, RefusedMessage(BillingErrorCode.UnknownCurrency, () => none.Exponent));
    }
}
