using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SaasBilling.InMemory;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Events;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;
using SaasBilling.StripeServer.Resources;

namespace SaasBilling.StripeServer;

/// <summary>
/// A local Stripe for billing over time: Stripe's wire protocol on a loopback port, over the embedded billing engine. One account, in test mode, that is
/// gone when the server is disposed.
/// </summary>
public sealed class StripeServer : IAsyncDisposable
{
    /// <summary>The API version in whose shapes it answers.</summary>
    public const string ApiVersion = "2026-07-29.dahlia";

    private readonly Lock _gate = new();
    private readonly SimulatedClock? _clock;
    private readonly Account _account;
    private readonly ApiKeys _keys = new();
    private readonly WebhookSender _webhooks;
    private readonly WebApplication _app;

    private StripeServer(StripeServerOptions options)
    {
        _clock = options.StartAt is { } start ? new SimulatedClock(start) : null;
        Time = _clock ?? options.Time;
        ApiKey = options.ApiKey;
        WebhookSecret = options.WebhookSecret;
        _keys.Add(ApiKey, permissions: null);
        _account = new Account(Time, options.Billing);
        _webhooks = new WebhookSender(_account, _gate);
        _account.Events.Told = _webhooks.Add;

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, options.Port));
        _app = builder.Build();
        var pipeline = new Pipeline(_account, _gate, Endpoints.All(), _keys, Faults)
        {
            // With real time nobody moves a clock: what a request caused is sent as soon as it is answered.
            Answered = () => _ = _clock is null ? _webhooks.SendDueAsync() : Task.CompletedTask,
        };
        _app.Run(pipeline.HandleAsync);
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:50123</c>.</summary>
    public Uri BaseAddress { get; private set; } = new("http://127.0.0.1");

    /// <summary>The secret key.</summary>
    public string ApiKey { get; }

    /// <summary>The secret of endpoints that <see cref="RegisterWebhook"/> registers.</summary>
    public string WebhookSecret { get; }

    /// <summary>The clock of everything that has no test clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Faults on demand.</summary>
    public StripeFaults Faults { get; } = new();

    /// <summary>Every attempt to deliver an event, oldest first.</summary>
    public IReadOnlyList<StripeDelivery> Deliveries => _webhooks.Log;

    /// <summary>Starts a server.</summary>
    /// <param name="options">How; null: any port, real time.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<StripeServer> StartAsync(StripeServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        var server = new StripeServer(options ?? new StripeServerOptions());
        await server._app.StartAsync(cancellationToken);
        server.BaseAddress = new Uri(server._app.Urls.First());
        server._account.BaseAddress = server.BaseAddress.ToString().TrimEnd('/');
        return server;
    }

    /// <summary>Makes another key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="permissions">What a restricted key may do, such as <c>customers_write</c> or <c>invoices_read</c>; null: everything.</param>
    public void AddKey(string key, IReadOnlySet<string>? permissions = null) => _keys.Add(key, permissions);

    /// <summary>A key that is refused from now on, as expired.</summary>
    /// <param name="key">The key.</param>
    public void RevokeKey(string key) => _keys.Revoke(key);

    /// <summary>Registers a webhook endpoint, as the dashboard does; its deliveries are signed with <see cref="WebhookSecret"/>.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="events">The types; none: all.</param>
    /// <returns>The endpoint's id.</returns>
    public string RegisterWebhook(Uri url, params IReadOnlyList<string> events)
    {
        lock (_gate)
        {
            var endpoint = WebhookEndpoints.Make(_account, url.ToString(), events.Count == 0 ? ["*"] : events);
            WebhookSender.SetSecret(endpoint, WebhookSecret);
            return endpoint.Id;
        }
    }

    /// <summary>Moves the clock, runs what falls due on the way, each at its instant, and delivers what happened.</summary>
    /// <param name="by">How far.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidOperationException">The clock is not the server's own: see <see cref="StripeServerOptions.StartAt"/>.</exception>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        var clock = _clock ?? throw new InvalidOperationException("The server runs on a clock of its own only with StripeServerOptions.StartAt. Set it, or move the clock that was given.");
        var target = clock.GetUtcNow() + by;
        await DeliverAsync(cancellationToken);
        while (NextDueAt is { } due && due <= target)
        {
            clock.MoveTo(due > clock.GetUtcNow() ? due : clock.GetUtcNow());
            await CatchUpAsync(cancellationToken);
        }

        clock.MoveTo(target);
        await CatchUpAsync(cancellationToken);
    }

    /// <summary>Runs what is due at the present of the clock, and delivers what happened.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
            _account.CatchUp();

        return DeliverAsync(cancellationToken);
    }

    /// <summary>Delivers what is due to the webhook endpoints; returns when it was sent.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task DeliverAsync(CancellationToken cancellationToken = default) => _webhooks.SendDueAsync(cancellationToken);

    /// <summary>Lets the customer answer the bank's question of a payment intent that waits for them.</summary>
    /// <param name="paymentIntentId">The payment intent; or the invoice, or the subscription, that waits for it.</param>
    /// <param name="authenticate">Whether they are who they say.</param>
    /// <exception cref="InvalidOperationException">No payment waits for them.</exception>
    public void AnswerPaymentAction(string paymentIntentId, bool authenticate)
    {
        lock (_gate)
        {
            _account.CatchUp();
            Told(() => PaymentIntents.Answer(_account, paymentIntentId, authenticate));
        }
    }

    /// <summary>Lets the customer fill in a checkout page, and send it.</summary>
    /// <param name="sessionId">The checkout session.</param>
    /// <param name="card">A test payment method, such as <c>pm_card_visa</c>; null: the page asks for none, because nothing is due.</param>
    /// <exception cref="BillingException">The bank refuses the card.</exception>
    /// <exception cref="InvalidOperationException">The page cannot be sent; the message says why.</exception>
    public void CompleteCheckout(string sessionId, string? card = "pm_card_visa")
    {
        lock (_gate)
        {
            _account.CatchUp();
            Told(() => CheckoutSessionEndpoints.Complete(_account, sessionId, card));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _webhooks.Dispose();
    }

    private static void Told(Action action)
    {
        try
        {
            action();
        }
        catch (StripeFault fault)
        {
            throw new InvalidOperationException(fault.Message, fault);
        }
    }

    private DateTimeOffset? NextDueAt
    {
        get
        {
            lock (_gate)
                return Instants.AtOrNull(Math.Min(_account.Main.NextDueAt, _webhooks.NextDueAt));
        }
    }
}
