using Microsoft.Extensions.Logging.Abstractions;
using SaasBilling.Conformance.Providers;
using SaasBilling.Providers;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Tests.Http;
using SaasBilling.StripeServer;

namespace SaasBilling.Stripe.Tests.Provider;

/// <summary>R8 in small: whatever goes wrong on the way, each thing is done once, or a refusal says that it was not.</summary>
public sealed class BadDaysTests
{
    private const int Operations = 120;

    private static readonly StripeFaultKind[] Passing =
    [
        StripeFaultKind.TooManyRequests, StripeFaultKind.ServerError, StripeFaultKind.Conflict, StripeFaultKind.ResetBeforeWork, StripeFaultKind.ResetAfterWork, StripeFaultKind.Html,
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_goes_wrong_on_the_way_each_charge_is_made_once(int seed)
    {
        await using var server = await StripeServer.StripeServer.StartAsync(new() { StartAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) }, Token);
        var provider = Provider(server);
        await provider.EnsureCustomerAsync(new EnsureCustomerRequest("acme", new CustomerDetails()), "ensure", Token);
        await provider.AddPaymentMethodAsync(new AddPaymentMethodRequest("acme", TestPaymentMethods.Visa, MakeDefault: true), "card", Token);
        var chance = new Random(seed);

        for (var number = 1; number <= Operations; number++)
        {
            for (var faults = chance.Next(3); faults > 0; faults--)
                server.Faults.Add(new StripeFaultRule(Passing[chance.Next(Passing.Length)], RetryAfter: chance.Next(2) == 0 ? TimeSpan.FromSeconds(1) : null, Matches: static (method, _) => method == "POST"));
            if (number % 3 == 0)
                await provider.AddCreditAsync("acme", Money.Of(1, "USD"), "sorry", $"op-{number}", Token);
            else if (number % 3 == 1)
                await provider.ChargeNowAsync(Charge(number), $"op-{number}", Token);
            else
                await provider.AddChargeAsync(Charge(number), $"op-{number}", Token);
        }

        server.Faults.Clear();
        var read = await provider.ReadCustomerAsync("acme", null, Token);
        Assert.Equal(Numbers(1), read!.Invoices.Select(invoice => Assert.Single(invoice.Lines).Description).Order(StringComparer.Ordinal));
        Assert.Equal(Numbers(2), read.PendingCharges!.Select(charge => charge.Line.Description).Order(StringComparer.Ordinal));
        var used = read.Invoices.Aggregate(Money.Zero("USD"), (sum, invoice) => sum + invoice.Total - invoice.AmountDue);
        Assert.Equal(Money.Of(Operations / 3, "USD"), (read.Customer.CreditBalance ?? Money.Zero("USD")) + used);
    }

    /// <summary>B-1: an answer that was lost after the work was done is not a second charge, nor a second subscription.</summary>
    [Fact]
    public async Task An_answer_that_is_lost_is_not_a_second_subscription()
    {
        await using var server = await StripeServer.StripeServer.StartAsync(new() { StartAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) }, Token);
        var provider = Provider(server);
        await provider.SyncCatalogAsync(Given.Catalog, Token);
        await provider.EnsureCustomerAsync(new EnsureCustomerRequest("acme", new CustomerDetails()), "ensure", Token);
        await provider.AddPaymentMethodAsync(new AddPaymentMethodRequest("acme", TestPaymentMethods.Visa, MakeDefault: true), "card", Token);
        server.Faults.Add(new StripeFaultRule(StripeFaultKind.ResetAfterWork, Matches: static (method, path) => method == "POST" && path == "/v1/subscriptions"), times: 2);

        var made = await provider.CreateSubscriptionAsync(
            new CreateSubscriptionRequest { CustomerId = "acme", Name = "default", PlanKey = ConformanceCatalog.Pro, Items = [new("pro/usd/month", 1)], Interval = BillingInterval.Monthly },
            "subscribe",
            Token);

        Assert.Equal(made.Id, Assert.Single(made.Snapshot.Subscriptions).Id);
        Assert.Equal(Money.Of(29, "USD"), Assert.Single(made.Snapshot.Invoices).AmountPaid);
    }

    [Fact]
    public async Task An_outage_is_said_and_changes_nothing()
    {
        await using var server = await StripeServer.StripeServer.StartAsync(new() { StartAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) }, Token);
        var provider = Provider(server);
        await provider.EnsureCustomerAsync(new EnsureCustomerRequest("acme", new CustomerDetails()), "ensure", Token);
        server.Faults.Add(new StripeFaultRule(StripeFaultKind.ServerError, Matches: static (method, _) => method == "POST"), times: 5);

        var fault = await Assert.ThrowsAsync<StripeException>(() => provider.AddCreditAsync("acme", Money.Of(1, "USD"), "sorry", "credit", Token));
        Assert.Equal(BillingErrorCode.ProviderUnavailable, fault.Code);
        Assert.Null((await provider.ReadCustomerAsync("acme", null, Token))!.Customer.CreditBalance);
        await provider.AddCreditAsync("acme", Money.Of(1, "USD"), "sorry", "credit", Token);

        Assert.Equal(Money.Of(1, "USD"), (await provider.ReadCustomerAsync("acme", null, Token))!.Customer.CreditBalance);
    }

    [Fact]
    public async Task A_key_that_was_revoked_and_a_permission_that_is_missing_are_named()
    {
        await using var server = await StripeServer.StripeServer.StartAsync(new() { StartAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) }, Token);
        server.AddKey("rk_test_reader", new HashSet<string> { "customers_read" });
        server.AddKey("sk_test_old");
        server.RevokeKey("sk_test_old");

        var revoked = await Assert.ThrowsAsync<StripeException>(() => Provider(server, "sk_test_old").ReadCustomerAsync("acme", null, Token));
        var missing = await Assert.ThrowsAsync<StripeException>(() => Provider(server, "rk_test_reader").EnsureCustomerAsync(new EnsureCustomerRequest("acme", new CustomerDetails()), "ensure", Token));

        Assert.StartsWith("Stripe does not know the key: it is mistyped, expired or revoked.", revoked.Message, StringComparison.Ordinal);
        Assert.Matches("^The restricted key lacks the permission 'rak_customers?_write', which POST /v1/customers needs\\.", missing.Message);
        Assert.DoesNotContain("sk_test_old", revoked.ToString(), StringComparison.Ordinal);
    }

    private static AddChargeRequest Charge(int number) => new() { CustomerId = "acme", Amount = Money.Of(10, "USD"), Description = $"charge {number:D3}" };

    private static IEnumerable<string> Numbers(int rest) => Enumerable.Range(1, Operations).Where(number => number % 3 == rest).Select(number => $"charge {number:D3}");

    private static StripeProvider Provider(StripeServer.StripeServer server, string? key = null)
    {
        var options = new StripeBillingOptions { ApiKey = key ?? server.ApiKey, WebhookSecrets = [server.WebhookSecret], ApiBase = server.BaseAddress, MaxRetries = 4 };
        return StripeProvider.Create(new HttpStripeTransport(options), options, Given.Catalog, new SkippingTime(server.Time.GetUtcNow()), NullLoggerFactory.Instance);
    }
}
