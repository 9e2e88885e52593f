using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Events;

/// <summary>
/// Sends events to the registered endpoints, signed as https://docs.stripe.com/webhooks describes, and again after longer and longer pauses of the
/// server's clock until one is taken or three days are over.
/// </summary>
internal sealed class WebhookSender(Account account, Lock gate) : IDisposable
{
    private const string SecretNote = "secret";
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(10),
        TimeSpan.FromHours(12), TimeSpan.FromHours(12), TimeSpan.FromHours(12),
    ];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly List<Pending> _pending = [];
    private readonly List<StripeDelivery> _log = [];

    /// <summary>When the next delivery is due, unix seconds.</summary>
    public long NextDueAt
    {
        get
        {
            lock (gate)
                return _pending.Count == 0 ? Instants.Never : _pending.Min(pending => pending.DueAt);
        }
    }

    public IReadOnlyList<StripeDelivery> Log
    {
        get
        {
            lock (gate)
                return [.. _log];
        }
    }

    /// <summary>The secret that an endpoint's deliveries are signed with.</summary>
    public static void SetSecret(PlainResource endpoint, string secret) => endpoint.Notes[SecretNote] = secret;

    /// <summary>Notes an event for every endpoint that wants it. Called under the lock.</summary>
    public void Add(PlainResource told)
    {
        var type = told.Body.Text("type")!;
        foreach (var endpoint in account.Objects.All<PlainResource>("webhook_endpoint"))
        {
            if (endpoint.Body.Text("status") != "enabled" || !endpoint.Body.Texts("enabled_events").Any(wanted => wanted == "*" || wanted == type))
                continue;

            _pending.Add(new Pending(endpoint, told, 1, Instants.From(account.Time.GetUtcNow())));
            told.Body["pending_webhooks"] = told.Body.Int("pending_webhooks") + 1;
        }
    }

    /// <summary>Sends what is due, in the order in which it happened.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken = default)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            while (TakeDue() is { } delivery)
                await SendAsync(delivery, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _sending.Dispose();
    }

    /// <summary>The header of a delivery.</summary>
    public static string Sign(string payload, string secret, long at)
    {
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{at}.{payload}"));
        return string.Create(CultureInfo.InvariantCulture, $"t={at},v1={Convert.ToHexStringLower(signature)}");
    }

    private Pending? TakeDue()
    {
        lock (gate)
        {
            var now = Instants.From(account.Time.GetUtcNow());
            var index = _pending.FindIndex(pending => pending.DueAt <= now);
            if (index < 0)
                return null;

            var due = _pending[index];
            _pending.RemoveAt(index);
            return due;
        }
    }

    private async Task SendAsync(Pending delivery, CancellationToken cancellationToken)
    {
        string payload;
        string url;
        string header;
        lock (gate)
        {
            payload = delivery.Event.Body.ToJsonString();
            url = delivery.Endpoint.Body.Text("url")!;
            header = Sign(payload, delivery.Endpoint.Notes[SecretNote], Instants.From(account.Time.GetUtcNow()));
        }

        int? status = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(payload, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("Stripe-Signature", header);
            using var response = await _http.SendAsync(request, cancellationToken);
            status = (int)response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Nobody answered: sent again, as after a refusal.
        }

        lock (gate)
            Settle(delivery, status);
    }

    private void Settle(Pending delivery, int? status)
    {
        var body = delivery.Event.Body;
        _log.Add(new StripeDelivery(body.Text("id")!, body.Text("type")!, delivery.Endpoint.Id, delivery.Attempt, status));
        if (status is >= 200 and < 300 || delivery.Attempt > Pauses.Length)
        {
            body["pending_webhooks"] = body.Int("pending_webhooks") - 1;
            return;
        }

        _pending.Add(delivery with { Attempt = delivery.Attempt + 1, DueAt = Instants.From(account.Time.GetUtcNow() + Pauses[delivery.Attempt - 1]) });
    }

    private sealed record Pending(PlainResource Endpoint, PlainResource Event, int Attempt, long DueAt);
}
