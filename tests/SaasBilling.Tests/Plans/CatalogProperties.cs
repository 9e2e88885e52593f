using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;

namespace SaasBilling.Tests.Plans;

public class CatalogProperties
{
    [Fact]
    public void ACatalog_IsTheSame_InCodeAndInConfiguration() => Check(spec =>
    {
        var declared = Catalogs.Build(spec.Declare);
        var read = Catalogs.FromJson(new JsonObject { ["Billing"] = spec.ToJson(asLists: true) }.ToJsonString());

        Assert.Equal(declared.Plans, read.Plans);
        Assert.Equal(declared.AddOns, read.AddOns);
        Assert.Equal(declared.Coupons, read.Coupons);
        Assert.Equal(declared.Meters, read.Meters);
        Assert.True(declared.Features.SetEquals(read.Features));
    });

    [Fact]
    public void ACatalog_OfObjects_IsTheSameInAlphabeticalOrder() => Check(spec =>
    {
        var declared = Catalogs.Build(spec.Declare);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Flatten("Billing", spec.ToJson(asLists: false))).Build();
        var read = Catalogs.Build(builder => builder.AddPlans(configuration.GetSection("Billing")));

        Assert.Equal(declared.Plans.OrderBy(plan => plan.Key, StringComparer.OrdinalIgnoreCase), read.Plans);
        Assert.Equal(declared.AddOns.OrderBy(addOn => addOn.Key, StringComparer.OrdinalIgnoreCase), read.AddOns);
        Assert.Equal(declared.Coupons.OrderBy(coupon => coupon.Key, StringComparer.OrdinalIgnoreCase), read.Coupons);
        Assert.Equal(declared.Meters.OrderBy(meter => meter.Key, StringComparer.OrdinalIgnoreCase), read.Meters);
    });

    [Fact]
    public void PricesOfEachCurrencyAndInterval_TogetherAreAllPrices() => Check(spec =>
    {
        var catalog = Catalogs.Build(spec.Declare);
        foreach (var plan in catalog.Plans)
        {
            var groups = plan.AvailablePricing.Select(pricing => plan.PricesFor(pricing.Currency.Code, pricing.Interval)).ToList();

            Assert.All(groups, group => Assert.Equal(group.Select(price => price.Kind).Order(), group.Select(price => price.Kind)));
            Assert.Equal(plan.Prices.OrderBy(price => price.Key, StringComparer.Ordinal), groups.SelectMany(group => group).OrderBy(price => price.Key, StringComparer.Ordinal));
            Assert.All(plan.Prices, price => Assert.Same(price, catalog.GetPrice(price.Key).Price));
        }
    });

    private static void Check(Action<CatalogSpec> property) =>
        Prop.ForAll(CatalogSpec.Generator.ToArbitrary(), property).QuickCheckThrowOnFailure();

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(string path, JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(child => Flatten($"{path}:{child.Key}", child.Value)),
        JsonArray a => a.SelectMany((child, i) => Flatten($"{path}:{i}", child)),
        _ => [new(path, node?.ToString())],
    };
}
