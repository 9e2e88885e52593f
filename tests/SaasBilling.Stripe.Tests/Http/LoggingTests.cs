using Microsoft.Extensions.Logging;
using SaasBilling.Stripe.Http;

namespace SaasBilling.Stripe.Tests.Http;

/// <summary>Log lines say which request and which answer, and nothing of what was sent.</summary>
public sealed class LoggingTests
{
    [Fact]
    public async Task Logs_name_requests_and_repeat_no_secret_and_nobodys_data()
    {
        var logger = new Listener();
        var stripe = new FakeStripe()
            .Then(500, """{"error":{"type":"api_error"} }""")
            .Then(402, """{"error":{"type":"card_error","code":"card_declined","message":"Jenny's card 4242424242424242 was declined"} }""")
            .Then(200, """{"id":"cus_1","email":"jenny@acme.example"}""");
        var options = new StripeBillingOptions { ApiKey = "sk_test_secret", HttpHandler = stripe };
        var api = new StripeApi(new HttpStripeTransport(options), options, StripeApiTests.Time(), logger) { Chance = static () => 0.5 };
        var form = new StripeForm().Add("email", "jenny@acme.example").Add("name", "Jenny");

        await Assert.ThrowsAsync<StripeException>(() => api.PostAsync("/v1/customers", form, "key-1", TestContext.Current.CancellationToken));
        await api.PostAsync("/v1/customers", form, "key-2", TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "601 Warning Stripe's answer to POST /v1/customers was 500 (request id req_1); attempt 1 is repeated under the same key after 00:00:00.3750000",
                "602 Warning Stripe refused POST /v1/customers with 402 card_error card_declined (request id req_1)",
                "600 Debug Stripe answered POST /v1/customers with 200 in 00:00:00 (request id req_1)",
            ],
            logger.Lines);
    }

    private sealed class Listener : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{eventId.Id} {logLevel} {formatter(state, exception)}");
    }
}
