namespace SaasBilling.Tests.Pricing;

public class PriceFaultsTests
{
    private static readonly Price Flat = new()
    {
        Key = "pro/usd/month",
        Kind = PriceKind.Flat,
        Currency = Currency.Of("USD"),
        Interval = BillingInterval.Monthly,
        UnitAmount = 29m,
    };

    private static readonly Price Metered = Flat with { Kind = PriceKind.Metered, Meter = "api_calls", UnitAmount = 0.000000000001m };

    [Fact]
    public void Prices_that_can_be_sold_have_no_faults()
    {
        Assert.Empty(Flat.Faults());
        Assert.Empty((Flat with { UnitAmount = 0m }).Faults());
        Assert.Empty((Flat with { UnitAmount = 0.0010000000000000m }).Faults());
        Assert.Empty(Metered.Faults());
        Assert.Empty((Metered with { UnitAmount = null, Package = new(1000, 10m) }).Faults());
        Assert.Empty((Metered with { UnitAmount = null, Tiers = [new(1, 0m), new(2, 1m, 5m), new(null, 1m)] }).Faults());
        Assert.Empty((Metered with { UnitAmount = null, Tiers = [new(null, 1m)] }).Faults());
    }

    [Fact]
    public void An_amount_is_zero_or_more_with_at_most_12_decimals()
    {
        Assert.Equal(
            ["The amount is -1, less than zero. Use zero or more; for money off, use a coupon."],
            (Flat with { UnitAmount = -1m }).Faults());
        Assert.Equal(
            ["The amount is 0.0000000000001, with more than 12 decimals. Round it to 12."],
            (Flat with { UnitAmount = 0.0000000000001m }).Faults());
        Assert.Equal(
            ["The package's amount is -10, less than zero. Use zero or more; for money off, use a coupon."],
            (Metered with { UnitAmount = null, Package = new(1000, -10m) }).Faults());
    }

    [Fact]
    public void A_price_has_one_model()
    {
        Assert.Equal(
            ["It has neither an amount nor tiers nor a package. Give an amount, UpTo(…)/Beyond(…), or Package(…)."],
            (Flat with { UnitAmount = null }).Faults());
        Assert.Equal(
            ["It mixes an amount, tiers and a package. Keep one of them."],
            (Flat with { Package = new(10, 1m) }).Faults());
        Assert.Equal(
            ["It mixes an amount, tiers and a package. Keep one of them."],
            (Flat with { UnitAmount = null, Tiers = [new(null, 1m)], Package = new(10, 1m) }).Faults());
        Assert.Equal(
            ["A package of 0 units cannot be sold. Put at least one unit in it."],
            (Metered with { UnitAmount = null, Package = new(0, 1m) }).Faults());
    }

    [Fact]
    public void A_meter_belongs_to_a_metered_price_and_is_not_called_seat()
    {
        Assert.Equal(
            ["It is metered, but names no meter. Name one that was added with AddMeter."],
            (Metered with { Meter = " " }).Faults());
        Assert.Equal(
            ["It names the meter 'api_calls', but is not metered. Use Metered(\"api_calls\", …)."],
            (Flat with { Meter = "api_calls" }).Faults());
        Assert.Equal(
            ["A meter cannot be called 'seat': the key of its price would be that of the seats. Use another name, such as 'active_seats'."],
            (Metered with { Meter = "Seat" }).Faults());
    }

    [Fact]
    public void Tiers_ascend_and_only_the_last_has_no_end()
    {
        Assert.Equal(
            ["The last tier ends at unit 10, so more units would have no price. Call Beyond(…) after the last UpTo(…)."],
            Tiers(new PriceTier(10, 1m)));
        Assert.Equal(
            ["Tier 1 ends at unit 0. Let it end at 1 or later."],
            Tiers(new(0, 1m), new(null, 1m)));
        Assert.Equal(
            ["Tier 2 ends at unit 10, but the tier before it ends at 10. Put the tiers in ascending order."],
            Tiers(new(10, 1m), new(10, 1m), new(null, 1m)));
        Assert.Equal(
            ["Tier 2 ends at unit 5, but the tier before it ends at 10. Put the tiers in ascending order."],
            Tiers(new(10, 1m), new(5, 1m), new(20, 1m), new(null, 1m)));
        Assert.Equal(
            ["Tier 1 has no end, but is not the last. Call Beyond(…) once, after every UpTo(…)."],
            Tiers(new(null, 1m), new(null, 1m)));
        Assert.Equal(
            [
                "Tier 1's unit amount is -1, less than zero. Use zero or more; for money off, use a coupon.",
                "Tier 2's flat amount is 0.1234567890123, with more than 12 decimals. Round it to 12.",
            ],
            Tiers(new(10, -1m), new(null, 1m, 0.1234567890123m)));
    }

    [Fact]
    public void A_price_without_currency_or_interval_says_so_beside_its_other_faults() =>
        Assert.Equal(
            [
                "It has no currency. Give it one such as \"USD\".",
                "It has no interval. Give it one such as BillingInterval.Monthly.",
                "The amount is -1, less than zero. Use zero or more; for money off, use a coupon.",
            ],
            (Flat with { Currency = default, Interval = default, UnitAmount = -1m }).Faults());

    private static IEnumerable<string> Tiers(params PriceTier[] tiers) => (Metered with { UnitAmount = null, Tiers = tiers }).Faults();
}
