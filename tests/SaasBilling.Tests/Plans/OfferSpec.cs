using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace SaasBilling.Tests.Plans;

/// <summary>A plan or an add-on without a fault.</summary>
internal sealed record OfferSpec(
    string Key,
    string? Name,
    bool IsFree,
    IReadOnlyList<PriceSpec> Prices,
    TrialTerms? Trial,
    IReadOnlyList<(string Key, long? Limit)> Features,
    IReadOnlyList<(string Key, string Value)> Metadata)
{
    private static readonly (string Currency, BillingInterval Interval)[] Terms =
    [
        ("USD", BillingInterval.Monthly), ("EUR", BillingInterval.Monthly), ("jpy", BillingInterval.Yearly), ("KWD", BillingInterval.Quarterly),
        ("USD", new BillingInterval(IntervalUnit.Week, 2)), ("usd", BillingInterval.Daily),
    ];

    private static readonly Gen<TrialTerms?> Trials =
        from days in Gen.Choose(1, TrialTerms.MaxDays)
        from card in Gen.Elements(true, false)
        from end in Gen.Elements(Enum.GetValues<TrialEndBehavior>())
        from has in Gen.Elements(true, false)
        select has ? new TrialTerms { Days = days, RequirePaymentMethod = card, WhenNoPaymentMethod = end } : null;

    private static readonly Gen<IReadOnlyList<(string, long?)>> SomeFeatures =
        from keys in Gen.SubListOf("export", "projects", "api_calls", "Sso", "a.b")
        from limits in Gen.ListOf(Gen.Elements<long?>(null, 0, 1, 50, long.MaxValue), keys.Count)
        select (IReadOnlyList<(string, long?)>)[.. keys.Zip(limits)];

    private static readonly Gen<IReadOnlyList<(string, string)>> SomeMetadata =
        from keys in Gen.SubListOf("tier", "crm id", "Größe", "a/b")
        from values in Gen.ListOf(Gen.Elements("", "2", "true", "a b", "\"quoted\"", "läuft"), keys.Count)
        select (IReadOnlyList<(string, string)>)[.. keys.Zip(values)];

    public static Gen<OfferSpec> Plan(string key, IList<string> meters) =>
        from isFree in Gen.Frequency((1, Gen.Constant(true)), (4, Gen.Constant(false)))
        from terms in CatalogSpec.Some(Terms)
        from prices in PriceSpec.Of(terms, meters)
        from trial in Trials
        from plan in Described(key)
        select plan with { IsFree = isFree, Prices = isFree ? [] : prices, Trial = isFree ? null : trial };

    public static Gen<OfferSpec> AddOn(string key, IReadOnlyList<(string Currency, BillingInterval Interval)> sold, IList<string> meters) =>
        from terms in CatalogSpec.Some(sold)
        from prices in PriceSpec.Of(terms, meters)
        from addOn in Described(key)
        select addOn with { Prices = prices };

    public void Declare(PlanBuilder builder)
    {
        if (Name is not null)
            builder.Name(Name).Description($"What {Name} is");
        if (IsFree)
            builder.Free();
        foreach (var price in Prices)
            price.Declare(builder);
        if (Trial is not null)
            builder.Trial(Trial.Days, Trial.RequirePaymentMethod, Trial.WhenNoPaymentMethod);
        foreach (var (feature, limit) in Features)
            _ = limit is { } most ? builder.Feature(feature, most) : builder.Feature(feature);
        foreach (var (key, value) in Metadata)
            builder.Metadata(key, value);
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["Prices"] = new JsonArray([.. Prices.Select(price => price.ToJson())]),
            ["Features"] = new JsonObject(Features.Select(feature => KeyValuePair.Create<string, JsonNode?>(feature.Key, feature.Limit is { } limit ? limit : true))),
            ["Metadata"] = new JsonObject(Metadata.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value))),
        };
        if (Name is not null)
        {
            json["Name"] = Name;
            json["Description"] = $"What {Name} is";
        }

        if (IsFree)
            json["Free"] = true;
        if (Trial is not null)
        {
            json["Trial"] = new JsonObject
            {
                ["Days"] = Trial.Days,
                ["RequirePaymentMethod"] = Trial.RequirePaymentMethod,
                ["WhenNoPaymentMethod"] = Trial.WhenNoPaymentMethod.ToString(),
            };
        }

        return json;
    }

    private static Gen<OfferSpec> Described(string key) =>
        from name in Gen.Elements(null, "Pro", "Zwölf: \"12\"")
        from features in SomeFeatures
        from metadata in SomeMetadata
        select new OfferSpec(key, name, false, [], null, features, metadata);
}
