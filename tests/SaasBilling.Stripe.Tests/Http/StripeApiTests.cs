using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SaasBilling.Stripe.Http;

namespace SaasBilling.Stripe.Tests.Http;

public sealed class StripeApiTests
{
    private const string Ok = """{"id":"cus_1","object":"customer"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_SendsTheFormTheVersionTheKeyAndTheIdempotencyKey()
    {
        var stripe = new FakeStripe().Then(200, Ok);

        var customer = await Api(stripe).PostAsync(
            "/v1/customers",
            new StripeForm().Add("name", "Ä & B = C+D").Add("metadata[saasbilling_customer]", "acme").Add("balance", 5).Add("email", (string?)null).Add("coupon", ""),
            "key-1",
            Token);

        var seen = Assert.Single(stripe.Seen);
        Assert.Equal("cus_1", customer.Id);
        Assert.Equal("POST /v1/customers name=Ä & B = C+D&metadata[saasbilling_customer]=acme&balance=5&coupon=", seen.ToString());
        Assert.Equal(("key-1", "2026-07-29.dahlia", "Bearer sk_test_secret"), (seen.IdempotencyKey, seen.Headers["Stripe-Version"], seen.Headers["Authorization"]));
    }

    [Fact]
    public async Task Get_SendsTheParametersInTheQuery()
    {
        var stripe = new FakeStripe().Then(200, Ok);

        await Api(stripe).GetAsync("/v1/customers/cus_1", new StripeForm().Expand("subscriptions", "default_source"), Token);

        Assert.Equal("GET /v1/customers/cus_1 expand[0]=subscriptions&expand[1]=default_source", stripe.Seen[0].ToString());
        Assert.Null(stripe.Seen[0].IdempotencyKey);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(409)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Post_AfterAnAnswerThatMayBeRepeated_RepeatsUnderTheSameKey(int status)
    {
        var stripe = new FakeStripe().Then(status, Error("api_error")).Then(status, Error("api_error")).Then(200, Ok);
        var time = Time();

        await Api(stripe, time).PostAsync("/v1/customers", StripeForm.Empty, "key-1", Token);

        Assert.Equal(["key-1", "key-1", "key-1"], stripe.Seen.Select(seen => seen.IdempotencyKey));
        Assert.Equal([TimeSpan.FromMilliseconds(375), TimeSpan.FromMilliseconds(750)], time.Waited);
    }

    [Fact]
    public async Task Post_AfterAResetOrATimeOutOrHtml_Repeats()
    {
        var stripe = new FakeStripe()
            .ThenFail(new HttpRequestException("reset", new SocketException(104)))
            .ThenFail(new TaskCanceledException("slow"))
            .Then(502, "<html>Bad Gateway</html>")
            .Then(200, "<html>Sign in to the hotel</html>")
            .Then(200, Ok);

        Assert.Equal("cus_1", (await Api(stripe).PostAsync("/v1/customers", StripeForm.Empty, "key-1", Token)).Id);
        Assert.Equal(5, stripe.Seen.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(402)]
    [InlineData(404)]
    public async Task Post_Refused_IsNotRepeatedEvenWhereAHeaderSaysSo(int status)
    {
        var stripe = new FakeStripe().Then(status, Error("card_error"), ("Stripe-Should-Retry", "true"));

        await Assert.ThrowsAsync<StripeException>(() => Api(stripe).PostAsync("/v1/customers", StripeForm.Empty, "key-1", Token));

        Assert.Single(stripe.Seen);
    }

    [Fact]
    public async Task Post_WhereStripeSaysNo_IsNotRepeated()
    {
        var stripe = new FakeStripe().Then(500, Error("api_error"), ("Stripe-Should-Retry", "false"));

        var fault = await Assert.ThrowsAsync<StripeException>(() => Api(stripe).PostAsync("/v1/customers", StripeForm.Empty, "key-1", Token));

        Assert.Equal(BillingErrorCode.ProviderUnavailable, fault.Code);
        Assert.Equal("Stripe could not do POST /v1/customers now (500). Nothing has to be mended: try again. (Stripe's request id: req_1)", fault.Message);
    }

    [Fact]
    public async Task Post_WithRetryAfter_WaitsThatLong()
    {
        var stripe = new FakeStripe().Then(429, Error("rate_limit"), ("Retry-After", "7")).Then(200, Ok);
        var time = Time();

        await Api(stripe, time).PostAsync("/v1/customers", StripeForm.Empty, "key-1", Token);

        Assert.Equal([TimeSpan.FromSeconds(7)], time.Waited);
    }

    [Fact]
    public async Task Post_NeverAnswered_EndsWithinItsBudgetAndSaysSo()
    {
        var stripe = new FakeStripe { Otherwise = _ => throw new HttpRequestException("refused") };
        var time = Time();

        var fault = await Assert.ThrowsAsync<BillingException>(() => Api(stripe, time).PostAsync("/v1/customers", StripeForm.Empty, "key-1", Token));

        Assert.Equal(BillingErrorCode.ProviderUnavailable, fault.Code);
        Assert.Equal("Stripe gave no answer to POST /v1/customers in 5 attempts. Nothing has to be mended: the same call can be made again, and is done once.", fault.Message);
        Assert.InRange(time.Waited.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Post_Canceled_IsCanceled()
    {
        using var cancel = new CancellationTokenSource();
        var stripe = new FakeStripe
        {
            Otherwise = _ =>
            {
                cancel.Cancel();
                throw new OperationCanceledException(cancel.Token);
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Api(stripe).PostAsync("/v1/customers", StripeForm.Empty, "key-1", cancel.Token));
        Assert.Single(stripe.Seen);
    }

    [Theory]
    [InlineData("saasbilling:customer:acme", "saasbilling:customer:acme")]
    [InlineData("two words", "sha256:a03f1d611645eb53ad16c1af546ca0792dc884505bab57ede80f4dad6b911d3a")]
    public void A_key_that_no_header_takes_is_told_by_its_fingerprint(string key, string expected) => Assert.Equal(expected, StripeApi.KeyOf(key));

    [Theory]
    [InlineData("saasbilling:customer:Bäckerei")]
    [InlineData("two\nlines")]
    public void A_key_of_any_characters_fits_a_header(string key) => Assert.Matches("^sha256:[0-9a-f]{64}$", StripeApi.KeyOf(key));

    [Fact]
    public void Two_long_keys_that_differ_at_their_ends_stay_two() =>
        Assert.NotEqual(StripeApi.KeyOf(new string('k', 300) + "1"), StripeApi.KeyOf(new string('k', 300) + "2"));

    [Fact]
    public async Task List_GoesThroughAllPages()
    {
        var stripe = new FakeStripe()
            .Then(200, """{"object":"list","has_more":true,"data":[{"id":"in_3"},{"id":"in_2"}]}""")
            .Then(200, """{"object":"list","has_more":false,"data":[{"id":"in_1"}]}""");

        var ids = new List<string>();
        await foreach (var invoice in Api(stripe).ListAsync("/v1/invoices", new StripeForm().Add("customer", "cus_1"), Token))
            ids.Add(invoice.Id);

        Assert.Equal(["in_3", "in_2", "in_1"], ids);
        Assert.Equal(
            ["GET /v1/invoices customer=cus_1&limit=100", "GET /v1/invoices customer=cus_1&limit=100&starting_after=in_2"],
            stripe.Seen.Select(seen => seen.ToString()));
    }

    [Fact]
    public async Task Answer_WithoutARequiredField_NamesObjectAndField()
    {
        var stripe = new FakeStripe().Then(200, """{"id":"sub_1","object":"subscription"}""");

        var subscription = await Api(stripe).GetAsync("/v1/subscriptions/sub_1", StripeForm.Empty, Token);

        Assert.Equal(
            "Stripe's subscription 'sub_1' has no 'status', or not in a form that is known. Nothing was changed. Use a version of SaasBilling.Stripe that reads this API version.",
            Assert.Throws<BillingException>(() => subscription.RequiredText("status")).Message);
    }

    internal static StripeApi Api(HttpMessageHandler stripe, SkippingTime? time = null)
    {
        var options = new StripeBillingOptions { ApiKey = "sk_test_secret", HttpHandler = stripe };
        return new StripeApi(new HttpStripeTransport(options), options, time ?? Time(), NullLogger.Instance) { Chance = static () => 0.5 };
    }

    internal static SkippingTime Time() => new(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));

    private static string Error(string type) => $$$"""{"error":{"type":"{{{type}}}"}}""";
}
