using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class PriceTests
{
    /// <summary>5.00 each to 10 units, 4.00 each to 20, 3.00 beyond.</summary>
    private static readonly PriceTier[] PlainTiers = [new(10, 5m), new(20, 4m), new(null, 3m)];

    /// <summary>The same with flat amounts of 10.00, 20.00 and 30.00.</summary>
    private static readonly PriceTier[] FlatTiers = [new(10, 5m, 10m), new(20, 4m, 20m), new(null, 3m, 30m)];

    [Theory]
    [InlineData("29", 1, 2900)]
    [InlineData("29.00", 3, 8700)]
    [InlineData("29.99", 0, 0)]
    [InlineData("0", 1000, 0)]
    [InlineData("0.0005", 30, 2)]                       // 0.05 cent × 30 = 1.5 cents, R-TIE-4
    [InlineData("0.0005", 29, 1)]
    [InlineData("0.000000000001", 5_000_000_000, 1)]    // 12 decimals: half a cent
    [InlineData("0.000000000001", 4_999_999_999, 0)]
    [InlineData("29.000000000000", 2, 5800)]
    public void A_unit_amount_is_multiplied_and_rounded_half_up_once(string amount, long quantity, long minorUnits) =>
        Assert.Equal(Money.FromMinorUnits(minorUnits, "USD"), Unit(amount).AmountFor(quantity));

    [Theory]
    [InlineData("JPY", "100", 3, "300 JPY")]
    [InlineData("JPY", "0.5", 3, "2 JPY")]
    [InlineData("KWD", "1.2345", 1, "1.235 KWD")]
    [InlineData("CLF", "2", 2, "4.0000 CLF")]
    public void Amounts_are_rounded_to_the_currencys_own_decimals(string currency, string amount, long quantity, string text) =>
        Assert.Equal(text, Unit(amount, currency).AmountFor(quantity).ToString());

    [Theory]
    [InlineData("0.02", "12.5", 25)]
    [InlineData("0.02", "0.25", 1)]                     // half a cent
    [InlineData("0.02", "0.24999999999999999999999", 0)]
    [InlineData("12345.678901234567", "123456789.123456789012", 152_415_787_669_563)]
    [InlineData("0.01", "92233720368.54775808", 92_233_720_369)]    // 2^63 digits
    [InlineData("0.333333333333", "0.0000000000000000000000000001", 0)]
    public void Fractions_of_a_unit_are_priced_to_the_last_digit(string amount, string quantity, long minorUnits) =>
        Assert.Equal(minorUnits, Unit(amount).AmountFor(decimal.Parse(quantity)).MinorUnits);

    [Fact]
    public void A_product_beyond_the_digits_of_decimal_is_still_exact()
    {
        // 0.015000000000000000000000000001 exactly; decimal keeps 28 decimals and would see a tie, or less than one.
        var price = Unit("0.000000000001");

        Assert.Equal(2, price.AmountFor(15_000_000_000.000000000000000001m).MinorUnits);
        Assert.Equal(1, price.AmountFor(14_999_999_999.999999999999999999m).MinorUnits);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 500)]
    [InlineData("10", 5000)]
    [InlineData("11", 5400)]
    [InlineData("20", 9000)]
    [InlineData("21", 9300)]
    [InlineData("100", 33_000)]
    [InlineData("10.5", 5200)]
    public void Graduated_prices_each_unit_in_its_own_tier_R_TIE_1(string quantity, long minorUnits) =>
        Assert.Equal(minorUnits, Tiered(TierMode.Graduated, PlainTiers).AmountFor(decimal.Parse(quantity)).MinorUnits);

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(1, 1500)]
    [InlineData(10, 6000)]
    [InlineData(11, 8400)]
    [InlineData(20, 12_000)]
    [InlineData(21, 15_300)]
    public void Graduated_adds_the_flat_amount_of_each_tier_entered_and_zero_enters_the_first_R_TIE_1(long quantity, long minorUnits) =>
        Assert.Equal(minorUnits, Tiered(TierMode.Graduated, FlatTiers).AmountFor(quantity).MinorUnits);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("10", 5000)]
    [InlineData("10.5", 4200)]
    [InlineData("11", 4400)]
    [InlineData("20", 8000)]
    [InlineData("21", 6300)]
    public void Volume_prices_all_units_in_the_tier_reached_R_TIE_2(string quantity, long minorUnits) =>
        Assert.Equal(minorUnits, Tiered(TierMode.Volume, PlainTiers).AmountFor(decimal.Parse(quantity)).MinorUnits);

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(10, 6000)]
    [InlineData(11, 6400)]
    [InlineData(21, 9300)]
    public void Volume_adds_the_flat_amount_of_the_tier_reached_R_TIE_2(long quantity, long minorUnits) =>
        Assert.Equal(minorUnits, Tiered(TierMode.Volume, FlatTiers).AmountFor(quantity).MinorUnits);

    [Fact]
    public void Tiers_are_rounded_once_and_not_one_by_one() =>
        Assert.Equal(1, Tiered(TierMode.Graduated, [new(1, 0.004m), new(2, 0.004m), new(null, 0.004m)]).AmountFor(3).MinorUnits);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.001", 1000)]
    [InlineData("1", 1000)]
    [InlineData("1000", 1000)]
    [InlineData("1001", 2000)]
    [InlineData("2000", 2000)]
    [InlineData("1000.0000000000000000000000001", 2000)]
    public void A_package_that_was_begun_is_charged_whole_R_TIE_3(string quantity, long minorUnits)
    {
        var price = Price(PriceKind.Metered) with { Meter = "api_calls", Package = new(1000, 10m) };

        Assert.Equal(minorUnits, price.AmountFor(decimal.Parse(quantity)).MinorUnits);
    }

    [Theory]
    [InlineData("-1", "A quantity of -1 of 'pro/usd/month' has no price. Use zero or more.")]
    [InlineData("-0.0001", "A quantity of -0.0001 of 'pro/usd/month' has no price. Use zero or more.")]
    public void A_negative_quantity_is_refused(string quantity, string message) =>
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => Unit("29").AmountFor(decimal.Parse(quantity))));

    [Theory]
    [InlineData("29", "9223372036854775807")]
    [InlineData("29", "79228162514264337593543950335")]
    [InlineData("0.00000000001", "79228162514264337593543950335")]
    [InlineData("79228162514264337593543950335", "1")]
    [InlineData("92233720368547759", "1")]
    public void An_amount_that_cannot_be_held_is_refused(string amount, string quantity) =>
        Assert.Equal(
            "The computed amount is more than an amount can hold (9,223,372,036,854,775,807 minor units). Use a smaller price or quantity.",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => Unit(amount).AmountFor(decimal.Parse(quantity))));

    [Fact]
    public void A_price_that_cannot_be_sold_says_why()
    {
        Assert.Equal(
            "The price 'pro/usd/month' cannot be sold. It has neither an amount nor tiers nor a package. Give an amount, UpTo(…)/Beyond(…), or Package(…).",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => Price().AmountFor(1)));
        Assert.Equal(
            "The price 'pro/usd/month' cannot be sold. The last tier ends at unit 10, so more units would have no price. Call Beyond(…) after the last UpTo(…).",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => Tiered(TierMode.Volume, [new(10, 1m)]).AmountFor(1)));
        Assert.Equal(
            "The price 'pro/usd/month' cannot be sold. A package of 0 units cannot be sold. Put at least one unit in it.",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => (Price() with { Package = new(0, 1m) }).AmountFor(1)));
        Refused(BillingErrorCode.UnknownCurrency, () => (Unit("29") with { Currency = default }).AmountFor(1));
    }

    [Theory]
    [InlineData("pro", PriceKind.Flat, null, "USD", "month", "pro/usd/month")]
    [InlineData("pro", PriceKind.Flat, null, "USD", "3 months", "pro/usd/3-month")]
    [InlineData("pro", PriceKind.PerSeat, null, "EUR", "year", "pro/seat/eur/year")]
    [InlineData("pro", PriceKind.Metered, "api_calls", "USD", "month", "pro/api_calls/usd/month")]
    [InlineData("extra-storage", PriceKind.Flat, null, "JPY", "2 weeks", "extra-storage/jpy/2-week")]
    public void KeyOf_names_plan_meter_currency_and_interval(string plan, PriceKind kind, string? meter, string currency, string interval, string key)
    {
        Assert.True(BillingInterval.TryParse(interval, out var every));
        Assert.Equal(key, SaasBilling.Price.KeyOf(plan, kind, meter, Currency.Of(currency), every));
    }

    [Fact]
    public void Prices_are_equal_by_what_they_say()
    {
        var price = Tiered(TierMode.Volume, [new(10, 1m), new(null, 0.5m)]);

        Assert.Equal(price, price with { Tiers = [new(10, 1.0m), new(null, 0.5m)] });
        Assert.Equal(price.GetHashCode(), (price with { Tiers = [new(10, 1.0m), new(null, 0.5m)] }).GetHashCode());
        Assert.NotEqual(price, price with { Tiers = [new(10, 1m), new(null, 0.4m)] });
        Assert.NotEqual(price, price with { TierMode = TierMode.Graduated });
        Assert.NotEqual(Unit("29"), Unit("30"));
        Assert.False(price.Equals(null));
    }

    private static Price Unit(string amount, string currency = "USD") =>
        Price() with { Currency = Currency.Of(currency), UnitAmount = decimal.Parse(amount) };

    private static Price Tiered(TierMode mode, PriceTier[] tiers) => Price() with { Tiers = tiers, TierMode = mode };

    private static Price Price(PriceKind kind = PriceKind.Flat) => new()
    {
        Key = "pro/usd/month",
        Kind = kind,
        Currency = Currency.Of("USD"),
        Interval = BillingInterval.Monthly,
    };
}
