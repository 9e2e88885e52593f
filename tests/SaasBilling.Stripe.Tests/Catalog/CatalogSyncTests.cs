using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Tests.Http;
using SaasBilling.Stripe.Tests.Provider;

namespace SaasBilling.Stripe.Tests.Catalog;

public sealed class CatalogSyncTests
{
    private const string Nothing = """{"type":"invalid_request_error","code":"resource_missing"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_account_gets_products_and_prices()
    {
        var given = Empty();

        var report = await given.Provider.SyncCatalogAsync(Sold(29), Token);

        Assert.Equal(new CatalogSyncReport(4, 0, 0, 0), report);
        Assert.Equal(["/v1/products", "/v1/prices", "/v1/products", "/v1/prices"], given.Posts.Select(seen => seen.Path));
        var (product, price, free) = (given.Posts.ElementAt(0), given.Posts.ElementAt(1), given.Posts.ElementAt(3));
        Assert.Equal(("saasbilling-pro", "Pro", "pro"), (product["id"], product["name"], product["metadata[saasbilling_product]"]));
        Assert.Equal(("saasbilling-pro", "usd", "2900", "month", "1"), (price["product"], price["currency"], price["unit_amount_decimal"], price["recurring[interval]"], price["recurring[interval_count]"]));
        Assert.Equal(("saasbilling:pro/usd/month", "true", "pro/usd/month"), (price["lookup_key"], price["transfer_lookup_key"], price["metadata[saasbilling_price]"]));
        Assert.Equal(("saasbilling:free/free/usd", "0", "true"), (free["lookup_key"], free["unit_amount_decimal"], free["metadata[saasbilling_free]"]));
    }

    /// <summary>Ten instances that start at once send the same requests under the same keys.</summary>
    [Fact]
    public async Task Two_instances_that_start_at_once_make_each_thing_once()
    {
        var (first, second) = (Empty(), Empty());

        await first.Provider.SyncCatalogAsync(Sold(29), Token);
        await second.Provider.SyncCatalogAsync(Sold(29), Token);

        Assert.Equal(first.Posts.Select(seen => $"{seen.IdempotencyKey} {seen}"), second.Posts.Select(seen => $"{seen.IdempotencyKey} {seen}"));
    }

    [Fact]
    public async Task What_is_as_declared_stays()
    {
        var report = await Present(29).Provider.SyncCatalogAsync(Sold(29), Token);

        Assert.Equal(new CatalogSyncReport(0, 0, 0, 4), report);
    }

    [Fact]
    public async Task Another_amount_is_a_new_price_and_the_old_one_is_archived()
    {
        var given = Present(29);

        var report = await given.Provider.SyncCatalogAsync(Sold(39), Token);

        Assert.Equal(new CatalogSyncReport(1, 0, 1, 3), report);
        Assert.Equal(
            ["POST /v1/prices 3900", "POST /v1/prices/price_pro "],
            given.Posts.Select(seen => $"{seen.Method} {seen.Path} {seen["unit_amount_decimal"]}"));
        Assert.Equal(("saasbilling:pro/usd/month", "true"), (given.Posts.First()["lookup_key"], given.Posts.First()["transfer_lookup_key"]));
        Assert.Equal("false", given.Posts.Last()["active"]);
    }

    [Fact]
    public async Task What_is_no_longer_sold_is_archived()
    {
        var given = Present(29);

        var report = await given.Provider.SyncCatalogAsync(Build(_ => { }), Token);

        Assert.Equal(new CatalogSyncReport(0, 0, 1, 2), report);
        Assert.Equal(["/v1/prices/price_pro"], given.Posts.Select(seen => seen.Path));
    }

    [Fact]
    public async Task What_was_sold_once_and_is_sold_again_is_the_same_price()
    {
        var declared = CatalogForms.FingerprintOf(Without(new CatalogForms(new CatalogNames("saasbilling:")).Price(Sold(29)["pro"].Prices[0], "pro", null)));
        var given = Present(39, archived: $$"""
            {"id":"price_old","object":"price","active":false,"product":"saasbilling-pro","metadata":{"saasbilling_price":"pro/usd/month","saasbilling_declared":"{{declared}}"} }
            """);

        await given.Provider.SyncCatalogAsync(Sold(29), Token);

        Assert.Equal(["/v1/prices/price_old true", "/v1/prices/price_pro false"], given.Posts.Select(seen => $"{seen.Path} {seen["active"]}"));
    }

    [Fact]
    public async Task A_coupon_that_differs_is_said_and_left()
    {
        var given = Present(29).On("GET /v1/coupons/saasbilling-launch", """{"id":"saasbilling-launch","object":"coupon","metadata":{"saasbilling_declared":"other"} }""");

        var fault = await Assert.ThrowsAsync<BillingException>(() => given.Provider.SyncCatalogAsync(Build(builder => builder.AddCoupon("launch", coupon => coupon.PercentOff(20))), Token));

        Assert.Equal(
            "Coupon 'launch' is on Stripe with other terms ('saasbilling-launch'), and coupons cannot be changed there. Give the new terms a new key, or delete the coupon in Stripe's dashboard: discounts that customers have go on.",
            fault.Message);
    }

    [Fact]
    public async Task A_meter_that_Stripe_cannot_count_is_refused_before_anything_is_made()
    {
        var given = Empty();

        var fault = await Assert.ThrowsAsync<BillingException>(() => given.Provider.SyncCatalogAsync(Build(builder => builder.AddMeter("peak", UsageAggregation.Max)), Token));

        Assert.Equal(
            (BillingErrorCode.NotSupportedByProvider, "The billing provider 'stripe' cannot bill the meter 'peak': Stripe's meters have no maximum. Use UsageAggregation.Sum, Count or Last."),
            (fault.Code, fault.Message));
        Assert.Empty(given.Stripe.Seen);
    }

    [Fact]
    public void Tiers_packages_and_metered_prices_are_written_as_Stripe_has_them()
    {
        var catalog = Build(builder => builder
            .AddMeter("calls")
            .AddPlan("tiered", plan => plan.PricePerSeat("EUR", BillingInterval.Quarterly, tiers => tiers.Volume().UpTo(10, 0.0005m, 5).Beyond(0.25m)))
            .AddPlan("metered", plan => plan.Metered("calls", "USD", BillingInterval.Monthly, tiers => tiers.Package(100, 5))));
        var forms = new CatalogForms(new CatalogNames("p:"));

        var tiered = forms.Price(catalog["tiered"].Prices[0], "tiered", null).Encode();
        var metered = forms.Price(catalog["metered"].Prices[0], "metered", "mtr_1").Encode();

        Assert.Contains("billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=10&tiers[0][unit_amount_decimal]=0.05&tiers[0][flat_amount_decimal]=500&tiers[1][up_to]=inf&tiers[1][unit_amount_decimal]=25", tiered, StringComparison.Ordinal);
        Assert.Contains("recurring[interval]=month&recurring[interval_count]=3", tiered, StringComparison.Ordinal);
        Assert.Contains("recurring[usage_type]=metered&recurring[meter]=mtr_1&unit_amount_decimal=500&transform_quantity[divide_by]=100&transform_quantity[round]=up", metered, StringComparison.Ordinal);
    }

    private static Given Empty() => new Given()
        .On("GET /v1/prices", Shapes.List())
        .Refuse("GET /v1/products/saasbilling-pro", 404, Nothing)
        .Refuse("GET /v1/products/saasbilling-free", 404, Nothing);

    /// <summary>An account on which a price of this amount was synced.</summary>
    private static Given Present(int amount, string? archived = null)
    {
        var (catalog, forms) = (Sold(amount), new CatalogForms(new CatalogNames("saasbilling:")));
        return new Given()
            .On("GET /v1/products/saasbilling-pro", Product("pro", "Pro"))
            .On("GET /v1/products/saasbilling-free", Product("free", "free"))
            .On("GET /v1/prices", Shapes.List(new[]
            {
                Price("price_pro", "pro/usd/month", forms.Price(catalog["pro"].Prices[0], "pro", null)),
                Price("price_free", "free/free/usd", forms.FreePrice("free", Currency.Of("USD"))),
                archived,
            }.OfType<string>()));

        string Product(string key, string name) => $$"""{"id":"saasbilling-{{key}}","object":"product","active":true,"metadata":{"saasbilling_declared":"{{Declared(CatalogForms.Product(key, name, null, new Dictionary<string, string>()))}}"} }""";

        static string Price(string id, string key, StripeForm form) => Shapes.Price(id, key, extra: $",\"saasbilling_declared\":\"{Declared(form)}\"");
    }

    private static string Declared(StripeForm form) => form.Parameters.Single(parameter => parameter.Key == "metadata[saasbilling_declared]").Value;

    private static StripeForm Without(StripeForm form)
    {
        var bare = new StripeForm();
        foreach (var (key, value) in form.Parameters.Where(parameter => parameter.Key != "metadata[saasbilling_declared]"))
            bare.Add(key, value);
        return bare;
    }

    private static PlanCatalog Sold(int amount) => Build(builder => builder.AddPlan("pro", plan => plan.Name("Pro").Price(amount, "USD", BillingInterval.Monthly)));

    private static PlanCatalog Build(Action<ISaasBillingBuilder> declare)
    {
        var services = new ServiceCollection();
        var builder = services.AddSaasBilling();
        declare(builder);
        builder.AddPlan("free", plan => plan.Free());
        return services.BuildServiceProvider().GetRequiredService<PlanCatalog>();
    }
}
