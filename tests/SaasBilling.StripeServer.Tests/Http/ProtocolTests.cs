using System.Net;
using System.Net.Http.Headers;

namespace SaasBilling.StripeServer.Tests.Http;

public sealed class ProtocolTests
{
    [Fact]
    public async Task Request_NoKey_IsUnauthorized()
    {
        await using var stage = await Stage.SetAsync();
        stage.Http.DefaultRequestHeaders.Authorization = null;

        var error = await stage.RefusedAsync(HttpStatusCode.Unauthorized, "/v1/customers");

        Assert.Equal("invalid_request_error", error.Text("type"));
        Assert.StartsWith("You did not provide an API key.", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WrongKey_IsUnauthorizedAndMasked()
    {
        await using var stage = await Stage.SetAsync();
        stage.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk_test_abcdefgh1234");

        var error = await stage.RefusedAsync(HttpStatusCode.Unauthorized, "/v1/customers");

        Assert.Equal("Invalid API Key provided: sk_test_********1234", error.Text("message"));
    }

    [Fact]
    public async Task Request_RevokedKey_IsExpired()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.RevokeKey(stage.Server.ApiKey);

        var error = await stage.RefusedAsync(HttpStatusCode.Unauthorized, "/v1/customers");

        Assert.Equal("api_key_expired", error.Text("code"));
    }

    [Fact]
    public async Task Request_RestrictedKeyWithoutThePermission_NamesIt()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.AddKey("rk_test_few", new HashSet<string> { "customers_read" });
        stage.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "rk_test_few");

        await stage.GetAsync("/v1/customers");
        var error = await stage.RefusedAsync(HttpStatusCode.Forbidden, "/v1/customers");

        Assert.Contains("Having the 'rak_customers_write' permission would allow this request to continue.", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ForAnotherAccount_IsForbidden()
    {
        await using var stage = await Stage.SetAsync();
        stage.Http.DefaultRequestHeaders.Add("Stripe-Account", "acct_other");

        var error = await stage.RefusedAsync(HttpStatusCode.Forbidden, "/v1/customers");

        Assert.Equal("account_invalid", error.Text("code"));
    }

    [Theory]
    [InlineData("2026-07-29.dahlia", HttpStatusCode.BadRequest)]
    [InlineData("2024-06-20", HttpStatusCode.OK)]
    public async Task Post_ParameterOfAnOlderVersion_IsTakenUnlessTheCurrentOneIsPinned(string version, HttpStatusCode status)
    {
        await using var stage = await Stage.SetAsync();
        var coupon = (await stage.PostAsync("/v1/coupons", "percent_off=20")).Id();
        stage.Http.DefaultRequestHeaders.Add("Stripe-Version", version);

        using var response = await stage.SendAsync(HttpMethod.Post, "/v1/customers", $"coupon={coupon}");

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("nme=x", "parameter_unknown", "nme", "Received unknown parameter: nme")]
    [InlineData("address[town]=x", "parameter_unknown", "address[town]", "Received unknown parameter: address[town]")]
    [InlineData("balance=many", "parameter_invalid_integer", "balance", "Invalid integer: many")]
    public async Task Post_WrongParameter_IsNamed(string form, string code, string parameter, string message)
    {
        await using var stage = await Stage.SetAsync();

        var error = await stage.RefusedAsync(HttpStatusCode.BadRequest, "/v1/customers", form);

        Assert.Equal((code, parameter, message), (error.Text("code"), error.Text("param"), error.Text("message")));
    }

    [Fact]
    public async Task Post_NoSuchPath_IsNotFound()
    {
        await using var stage = await Stage.SetAsync();

        var error = await stage.RefusedAsync(HttpStatusCode.NotFound, "/v1/nonsense");

        Assert.StartsWith("Unrecognized request URL (POST: /v1/nonsense).", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_CarriesRequestIdAndVersion()
    {
        await using var stage = await Stage.SetAsync();
        stage.Http.DefaultRequestHeaders.Add("Stripe-Version", "2025-03-31.basil");

        using var response = await stage.SendAsync(HttpMethod.Get, "/v1/customers");

        Assert.StartsWith("req_", response.Headers.GetValues("Request-Id").Single(), StringComparison.Ordinal);
        Assert.Equal("2025-03-31.basil", response.Headers.GetValues("Stripe-Version").Single());
    }

    [Fact]
    public async Task Post_EmptyText_Unsets_AndMetadataMerges()
    {
        await using var stage = await Stage.SetAsync();
        var id = (await stage.PostAsync("/v1/customers", "name=Ada metadata[a]=1 metadata[b]=2")).Id();

        var customer = await stage.PostAsync($"/v1/customers/{id}", "name= metadata[a]= metadata[c]=3");

        Assert.Null(customer["name"]);
        Assert.Equal("""{"b":"2","c":"3"}""", customer["metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task List_ByCursors_GivesEachOnce()
    {
        await using var stage = await Stage.SetAsync();
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
            made.Add((await stage.PostAsync("/v1/customers", $"name=c{i}")).Id());
        made.Reverse();

        var first = await stage.GetAsync("/v1/customers?limit=2");
        var second = await stage.GetAsync($"/v1/customers?limit=2&starting_after={made[1]}");
        var last = await stage.GetAsync($"/v1/customers?limit=2&starting_after={made[3]}");
        var back = await stage.GetAsync($"/v1/customers?limit=2&ending_before={made[3]}");

        Assert.Equal(made[..2], first.Data().Select(customer => customer.Id()));
        Assert.True(first["has_more"]!.GetValue<bool>());
        Assert.Equal(made[2..4], second.Data().Select(customer => customer.Id()));
        Assert.Equal(made[4..], last.Data().Select(customer => customer.Id()));
        Assert.False(last["has_more"]!.GetValue<bool>());
        Assert.Equal(made[1..3], back.Data().Select(customer => customer.Id()));
    }

    [Fact]
    public async Task Expand_NestedAndInLists_PutsObjectsInPlaceOfIds()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var price = await stage.PriceAsync();

        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={price} expand[]=latest_invoice.payments expand[]=items.data.price.product");
        var listed = await stage.GetAsync("/v1/subscriptions?expand[]=data.customer");
        var refused = await stage.RefusedAsync(HttpStatusCode.BadRequest, $"/v1/subscriptions/{made.Id()}", "expand[]=status");

        Assert.Equal("payment_intent", made["latest_invoice"]!["payments"]!.Data().Single()["payment"]!.Text("type"));
        Assert.Equal("Pro", made["items"]!.Data().Single()["price"]!["product"]!.Text("name"));
        Assert.Equal(customer, listed.Data().Single()["customer"]!.AsObject().Id());
        Assert.Equal("This property cannot be expanded (status).", refused.Text("message"));
    }
}
