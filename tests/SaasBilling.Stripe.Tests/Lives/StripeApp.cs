using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SaasBilling.Scheduling;
using SaasBilling.Stripe.Http;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Stripe.Tests.Lives;

/// <summary>The application of the core's tests on a local Stripe: commands go there, and what happens there comes back by webhooks.</summary>
internal sealed class StripeApp : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

    private readonly StripeServer.StripeServer _server;
    private readonly ServiceProvider _services;
    private readonly BillingPump _pump;
    private readonly WebApplication _endpoint;

    private StripeApp(StripeServer.StripeServer server, PlanCatalog catalog)
    {
        _server = server;
        var direct = new StripeBillingOptions { ApiKey = server.ApiKey, ApiBase = server.BaseAddress };
        Stripe = new StripeApi(new HttpStripeTransport(direct), direct, TimeProvider.System, NullLogger.Instance);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(catalog);
        services.AddSingleton<TimeProvider>(new ServersTime(server));
        services.AddSaasBilling().UseStripe(options =>
        {
            options.ApiKey = server.ApiKey;
            options.WebhookSecrets.Add(server.WebhookSecret);
            options.ApiBase = server.BaseAddress;
        });
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        Billing = _services.GetRequiredService<IBilling>();
        _pump = _services.GetRequiredService<BillingPump>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _endpoint = builder.Build();
        _endpoint.Run(ReceiveAsync);
    }

    public IBilling Billing { get; }

    public ICustomerBilling Acme => Billing.For("acme");

    /// <summary>How many webhooks were taken in.</summary>
    public int Rung { get; private set; }

    /// <summary>What becomes of the next webhook: how often it is handed on; 0: it is lost.</summary>
    public Func<int> Times { get; init; } = static () => 1;

    /// <summary>The account.</summary>
    public StripeServer.StripeServer Server => _server;

    /// <summary>Stripe itself, as its dashboard and portal use it.</summary>
    public StripeApi Stripe { get; }

    public static async Task<StripeApp> StartAsync(PlanCatalog catalog, CancellationToken cancellationToken, Func<int>? times = null)
    {
        var server = await StripeServer.StripeServer.StartAsync(new() { StartAt = BillingApp.Start }, cancellationToken);
        var app = new StripeApp(server, catalog) { Times = times ?? (static () => 1) };
        await app._endpoint.StartAsync(cancellationToken);
        server.RegisterWebhook(new Uri(app._endpoint.Urls.First()));
        await app.Billing.SyncCatalogAsync(cancellationToken);
        return app;
    }

    /// <summary>Lets time pass at Stripe, and does on the way what is due here.</summary>
    public async Task PassAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var end = _server.Time.GetUtcNow() + time;
        await SettleAsync(cancellationToken);
        while (_server.Time.GetUtcNow() < end)
        {
            var now = _server.Time.GetUtcNow();
            var next = now + Step < end ? now + Step : end;
            if (await _pump.NextDueAsync(cancellationToken) is { } due && due > now && due < next)
                next = due;
            await _server.AdvanceAsync(next - now, cancellationToken);
            await SettleAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    // What a webhook causes here may cause another one there.
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await _server.DeliverAsync(cancellationToken);
        await _pump.RunDueAsync(cancellationToken);
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        for (var times = Times(); times > 0; times--)
        {
            await Billing.ReceiveWebhookAsync(body.ToArray(), name => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, context.RequestAborted);
            Rung++;
        }
    }

    private sealed class ServersTime(StripeServer.StripeServer server) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => server.Time.GetUtcNow();
    }
}
