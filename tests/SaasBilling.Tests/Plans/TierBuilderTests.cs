namespace SaasBilling.Tests.Plans;

public class TierBuilderTests
{
    [Fact]
    public void Tiers_AreGraduatedByDefault()
    {
        var price = Metered(tiers => tiers.UpTo(1_000, 0m).UpTo(10_000, 0.002m, 5m).Beyond(0.001m));

        Assert.Equal(TierMode.Graduated, price.TierMode);
        Assert.Equal([new PriceTier(1_000, 0m), new PriceTier(10_000, 0.002m, 5m), new PriceTier(null, 0.001m)], price.Tiers);
        Assert.Null(price.UnitAmount);
        Assert.Null(price.Package);
    }

    [Fact]
    public void Volume_IsVolume() => Assert.Equal(TierMode.Volume, Metered(tiers => tiers.Volume().Beyond(1m, 2m)).TierMode);

    [Fact]
    public void Graduated_AfterVolume_IsGraduated() => Assert.Equal(TierMode.Graduated, Metered(tiers => tiers.Volume().Graduated().Beyond(1m)).TierMode);

    [Fact]
    public void Package_IsAPackageWithoutTiers()
    {
        var price = Metered(tiers => tiers.Package(100, 5m));

        Assert.Equal(new PricePackage(100, 5m), price.Package);
        Assert.Empty(price.Tiers);
    }

    [Fact]
    public void SeatTiers_BelongToASeatPrice()
    {
        var price = Assert.Single(Catalogs.Plan(plan => plan
            .PricePerSeat("EUR", BillingInterval.Yearly, tiers => tiers.Volume().UpTo(10, 80m).Beyond(60m))).Prices);

        Assert.Equal("pro/seat/eur/year", price.Key);
        Assert.Equal(PriceKind.PerSeat, price.Kind);
        Assert.Null(price.Meter);
        Assert.Equal([new PriceTier(10, 80m), new PriceTier(null, 60m)], price.Tiers);
    }

    [Fact]
    public void TiersOfAPlan_DoNotChangeWithTheBuilder()
    {
        TierBuilder? kept = null;
        var price = Metered(tiers => kept = tiers.UpTo(5, 1m).Beyond(2m));
        kept!.Beyond(3m);

        Assert.Equal([new PriceTier(5, 1m), new PriceTier(null, 2m)], price.Tiers);
    }

    private static Price Metered(Action<TierBuilder> tiers) =>
        Assert.Single(Catalogs.Plan(plan => plan.Metered("api_calls", "USD", BillingInterval.Monthly, tiers)).Prices);
}
