using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace SaasBilling.Tests.Plans;

/// <summary>A price without a fault: an amount, tiers or a package, for the plan, a seat or a unit of a meter.</summary>
internal sealed record PriceSpec(
    string Currency,
    BillingInterval Interval,
    bool IsPerSeat,
    string? Meter,
    decimal? Amount,
    IReadOnlyList<PriceTier> Tiers,
    TierMode TierMode,
    PricePackage? Package)
{
    // Up to twelve decimals, and up to what a price list would ever show.
    private static readonly Gen<decimal> Amounts =
        from units in Gen.Choose(0, int.MaxValue)
        from decimals in Gen.Choose(0, 12)
        select new decimal(units, 0, 0, isNegative: false, (byte)decimals);

    private static readonly Gen<IReadOnlyList<PriceTier>> TierLists =
        from count in Gen.Choose(0, 4)
        from lengths in Gen.ListOf(Gen.Choose(1, 1_000_000), count)
        from units in Gen.ListOf(Amounts, lengths.Count + 1)
        from flats in Gen.ListOf(Amounts, lengths.Count + 1)
        let ends = lengths.Select((_, i) => (long?)lengths.Take(i + 1).Sum(length => (long)length)).Append(null).ToList()
        select (IReadOnlyList<PriceTier>)[.. ends.Select((end, i) => new PriceTier(end, units[i], flats[i]))];

    /// <summary>One or more prices for each currency and interval, each of another kind or meter.</summary>
    public static Gen<IReadOnlyList<PriceSpec>> Of(IList<(string Currency, BillingInterval Interval)> terms, IList<string> meters) =>
        from lists in CatalogSpec.Each(terms, term =>
            from parts in CatalogSpec.Some(["flat", "seat", .. meters])
            from prices in CatalogSpec.Each(parts, part => One(term.Currency, term.Interval, part))
            select prices)
        select (IReadOnlyList<PriceSpec>)[.. lists.SelectMany(list => list)];

    public void Declare(PlanBuilder builder) => _ = (IsPerSeat, Meter, Amount) switch
    {
        (false, null, var amount) => builder.Price(amount!.Value, Currency, Interval),
        (true, _, { } amount) => builder.PricePerSeat(amount, Currency, Interval),
        (true, _, null) => builder.PricePerSeat(Currency, Interval, DeclareTiers),
        (false, { } meter, { } amount) => builder.Metered(meter, amount, Currency, Interval),
        (false, { } meter, null) => builder.Metered(meter, Currency, Interval, DeclareTiers),
    };

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["Currency"] = Currency, ["Interval"] = Interval.ToString() };
        if (IsPerSeat)
            json["PerSeat"] = true;
        if (Meter is not null)
            json["Meter"] = Meter;
        if (Amount is { } amount)
            json["Amount"] = amount;
        if (Package is not null)
            json["Package"] = new JsonObject { ["Units"] = Package.Units, ["Amount"] = Package.Amount };
        if (Tiers.Count > 0)
        {
            json["TierMode"] = TierMode.ToString();
            json["Tiers"] = new JsonArray([.. Tiers.Select(tier => new JsonObject { ["UpTo"] = tier.UpTo, ["UnitAmount"] = tier.UnitAmount, ["FlatAmount"] = tier.FlatAmount })]);
        }

        return json;
    }

    private static Gen<PriceSpec> One(string currency, BillingInterval interval, string part) =>
        from amount in Amounts
        from model in part == "flat" ? Gen.Constant("amount") : Gen.Elements("amount", "tiers", "package")
        from tiers in model == "tiers" ? TierLists : Gen.Constant<IReadOnlyList<PriceTier>>([])
        from mode in Gen.Elements(Enum.GetValues<TierMode>())
        from units in Gen.Choose(1, 10_000)
        select new PriceSpec(
            currency,
            interval,
            part == "seat",
            part is "flat" or "seat" ? null : part,
            model == "amount" ? amount : null,
            tiers,
            model == "tiers" ? mode : TierMode.Graduated,
            model == "package" ? new PricePackage(units, amount) : null);

    private void DeclareTiers(TierBuilder builder)
    {
        _ = TierMode == TierMode.Volume ? builder.Volume() : builder.Graduated();
        if (Package is not null)
            builder.Package(Package.Units, Package.Amount);
        foreach (var tier in Tiers)
            _ = tier.UpTo is { } last ? builder.UpTo(last, tier.UnitAmount, tier.FlatAmount) : builder.Beyond(tier.UnitAmount, tier.FlatAmount);
    }
}
