using System.Net;
using System.Text;

namespace SaasBilling.Stripe.Tests.Http;

/// <summary>Answers requests as a test says, and remembers them.</summary>
internal sealed class FakeStripe : HttpMessageHandler
{
    private readonly Queue<Func<HttpRequestMessage, HttpResponseMessage>> _answers = [];

    public List<SeenRequest> Seen { get; } = [];

    /// <summary>What is answered when nothing was queued.</summary>
    public Func<SeenRequest, (int Status, string Body)>? Otherwise { get; init; }

    public FakeStripe Then(int status, string body, params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(_ =>
        {
            var response = Response(status, body);
            foreach (var (name, value) in headers)
                response.Headers.TryAddWithoutValidation(name, value);
            return response;
        });
        return this;
    }

    public FakeStripe ThenFail(Exception fault)
    {
        _answers.Enqueue(_ => throw fault);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var seen = new SeenRequest(
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            Decode(request.Method != HttpMethod.Post ? request.RequestUri.Query.TrimStart('?') : body),
            request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase));
        Seen.Add(seen);
        if (_answers.TryDequeue(out var answer))
            return answer(request);

        var (status, text) = Otherwise?.Invoke(seen) ?? throw new InvalidOperationException($"No answer for {seen.Method} {seen.Path}.");
        return Response(status, text);
    }

    private static HttpResponseMessage Response(int status, string body) => new((HttpStatusCode)status)
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
        Headers = { { "Request-Id", "req_1" } },
    };

    private static List<KeyValuePair<string, string>> Decode(string form) => [.. form.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair =>
    {
        var parts = pair.Split('=', 2);
        return KeyValuePair.Create(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1].Replace('+', ' ')));
    })];
}

internal sealed record SeenRequest(string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Form, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string key] => Form.FirstOrDefault(pair => pair.Key == key).Value;

    public string? IdempotencyKey => Headers.GetValueOrDefault("Idempotency-Key");

    public override string ToString() => $"{Method} {Path} {string.Join("&", Form.Select(pair => $"{pair.Key}={pair.Value}"))}";
}
