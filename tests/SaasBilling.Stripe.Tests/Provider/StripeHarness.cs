using Microsoft.Extensions.Logging.Abstractions;
using SaasBilling.Conformance.Providers;
using SaasBilling.Providers;
using SaasBilling.Stripe.Http;

namespace SaasBilling.Stripe.Tests.Provider;

/// <summary>The provider on a local Stripe with a clock of its own.</summary>
internal sealed class StripeHarness : ProviderHarness
{
    private readonly StripeServer.StripeServer _server;
    private readonly HttpStripeTransport _transport;
    private readonly StripeProvider _provider;

    private StripeHarness(StripeServer.StripeServer server, PlanCatalog catalog)
    {
        _server = server;
        var options = new StripeBillingOptions { ApiKey = server.ApiKey, WebhookSecrets = [server.WebhookSecret], ApiBase = server.BaseAddress };
        _transport = new HttpStripeTransport(options);
        _provider = StripeProvider.Create(_transport, options, catalog, new ServersTime(server), NullLoggerFactory.Instance);
    }

    public override IBillingProvider Provider => _provider;

    public override DateTimeOffset Now => _server.Time.GetUtcNow();

    public static async Task<StripeHarness> StartAsync(ConformanceSetup setup, CancellationToken cancellationToken)
    {
        var server = await StripeServer.StripeServer.StartAsync(
            new() { StartAt = setup.StartAt, Billing = new InMemoryBillingOptions { WhenRetriesExhausted = setup.WhenRetriesExhausted } },
            cancellationToken);
        var harness = new StripeHarness(server, setup.Catalog);
        await harness._provider.SyncCatalogAsync(setup.Catalog, cancellationToken);
        return harness;
    }

    public override Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken) => _server.AdvanceAsync(by, cancellationToken);

    public override Task AnswerPaymentActionAsync(SubscriptionRef subscription, bool authenticate, CancellationToken cancellationToken)
    {
        _server.AnswerPaymentAction(subscription.SubscriptionId, authenticate);
        return Task.CompletedTask;
    }

    public override Task SubmitCheckoutAsync(string checkoutSessionId, string token, CancellationToken cancellationToken)
    {
        try
        {
            _server.CompleteCheckout(checkoutSessionId, token);
            return Task.CompletedTask;
        }
        catch (Exception refusal) when (refusal is not BillingException)
        {
            // What the page says to the customer.
            throw new BillingException(BillingErrorCode.InvalidState, refusal.Message, refusal);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _transport.Dispose();
        await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>The server's present, and timers of this machine's.</summary>
    private sealed class ServersTime(StripeServer.StripeServer server) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => server.Time.GetUtcNow();
    }
}
