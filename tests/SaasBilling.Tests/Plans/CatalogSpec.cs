using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace SaasBilling.Tests.Plans;

/// <summary>A catalog without a fault, to be declared in code and written as configuration.</summary>
internal sealed record CatalogSpec(
    IReadOnlyList<Meter> Meters,
    IReadOnlyList<OfferSpec> Plans,
    IReadOnlyList<OfferSpec> AddOns,
    IReadOnlyList<CouponSpec> Coupons)
{
    private static readonly string[] MeterKeys = ["api_calls", "storage", "Exports", "e-mails"];
    private static readonly string[] PlanKeys = ["zeta", "pro", "Team-2", "basic", "free_1", "x.y"];
    private static readonly string[] AddOnKeys = ["boost", "support", "Extra.1"];
    private static readonly string[] CouponKeys = ["LAUNCH", "autumn", "vip-1"];

    public static Gen<CatalogSpec> Generator =>
        from meters in Gen.SubListOf(MeterKeys)
        from aggregations in Gen.ListOf(Gen.Elements(Enum.GetValues<UsageAggregation>()), MeterKeys.Length)
        from planKeys in Some(PlanKeys)
        from plans in Each(planKeys, key => OfferSpec.Plan(key, meters))
        let sold = plans.SelectMany(plan => plan.Prices).Select(price => (price.Currency, price.Interval)).Distinct().ToList()
        from addOnKeys in Gen.SubListOf(sold.Count == 0 ? [] : AddOnKeys)
        from addOns in Each(addOnKeys, key => OfferSpec.AddOn(key, sold, meters))
        from couponKeys in Gen.SubListOf(CouponKeys)
        from coupons in Each(couponKeys, key => CouponSpec.Of(key, [.. planKeys, .. addOnKeys]))
        select new CatalogSpec(
            [.. meters.Select((key, i) => new Meter { Key = key, Aggregation = aggregations[i] })], plans, addOns, coupons);

    public void Declare(ISaasBillingBuilder builder)
    {
        foreach (var meter in Meters)
            builder.AddMeter(meter.Key, meter.Aggregation);
        foreach (var plan in Plans)
            builder.AddPlan(plan.Key, plan.Declare);
        foreach (var addOn in AddOns)
            builder.AddAddOn(addOn.Key, addOn.Declare);
        foreach (var coupon in Coupons)
            builder.AddCoupon(coupon.Key, coupon.Declare);
    }

    /// <summary>As lists, which keep their order, or as objects by key.</summary>
    public JsonObject ToJson(bool asLists) => new()
    {
        ["Meters"] = Entries(Meters.Select(meter => (meter.Key, new JsonObject { ["Aggregation"] = meter.Aggregation.ToString() })), asLists),
        ["Plans"] = Entries(Plans.Select(plan => (plan.Key, plan.ToJson())), asLists),
        ["AddOns"] = Entries(AddOns.Select(addOn => (addOn.Key, addOn.ToJson())), asLists),
        ["Coupons"] = Entries(Coupons.Select(coupon => (coupon.Key, coupon.ToJson())), asLists),
    };

    internal static Gen<IList<T>> Some<T>(IReadOnlyCollection<T> items) => Gen.SubListOf(items.ToArray()).Where(some => some.Count > 0).Select(some => (IList<T>)[.. some]);

    internal static Gen<List<T>> Each<TKey, T>(IList<TKey> keys, Func<TKey, Gen<T>> generate) =>
        Gen.CollectToList(keys.Select(generate)).Select(made => made.ToList());

    private static JsonNode Entries(IEnumerable<(string Key, JsonObject Content)> entries, bool asLists)
    {
        if (!asLists)
            return new JsonObject(entries.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Content)));

        return new JsonArray([.. entries.Select(entry =>
        {
            entry.Content["Key"] = entry.Key;
            return entry.Content;
        })]);
    }
}
