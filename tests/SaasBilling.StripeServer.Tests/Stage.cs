using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace SaasBilling.StripeServer.Tests;

/// <summary>A server on a clock of its own, and a client that speaks to it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly HttpClient _http;

    private Stage(StripeServer server)
    {
        Server = server;
        _http = new HttpClient { BaseAddress = server.BaseAddress };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.ApiKey);
    }

    public StripeServer Server { get; }

    public HttpClient Http => _http;

    public static async Task<Stage> SetAsync(Action<StripeServerOptions>? configure = null)
    {
        var options = new StripeServerOptions { StartAt = Start };
        configure?.Invoke(options);
        return new Stage(await StripeServer.StartAsync(options, TestContext.Current.CancellationToken));
    }

    /// <summary>A request that must succeed; <paramref name="form"/> is <c>a=b c[d]=e</c>.</summary>
    public async Task<JsonObject> PostAsync(string path, string form = "", string? idempotencyKey = null)
    {
        using var response = await SendAsync(HttpMethod.Post, path, form, idempotencyKey);
        return await ReadAsync(response);
    }

    public async Task<JsonObject> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        return await ReadAsync(response);
    }

    public async Task<JsonObject> DeleteAsync(string path, string form = "")
    {
        using var response = await SendAsync(HttpMethod.Delete, path, form);
        return await ReadAsync(response);
    }

    /// <summary>The error object of a request that must be refused.</summary>
    public async Task<JsonObject> RefusedAsync(HttpStatusCode status, string path, string form = "", string? idempotencyKey = null)
    {
        using var response = await SendAsync(HttpMethod.Post, path, form, idempotencyKey);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, body);
        return JsonNode.Parse(body)!["error"]!.AsObject();
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string form = "", string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (form.Length > 0)
            request.Content = new FormUrlEncodedContent(Pairs(form));
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task AdvanceAsync(TimeSpan by) => Server.AdvanceAsync(by, TestContext.Current.CancellationToken);

    /// <summary>A customer with a default card; null: none.</summary>
    public async Task<string> CustomerAsync(string? card = "pm_card_visa")
    {
        var id = (await PostAsync("/v1/customers", "email=ada@example.com")).Id();
        if (card is not null)
        {
            var method = (await PostAsync($"/v1/payment_methods/{card}/attach", $"customer={id}")).Id();
            await PostAsync($"/v1/customers/{id}", $"invoice_settings[default_payment_method]={method}");
        }

        return id;
    }

    /// <summary>A monthly price in US dollars.</summary>
    public async Task<string> PriceAsync(long amount = 2000, string further = "recurring[interval]=month")
    {
        var product = (await PostAsync("/v1/products", "name=Pro")).Id();
        return (await PostAsync("/v1/prices", $"product={product} unit_amount={amount} currency=usd {further}")).Id();
    }

    /// <summary>The types of all events, oldest first.</summary>
    public async Task<List<string>> EventsAsync()
    {
        var types = new List<string>();
        for (string? after = null; ;)
        {
            var page = await GetAsync("/v1/events?limit=100" + (after is null ? "" : $"&starting_after={after}"));
            foreach (var told in page["data"]!.AsArray())
            {
                types.Add(told!.Text("type"));
                after = told!.AsObject().Id();
            }

            if (!page["has_more"]!.GetValue<bool>())
                break;
        }

        types.Reverse();
        return types;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string form) => form
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => KeyValuePair.Create(pair[..pair.IndexOf('=')], pair[(pair.IndexOf('=') + 1)..]));

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        return JsonNode.Parse(body)!.AsObject();
    }
}

/// <summary>Reading answers.</summary>
internal static class Reading
{
    public static string Id(this JsonObject body) => body["id"]!.GetValue<string>();

    public static string Text(this JsonNode node, string name) => node[name]!.GetValue<string>();

    public static long Int(this JsonNode node, string name) => node[name]!.GetValue<long>();

    public static List<JsonObject> Data(this JsonNode list) => [.. list["data"]!.AsArray().Select(element => element!.AsObject())];
}
