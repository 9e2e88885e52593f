using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace SaasBilling.Stripe.Http;

/// <summary>Requests over <see cref="HttpClient"/>.</summary>
internal sealed class HttpStripeTransport : IStripeTransport, IDisposable
{
    /// <summary>The version whose shapes are sent and asked for. Answers of older and newer ones are read too.</summary>
    internal const string ApiVersion = "2026-07-29.dahlia";

    private const long LargestAnswer = 64 << 20;

    private readonly HttpClient _client;

    public HttpStripeTransport(StripeBillingOptions options)
    {
        // A handler of our own follows changes of Stripe's addresses by renewing its connections.
        _client = new HttpClient(options.HttpHandler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }, disposeHandler: options.HttpHandler is null)
        {
            BaseAddress = options.ApiBase,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        _client.DefaultRequestHeaders.Add("Stripe-Version", ApiVersion);
        _client.DefaultRequestHeaders.UserAgent.ParseAdd($"SaasBilling.Stripe/{typeof(HttpStripeTransport).Assembly.GetName().Version?.ToString(3)}");
    }

    public async Task<StripeResponse> SendAsync(StripeRequest request, CancellationToken cancellationToken)
    {
        var form = request.Form.Encode();
        var inQuery = request.Method != HttpMethod.Post;
        using var message = new HttpRequestMessage(request.Method, inQuery && form.Length > 0 ? $"{request.Path}?{form}" : request.Path);
        if (!inQuery)
            message.Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        if (request.IdempotencyKey is { } key)
            message.Headers.Add("Idempotency-Key", key);

        using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return new StripeResponse(
            (int)response.StatusCode,
            body,
            Header(response, "Request-Id"),
            bool.TryParse(Header(response, "Stripe-Should-Retry"), out var should) ? should : null,
            Seconds(Header(response, "Retry-After")));
    }

    public void Dispose() => _client.Dispose();

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    // Stripe sends seconds; a date, which HTTP would allow too, is left to the back-off.
    private static TimeSpan? Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
