using Microsoft.Extensions.Logging.Abstractions;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Tests.Webhooks;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Stripe.Tests.Lives;

/// <summary>What is wrong in the set-up or on the other side: each has its clear outcome, and nothing is lost.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private BillingApp _engine = null!;
    private StripeApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = new BillingApp();
        _app = await StripeApp.StartAsync(_engine.Billing.Plans, Token);
    }

    [Fact]
    public Task A_wrong_key() => RefusedAsync(
        BillingErrorCode.ProviderRejected,
        "Stripe does not know the key: it is mistyped, expired or revoked. Set StripeBillingOptions.ApiKey to a current one of the account.",
        () => EnsureAsync(Provider("sk_test_mistyped")));

    [Fact]
    public async Task A_revoked_key_is_said_and_what_was_asked_for_is_done_with_the_next_one()
    {
        await _app.Acme.EnsureCustomerAsync(cancellationToken: Token);
        var before = await _app.Acme.GetCustomerAsync(Token);
        _app.Server.AddKey("sk_test_next");
        _app.Server.RevokeKey(_app.Server.ApiKey);

        await RefusedAsync(
            BillingErrorCode.ProviderRejected,
            "Stripe does not know the key: it is mistyped, expired or revoked. Set StripeBillingOptions.ApiKey to a current one of the account.",
            () => _app.Acme.EnsureCustomerAsync(new() { Name = "Acme" }, Token));

        Assert.Equal(before, await _app.Acme.GetCustomerAsync(Token));
        Assert.Equal("acme", (await Provider("sk_test_next").ReadCustomerAsync("acme", null, Token))!.Customer.Id);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        _app.Server.AddKey("rk_test_reader", new HashSet<string> { "customers_read" });

        var refusal = await Assert.ThrowsAnyAsync<BillingException>(() => EnsureAsync(Provider("rk_test_reader")));

        Assert.Equal(BillingErrorCode.ProviderRejected, refusal.Code);
        Assert.Matches("^The restricted key lacks the permission 'rak_customers?_write', which POST /v1/customers needs\\. Give it to the key on the account's API keys page\\.", refusal.Message);
    }

    [Fact]
    public async Task The_key_of_another_account_finds_neither_customers_nor_prices()
    {
        await _app.Acme.EnsureCustomerAsync(cancellationToken: Token);
        await using var other = await StripeServer.StripeServer.StartAsync(new() { StartAt = BillingApp.Start, ApiKey = "sk_test_other" }, Token);
        var provider = Provider("sk_test_other", other.BaseAddress);

        await RefusedAsync(BillingErrorCode.UnknownCustomer, "Stripe has no customer 'acme'. Create it with EnsureCustomerAsync first.", () => provider.AddCreditAsync("acme", Money.Of(1, "USD"), "sorry", "k", Token));
        await EnsureAsync(provider);
        await RefusedAsync(
            BillingErrorCode.UnknownPrice,
            "Stripe has no price 'pro/usd/month' (lookup key 'saasbilling:pro/usd/month') in this account and mode. Run IBilling.SyncCatalogAsync, so that Stripe knows the plans.",
            () => provider.CreateSubscriptionAsync(Pro, "k", Token));
    }

    [Fact]
    public async Task A_test_key_with_the_secret_of_live_mode_refuses_the_webhook_so_that_it_comes_again()
    {
        await RefusedAsync(
            BillingErrorCode.InvalidWebhookSignature,
            "The webhook is of live mode, and StripeBillingOptions.ApiKey is a test key. Use the key and the secrets of one mode; Stripe sends it again meanwhile.",
            () => ReceiveAsync(Signed.InvoicePaid.Replace("\"livemode\":false", "\"livemode\":true", StringComparison.Ordinal)));

        Assert.DoesNotContain((await _app.Billing.Operations.ListWebhooksAsync(cancellationToken: Token)).Items, webhook => webhook.Message.EventId == "evt_1");
    }

    [Fact]
    public async Task A_price_that_was_not_found_is_found_after_a_sync()
    {
        await using var server = await StripeServer.StripeServer.StartAsync(new() { StartAt = BillingApp.Start }, Token);
        var provider = Provider(server.ApiKey, server.BaseAddress);
        await EnsureAsync(provider);
        await provider.AddPaymentMethodAsync(new("acme", TestPaymentMethods.Visa, MakeDefault: true), "card", Token);
        await RefusedAsync(
            BillingErrorCode.UnknownPrice,
            "Stripe has no price 'pro/usd/month' (lookup key 'saasbilling:pro/usd/month') in this account and mode. Run IBilling.SyncCatalogAsync, so that Stripe knows the plans.",
            () => provider.CreateSubscriptionAsync(Pro, "k", Token));

        await provider.SyncCatalogAsync(_engine.Billing.Plans, Token);

        Assert.Equal(SubscriptionStatus.Active, Assert.Single((await provider.CreateSubscriptionAsync(Pro, "k", Token)).Snapshot.Subscriptions).Status);
    }

    [Fact]
    public async Task A_webhook_for_an_unknown_customer_is_handled_and_changes_nothing()
    {
        var stranger = (await _app.Stripe.PostAsync("/v1/customers", new StripeForm().Add("name", "Stranger"), "stranger", Token)).Id;

        await HandledAsync(Signed.InvoicePaid.Replace("cus_1", stranger, StringComparison.Ordinal));
    }

    [Fact]
    public Task An_event_of_another_account_is_handled_and_changes_nothing() =>
        HandledAsync(Signed.InvoicePaid.Replace("\"object\":\"event\"", "\"object\":\"event\",\"account\":\"acct_of_others\"", StringComparison.Ordinal).Replace("cus_1", "cus_of_others", StringComparison.Ordinal));

    [Fact]
    public async Task An_event_of_an_API_version_from_the_future_makes_the_present_be_read()
    {
        await _app.Acme.EnsureCustomerAsync(cancellationToken: Token);
        var stripeId = (await _app.Stripe.GetAsync("/v1/customers", StripeForm.Empty, Token)).List("data").Single().Id;
        await _app.Stripe.PostAsync($"/v1/customers/{stripeId}", new StripeForm().Add("name", "Acme"), "rename", Token);

        Assert.Equal(WebhookReceipt.Stored, await ReceiveAsync($$"""
            {"id":"evt_1","object":"event","api_version":"2031-01-01.zinnia","epoch":{"of":["things",1]},"data":{"object":{"id":"{{stripeId}}","object":"customer","name":{"given":"Acme"} },"diff":[]},"livemode":false,"type":"customer.updated"}
            """));
        await _app.PassAsync(TimeSpan.Zero, Token);

        Assert.Equal("Acme", (await _app.Acme.GetCustomerAsync(Token))!.Name);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private static CreateSubscriptionRequest Pro => new()
    {
        CustomerId = "acme", Name = "default", PlanKey = "pro", Items = [new("pro/usd/month", 1)], Interval = BillingInterval.Monthly, Currency = Currency.Of("USD"),
    };

    private static Task EnsureAsync(StripeProvider provider) => provider.EnsureCustomerAsync(new("acme", new CustomerDetails()), "ensure", Token);

    private static async Task RefusedAsync(BillingErrorCode code, string message, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAnyAsync<BillingException>(act);
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(code, refusal.Code);
    }

    private StripeProvider Provider(string key, Uri? address = null)
    {
        var options = new StripeBillingOptions { ApiKey = key, WebhookSecrets = ["whsec_1"], ApiBase = address ?? _app.Server.BaseAddress };
        return StripeProvider.Create(new HttpStripeTransport(options), options, _engine.Billing.Plans, TimeProvider.System, NullLoggerFactory.Instance);
    }

    private async Task HandledAsync(string webhook)
    {
        await _app.Acme.EnsureCustomerAsync(cancellationToken: Token);
        await _app.PassAsync(TimeSpan.Zero, Token);
        var before = await _app.Acme.GetHistoryAsync(Token);

        Assert.Equal(WebhookReceipt.Stored, await ReceiveAsync(webhook));
        await _app.PassAsync(TimeSpan.Zero, Token);

        var entry = Assert.Single((await _app.Billing.Operations.ListWebhooksAsync(new() { EventId = "evt_1" }, cancellationToken: Token)).Items);
        Assert.Equal((InboxStatus.Handled, null), (entry.Status, entry.LastError));
        Assert.Equal(before, await _app.Acme.GetHistoryAsync(Token));
        Assert.Equal(["acme"], (await _app.Billing.Queries.ListCustomersAsync(cancellationToken: Token)).Items.Select(found => found.Customer.Id));
    }

    private Task<WebhookReceipt> ReceiveAsync(string webhook)
    {
        var body = Signed.Bytes(webhook);
        var header = Signed.Header(body, _app.Server.WebhookSecret, _app.Server.Time.GetUtcNow());
        return _app.Billing.ReceiveWebhookAsync(body, name => name == "Stripe-Signature" ? header : null, Token);
    }
}
