using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class PriceProperties
{
    private static readonly Gen<PriceTier[]> Tiers =
        from widths in Gen.ListOf(Gen.Choose(1, 1_000), 3)
        from units in Gen.ListOf(UnitAmount, 4)
        from flats in Gen.ListOf(Gen.Choose(0, 100), 4)
        select (PriceTier[])
        [
            new(widths[0], units[0], flats[0]),
            new(widths[0] + widths[1], units[1], flats[1]),
            new(widths[0] + widths[1] + widths[2], units[2], flats[2]),
            new(null, units[3], flats[3]),
        ];

    private static readonly Gen<decimal> Quantity = Gen.OneOf(
        Gen.Choose(0, 4_000).Select(quantity => (decimal)quantity),
        from whole in Gen.Choose(0, 4_000)
        from digits in Between(0, 999_999_999_999)
        select whole + digits / 1_000_000_000_000m);

    [Fact]
    public void A_unit_price_is_the_exact_product_to_the_nearest_minor_unit() => Hold(
        from unit in UnitAmount
        from quantity in Quantity
        from currency in AnyCurrency
        select (unit, quantity, currency),
        x =>
        {
            var amount = Priced(x.currency, x.unit, null).AmountFor(x.quantity);
            return IsNearest(Exact(x.unit) * Exact(x.quantity), amount);
        });

    [Fact]
    public void Graduated_is_the_sum_of_the_tiers_taken_apart() => Hold(
        from tiers in Tiers
        from quantity in Quantity
        from currency in AnyCurrency
        select (tiers, quantity, currency),
        x =>
        {
            // Another way to the same sum: what each tier holds is what lies between its two ends.
            BigInteger sum = 0;
            for (var i = 0; i < x.tiers.Length; i++)
            {
                decimal from = i == 0 ? 0 : x.tiers[i - 1].UpTo!.Value;
                var held = Math.Clamp(x.quantity, from, x.tiers[i].UpTo ?? decimal.MaxValue) - from;
                sum += Exact(x.tiers[i].UnitAmount) * Exact(held);
                if (held > 0 || i == 0)
                    sum += Exact(x.tiers[i].FlatAmount) * Exact(1);
            }

            return IsNearest(sum, Priced(x.currency, null, x.tiers).AmountFor(x.quantity));
        });

    [Fact]
    public void Graduated_never_falls_as_the_quantity_grows() => Hold(
        from tiers in Tiers
        from a in Quantity
        from b in Quantity
        select (tiers, Less: Math.Min(a, b), More: Math.Max(a, b)),
        x =>
        {
            var price = Priced(Currency.Of("USD"), null, x.tiers);
            return price.AmountFor(x.Less) <= price.AmountFor(x.More);
        });

    [Fact]
    public void Graduated_without_flat_amounts_is_continuous_at_the_end_of_a_tier() => Hold(
        from tiers in Tiers
        from i in Gen.Choose(0, 2)
        select (tiers: tiers.Select(tier => tier with { FlatAmount = 0 }).ToArray(), i),
        x =>
        {
            // A millionth of a unit beyond the end costs a millionth of the next tier's amount: at most one minor unit once rounded, and 0.1 at most by itself.
            var price = Priced(Currency.Of("USD"), null, [.. x.tiers.Select(tier => tier with { UnitAmount = tier.UnitAmount % 1000 })]);
            var end = x.tiers[x.i].UpTo!.Value;
            return (price.AmountFor(end + 0.000001m) - price.AmountFor(end)).MinorUnits is 0 or 1;
        });

    [Fact]
    public void Within_one_tier_volume_and_a_unit_price_with_a_flat_amount_are_the_same() => Hold(
        from tiers in Tiers
        from quantity in Quantity
        select (tiers, quantity),
        x =>
        {
            var tier = x.tiers.First(tier => tier.UpTo is not { } last || x.quantity <= last);
            var amount = (Priced(Currency.Of("USD"), null, x.tiers) with { TierMode = TierMode.Volume }).AmountFor(x.quantity);
            return IsNearest(Exact(tier.UnitAmount) * Exact(x.quantity) + Exact(tier.FlatAmount) * Exact(1), amount);
        });

    [Fact]
    public void One_endless_tier_is_a_unit_price_in_both_modes() => Hold(
        from unit in UnitAmount
        from quantity in Quantity
        select (unit, quantity),
        x =>
        {
            var tiered = Priced(Currency.Of("EUR"), null, [new(null, x.unit)]);
            var expected = Priced(Currency.Of("EUR"), x.unit, null).AmountFor(x.quantity);
            return tiered.AmountFor(x.quantity) == expected && (tiered with { TierMode = TierMode.Volume }).AmountFor(x.quantity) == expected;
        });

    [Fact]
    public void Packages_hold_the_quantity_and_one_fewer_would_not() => Hold(
        from units in Gen.Choose(1, 5_000)
        from quantity in Quantity
        select (units, quantity),
        x =>
        {
            var price = Priced(Currency.Of("JPY"), null, null) with { Package = new(x.units, 1m) };
            var packages = price.AmountFor(x.quantity).MinorUnits;
            return packages * x.units >= x.quantity && (packages - 1) * x.units < x.quantity;
        });

    private static Price Priced(Currency currency, decimal? unit, PriceTier[]? tiers) => new()
    {
        Key = "pro/api_calls/usd/month",
        Kind = PriceKind.Metered,
        Meter = "api_calls",
        Currency = currency,
        Interval = BillingInterval.Monthly,
        UnitAmount = unit,
        Tiers = tiers ?? [],
    };

    /// <summary>A number with at most 14 decimals as an integer of 10^-14.</summary>
    private static BigInteger Exact(decimal value) => new BigInteger(value) * BigInteger.Pow(10, 14) + new BigInteger((value - decimal.Truncate(value)) * 100_000_000_000_000m);

    /// <summary>Whether an amount is the nearest to a sum of products, in 10^-28 major units, and on a tie the upper one.</summary>
    private static bool IsNearest(BigInteger exact, Money amount)
    {
        var minorUnit = BigInteger.Pow(10, 28 - amount.Currency.Exponent);
        var twiceTooMuch = (amount.MinorUnits * minorUnit - exact) * 2;
        return twiceTooMuch > -minorUnit && twiceTooMuch <= minorUnit;
    }
}
