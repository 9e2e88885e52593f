using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SaasBilling.Providers;
using SaasBilling.Stripe.Http;

namespace SaasBilling.Stripe.Tests.Catalog;

/// <summary>Looking at a sync, and running it from everywhere at once, on a local Stripe.</summary>
public sealed class CatalogPreviewTests : IAsyncLifetime
{
    private StripeServer.StripeServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await StripeServer.StripeServer.StartAsync(new() { StartAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) }, Token);

    [Fact]
    public async Task What_would_be_made_is_listed_and_nothing_is_made()
    {
        var provider = Provider(Sold(29));

        var preview = await provider.PreviewCatalogSyncAsync(Sold(29), Token);

        Assert.Equal(
            ["Meter calls Create", "Product pro Create", "Price pro/usd/month Create", "Price pro/calls/usd/month Create", "Coupon launch Create"],
            preview.Items.Select(item => $"{item.Kind} {item.Key} {item.Action}"));
        Assert.True(preview.HasChanges);
        Assert.Equal(0, await CountAsync("prices") + await CountAsync("products") + await CountAsync("coupons") + await CountAsync("billing/meters"));
    }

    [Fact]
    public async Task After_a_sync_everything_is_kept()
    {
        var provider = Provider(Sold(29));
        await provider.SyncCatalogAsync(Sold(29), Token);

        var preview = await provider.PreviewCatalogSyncAsync(Sold(29), Token);

        Assert.All(preview.Items, item => Assert.Equal((CatalogSyncAction.Keep, true), (item.Action, item.ProviderId is not null)));
        Assert.False(preview.HasChanges);
    }

    [Fact]
    public async Task A_price_that_moves_says_who_stays_on_the_old_one()
    {
        var before = Provider(Sold(29));
        await before.SyncCatalogAsync(Sold(29), Token);
        foreach (var customer in new[] { "zenith", "acme" })
            await SubscribeAsync(before, customer);
        await before.EnsureCustomerAsync(new("idle", new CustomerDetails()), "idle", Token);
        var after = Provider(Sold(39, withMeter: false));

        var preview = await after.PreviewCatalogSyncAsync(Sold(39, withMeter: false), Token);

        Assert.Equal(
            ["Product pro Keep ", "Price pro/usd/month Replace acme,zenith", "Coupon launch Keep ", "Price pro/calls/usd/month Archive acme,zenith"],
            preview.Items.Select(item => $"{item.Kind} {item.Key} {item.Action} {string.Join(",", item.Staying)}"));
        var report = await after.SyncCatalogAsync(Sold(39, withMeter: false), Token);
        Assert.Equal(new CatalogSyncReport(1, 0, 2, 2), report);

        var again = await before.PreviewCatalogSyncAsync(Sold(29), Token);
        Assert.Equal(CatalogSyncAction.Revive, again.Items.Single(item => item.Key == "pro/usd/month").Action);
    }

    [Fact]
    public async Task A_coupon_that_differs_is_a_refusal_and_nothing_is_done()
    {
        var provider = Provider(Sold(29));
        await provider.SyncCatalogAsync(Sold(29), Token);

        var item = (await provider.PreviewCatalogSyncAsync(Sold(39, percent: 30), Token)).Items.Single(item => item.Kind == CatalogSyncKind.Coupon);

        Assert.Equal(
            (CatalogSyncAction.Refuse, "Coupon 'launch' is on Stripe with other terms ('saasbilling-launch'), and coupons cannot be changed there. Give the new terms a new key, or delete the coupon in Stripe's dashboard: discounts that customers have go on."),
            (item.Action, item.Explanation));
        var refusal = await Assert.ThrowsAsync<BillingException>(() => provider.SyncCatalogAsync(Sold(39, percent: 30), Token));
        Assert.Equal((BillingErrorCode.InvalidState, item.Explanation), (refusal.Code, refusal.Message));
        Assert.Equal(2, await CountAsync("prices"));
    }

    [Fact]
    public async Task Ten_instances_that_start_at_once_and_again_make_each_thing_once()
    {
        await AllAsync(Sold(29));
        Assert.Equal((1, 2, 1, 1), (await CountAsync("products"), await CountAsync("prices"), await CountAsync("coupons"), await CountAsync("billing/meters")));

        await AllAsync(Sold(29));
        Assert.Equal((1, 2), (await CountAsync("products"), await CountAsync("prices")));

        await AllAsync(Sold(39));
        Assert.Equal((1, 3), (await CountAsync("products"), await CountAsync("prices")));
        Assert.False((await Provider(Sold(39)).PreviewCatalogSyncAsync(Sold(39), Token)).HasChanges);

        async Task AllAsync(PlanCatalog catalog) =>
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Provider(catalog).SyncCatalogAsync(catalog, Token), Token)));
    }

    [Fact]
    public async Task A_price_whose_successor_was_made_before_a_crash_is_archived_by_the_next_sync()
    {
        var provider = Provider(Sold(29));
        await provider.SyncCatalogAsync(Sold(29), Token);
        var api = Api();
        _server.Faults.Add(new StripeServer.StripeFaultRule(StripeServer.StripeFaultKind.ServerError, Matches: static (method, path) => method == "POST" && path.StartsWith("/v1/prices/", StringComparison.Ordinal)), times: 20);
        await Assert.ThrowsAnyAsync<BillingException>(() => Provider(Sold(39), retries: 0).SyncCatalogAsync(Sold(39), Token));
        _server.Faults.Clear();
        Assert.Equal(3, await ActiveAsync(api));

        await Provider(Sold(39)).SyncCatalogAsync(Sold(39), Token);

        Assert.Equal(2, await ActiveAsync(api));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<int> ActiveAsync(StripeApi api) => (await api.GetAsync("/v1/prices", new StripeForm().Add("active", true), Token)).List("data").Count;

    private static async Task SubscribeAsync(StripeProvider provider, string customer)
    {
        await provider.EnsureCustomerAsync(new(customer, new CustomerDetails()), customer, Token);
        await provider.AddPaymentMethodAsync(new(customer, TestPaymentMethods.Visa, MakeDefault: true), customer, Token);
        await provider.CreateSubscriptionAsync(
            new() { CustomerId = customer, Name = "default", PlanKey = "pro", Items = [new("pro/usd/month", 1), new("pro/calls/usd/month", 0)], Interval = BillingInterval.Monthly, Currency = Currency.Of("USD") },
            customer,
            Token);
    }

    private async Task<int> CountAsync(string list) => (await Api().GetAsync($"/v1/{list}", new StripeForm().Add("limit", 100), Token)).List("data").Count;

    private StripeApi Api() => new(new HttpStripeTransport(Options()), Options(), TimeProvider.System, NullLogger.Instance);

    private StripeProvider Provider(PlanCatalog catalog, int retries = 4) =>
        StripeProvider.Create(new HttpStripeTransport(Options()), Options(retries), catalog, TimeProvider.System, NullLoggerFactory.Instance);

    private StripeBillingOptions Options(int retries = 4) => new() { ApiKey = _server.ApiKey, WebhookSecrets = ["whsec_1"], ApiBase = _server.BaseAddress, MaxRetries = retries };

    private static PlanCatalog Sold(decimal amount, bool withMeter = true, decimal percent = 20)
    {
        var services = new ServiceCollection();
        var builder = services.AddSaasBilling();
        if (withMeter)
            builder.AddMeter("calls");
        builder.AddPlan("pro", plan =>
        {
            plan.Price(amount, "USD", BillingInterval.Monthly);
            if (withMeter)
                plan.Metered("calls", 0.01m, "USD", BillingInterval.Monthly);
        });
        builder.AddCoupon("launch", coupon => coupon.PercentOff(percent));
        return services.BuildServiceProvider().GetRequiredService<PlanCatalog>();
    }
}
