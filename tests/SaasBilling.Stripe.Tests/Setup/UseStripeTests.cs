using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SaasBilling.Providers;
using SaasBilling.Stripe.Tests.Http;
using SaasBilling.Stripe.Tests.Provider;
using SaasBilling.Stripe.Tests.Webhooks;

namespace SaasBilling.Stripe.Tests.Setup;

public sealed class UseStripeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UseStripe_WithSoundOptions_IsTheProvider()
    {
        using var host = Host(builder => builder.UseStripe(Sound(new FakeStripe())));
        await host.StartAsync(Token);

        Assert.Equal("stripe", host.Services.GetRequiredService<IBillingProvider>().Name);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task UseStripe_WithoutAKeyAndASecret_DoesNotStart()
    {
        using var host = Host(builder => builder.UseStripe(new ConfigurationBuilder().Build().GetSection("Stripe")));

        var fault = await Assert.ThrowsAsync<BillingException>(() => host.StartAsync(Token));

        Assert.Equal(
            """
            2 billing options are wrong:
            - StripeBillingOptions.ApiKey is missing; set it to the secret key of the account's API keys page (sk_test_… or sk_live_…) or a restricted key (rk_test_… or rk_live_…), from configuration and not from source code.
            - StripeBillingOptions.WebhookSecrets is empty; add the signing secret of the webhook endpoint (whsec_…), from its page in Stripe's dashboard or from 'stripe listen'. Without one, anybody could send webhooks.
            """.ReplaceLineEndings("\n"),
            fault.Message);
    }

    [Fact]
    public async Task UseStripe_BesideAnotherProvider_DoesNotStart()
    {
        using var host = Host(builder => builder.UseInMemory().UseStripe(Sound(new FakeStripe())));

        var fault = await Assert.ThrowsAsync<BillingException>(() => host.StartAsync(Token));

        Assert.Equal("2 billing providers were chosen: .UseInMemory(...), .UseStripe(...). Keep one of these calls.", fault.Message);
    }

    /// <summary>The whole way of a webhook: verified, stored, and then the present is read and told.</summary>
    [Fact]
    public async Task A_webhook_rings_and_the_present_is_read()
    {
        var stripe = new Given().Stripe;
        var told = new TaskCompletionSource();
        using var host = Host(builder => builder.UseStripe(Sound(stripe)).AddHook<BillingEvent>((_, _, _) =>
        {
            told.TrySetResult();
            return Task.CompletedTask;
        }));
        await host.StartAsync(Token);
        var billing = host.Services.GetRequiredService<IBilling>();
        var body = Signed.Bytes(Signed.InvoicePaid);
        var header = Signed.Header(body, at: host.Services.GetRequiredService<TimeProvider>().GetUtcNow());

        Assert.Equal(WebhookReceipt.Stored, await billing.ReceiveWebhookAsync(body, name => name == "Stripe-Signature" ? header : null, Token));
        Assert.Equal(WebhookReceipt.Duplicate, await billing.ReceiveWebhookAsync(body, name => name == "Stripe-Signature" ? header : null, Token));

        await told.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        var subscription = await billing.For("acme").GetSubscriptionAsync(Token);

        Assert.Equal((SubscriptionStatus.Active, "pro"), (subscription?.Status, subscription?.PlanKey));
        await host.StopAsync(Token);
    }

    private static Action<StripeBillingOptions> Sound(HttpMessageHandler handler) => options =>
    {
        options.ApiKey = "sk_test_1";
        options.WebhookSecrets.Add(Signed.Secret);
        options.HttpHandler = handler;
    };

    private static IHost Host(Action<ISaasBillingBuilder> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        configure(builder.Services.AddSaasBilling().AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly)));
        return builder.Build();
    }
}
