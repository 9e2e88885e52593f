using SaasBilling.Conformance.Providers;
using SaasBilling.Providers;
using SaasBilling.Stripe.Commands;
using SaasBilling.Stripe.Tests.Http;
using SaasBilling.Stripe.Tests.Provider;

namespace SaasBilling.Stripe.Tests.Commands;

public sealed class CommandTests
{
    private static readonly SubscriptionRef Sub = new("acme", "sub_1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscribe_WithACard_ChargesItAtOnceAndSaysWhoseItIs()
    {
        var given = new Given();

        await given.Provider.CreateSubscriptionAsync(Request("pro", "pro/usd/month"), "key-1", Token);

        var sent = Sent(given, "POST", "/v1/subscriptions");
        Assert.Equal(("cus_1", "flexible", "price_pro_usd_month", "1"), (sent["customer"], sent["billing_mode[type]"], sent["items[0][price]"], sent["items[0][quantity]"]));
        Assert.Equal(("allow_incomplete", "acme", "default", "pro"), (sent["payment_behavior"], sent["metadata[saasbilling_customer]"], sent["metadata[saasbilling_name]"], sent["metadata[saasbilling_plan]"]));
        Assert.Equal("key-1", sent.IdempotencyKey);
    }

    [Fact]
    public async Task Subscribe_WithoutACard_WaitsForOne()
    {
        var given = new Given().On("GET /v1/customers/cus_1", Shapes.Customer.Replace("\"pm_1\"", "null", StringComparison.Ordinal));

        await given.Provider.CreateSubscriptionAsync(Request("pro", "pro/usd/month"), "key-1", Token);

        var sent = Sent(given, "POST", "/v1/subscriptions");
        Assert.Equal(("default_incomplete", "on_subscription"), (sent["payment_behavior"], sent["payment_settings[save_default_payment_method]"]));
    }

    [Fact]
    public async Task Subscribe_ToAFreePlan_HasTheZeroPriceInTheCustomersCurrency()
    {
        var given = new Given();

        await given.Provider.CreateSubscriptionAsync(Request("free"), "key-1", Token);

        Assert.Equal("price_free_free_usd", Sent(given, "POST", "/v1/subscriptions")["items[0][price]"]);
    }

    [Fact]
    public async Task Subscribe_RepeatedAfterWhatItIsMadeOfChanged_FindsTheFirst()
    {
        var given = new Given()
            .Refuse("POST /v1/subscriptions", 400, """{"type":"idempotency_error"}""")
            .On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription(), Shapes.Subscription(id: "sub_7", metadata: "\"saasbilling_key\":\"key-1\"")));

        Assert.Equal("sub_7", (await given.Provider.CreateSubscriptionAsync(Request("pro", "pro/usd/month"), "key-1", Token)).Id);
    }

    [Fact]
    public async Task Subscribe_ToAPriceThatStripeDoesNotHave_SaysToSync()
    {
        var refusal = await Assert.ThrowsAsync<BillingException>(() => new Given().On("GET /v1/prices", Shapes.List()).Provider.CreateSubscriptionAsync(Request("pro", "pro/usd/month"), "k", Token));

        Assert.Equal(
            (BillingErrorCode.UnknownPrice, "Stripe has no price 'pro/usd/month' (lookup key 'saasbilling:pro/usd/month') in this account and mode. Run IBilling.SyncCatalogAsync, so that Stripe knows the plans."),
            (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task Change_PinsTheInstantAndKeepsTheItem()
    {
        var given = new Given();

        await given.Provider.ChangeSubscriptionAsync(Change(given, "solo", Proration.AlwaysInvoice, "solo/usd/month"), "k", Token);

        var sent = Sent(given, "POST", "/v1/subscriptions/sub_1");
        Assert.Equal(("si_1", "price_solo_usd_month", "1"), (sent["items[0][id]"], sent["items[0][price]"], sent["items[0][quantity]"]));
        Assert.Equal(("always_invoice", $"{given.Now.ToUnixTimeSeconds()}", null, "solo"), (sent["proration_behavior"], sent["proration_date"], sent["billing_cycle_anchor"], sent["metadata[saasbilling_plan]"]));
    }

    [Theory]
    [InlineData("active", "void")]
    [InlineData("active", "uncollectible")]
    [InlineData("trialing", "paid")]
    public async Task Change_WhereTheTimeWasNotPaidFor_CreditsNothing(string status, string invoice)
    {
        var given = new Given().On("GET /v1/subscriptions/sub_1", Shapes.Subscription(status).Replace("\"status\":\"paid\"", $"\"status\":\"{invoice}\"", StringComparison.Ordinal));

        await given.Provider.ChangeSubscriptionAsync(Change(given, "solo", Proration.AlwaysInvoice, "solo/usd/month"), "k", Token);

        var sent = Sent(given, "POST", "/v1/subscriptions/sub_1");
        Assert.Equal(("none", null), (sent["proration_behavior"], sent["proration_date"]));
    }

    [Fact]
    public async Task Change_ToAFreePlan_CreditsAtOnce()
    {
        var given = new Given();

        await given.Provider.ChangeSubscriptionAsync(Change(given, "free", Proration.CreateProrations), "k", Token);

        var sent = Sent(given, "POST", "/v1/subscriptions/sub_1");
        Assert.Equal(("si_1", "price_free_free_usd", "always_invoice"), (sent["items[0][id]"], sent["items[0][price]"], sent["proration_behavior"]));
    }

    [Fact]
    public async Task Change_OfTheInterval_StartsAPeriodNow()
    {
        var given = new Given();

        await given.Provider.ChangeSubscriptionAsync(Change(given, "pro", Proration.CreateProrations, "pro/usd/year") with { ResetAnchor = true, Interval = BillingInterval.Yearly }, "k", Token);

        Assert.Equal("now", Sent(given, "POST", "/v1/subscriptions/sub_1")["billing_cycle_anchor"]);
    }

    [Fact]
    public async Task Change_OfWhatHasEnded_IsRefused()
    {
        var given = new Given().On("GET /v1/subscriptions/sub_1", Shapes.Subscription("canceled"));

        var refusal = await Assert.ThrowsAsync<BillingException>(() => given.Provider.ChangeSubscriptionAsync(Change(given, "solo", Proration.None, "solo/usd/month"), "k", Token));

        Assert.Equal((BillingErrorCode.InvalidState, "Subscription 'sub_1' is Canceled. What has ended is not changed any more; subscribe again."), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task Change_AtThePeriodsEnd_IsAPhaseOfASchedule()
    {
        var given = new Given();
        var change = Change(given, "solo", Proration.None, "solo/usd/month");

        await given.Provider.ChangeSubscriptionAsync(change with { Change = new SubscriptionChange { PlanKey = "solo", Timing = ChangeTiming.AtPeriodEnd } }, "k", Token);

        Assert.Equal("sub_1", Sent(given, "POST", "/v1/subscription_schedules")["from_subscription"]);
        var sent = Sent(given, "POST", "/v1/subscription_schedules/sub_sched_1");
        Assert.Equal(("release", "none", "plan=solo;proration=CreateProrations"), (sent["end_behavior"], sent["proration_behavior"], sent["metadata[saasbilling_change]"]));
        Assert.Equal(($"{Shapes.Start}", $"{Shapes.End}", "price_pro"), (sent["phases[0][start_date]"], sent["phases[0][end_date]"], sent["phases[0][items][0][price]"]));
        Assert.Equal(("price_solo_usd_month", "month", "solo"), (sent["phases[1][items][0][price]"], sent["phases[1][duration][interval]"], sent["phases[1][metadata][saasbilling_plan]"]));
    }

    [Fact]
    public async Task Cancel_NowAndProrated_MovesTheCreditToTheBalance()
    {
        var given = new Given().On("GET /v1/invoiceitems", Shapes.List(
            """{"id":"ii_9","object":"invoiceitem","amount":-1965,"currency":"usd","proration":true,"description":"Unused time","period":{"start":1,"end":2},"parent":{"subscription_details":{"subscription":"sub_1"} } }""",
            """{"id":"ii_8","object":"invoiceitem","amount":400,"currency":"usd","proration":false,"description":"Onboarding","period":{"start":1,"end":2} }"""));

        await given.Provider.CancelSubscriptionAsync(Sub, new CancelOptions { Timing = CancelTiming.Immediately, Prorate = true }, "k", Token);

        Assert.Equal(("true", "false"), (Sent(given, "DELETE", "/v1/subscriptions/sub_1")["prorate"], Sent(given, "DELETE", "/v1/subscriptions/sub_1")["invoice_now"]));
        Assert.Equal(("-1965", "k:ii_9"), (Sent(given, "POST", "/v1/customers/cus_1/balance_transactions")["amount"], Sent(given, "POST", "/v1/customers/cus_1/balance_transactions").IdempotencyKey));
        Assert.Equal(["/v1/invoiceitems/ii_9"], given.Stripe.Seen.Where(seen => seen.Method == "DELETE" && seen.Path.Contains("invoiceitems", StringComparison.Ordinal)).Select(seen => seen.Path));
    }

    [Fact]
    public async Task Cancel_RepeatedUnderItsKey_IsDone_AndUnderAnotherIsRefused()
    {
        var given = new Given().On("GET /v1/subscriptions/sub_1", Shapes.Subscription("canceled", metadata: "\"saasbilling_ended_by\":\"k\""));
        var now = new CancelOptions { Timing = CancelTiming.Immediately };

        Assert.Equal("sub_1", (await given.Provider.CancelSubscriptionAsync(Sub, now, "k", Token)).Id);
        Assert.Empty(given.Posts);
        Assert.Equal(BillingErrorCode.InvalidState, (await Assert.ThrowsAsync<BillingException>(() => given.Provider.CancelSubscriptionAsync(Sub, now, "other", Token))).Code);
    }

    [Fact]
    public async Task Cancel_AtADate_KeepsWhetherItProrates()
    {
        var given = new Given();

        await given.Provider.CancelSubscriptionAsync(Sub, new CancelOptions { At = given.Now.AddDays(3), Prorate = true, Reason = "dear" }, "k", Token);

        var sent = Sent(given, "POST", "/v1/subscriptions/sub_1");
        Assert.Equal(($"{given.Now.AddDays(3).ToUnixTimeSeconds()}", "create_prorations", "true", "dear"), (sent["cancel_at"], sent["proration_behavior"], sent["metadata[saasbilling_cancel_prorates]"], sent["cancellation_details[comment]"]));
    }

    [Fact]
    public async Task ChargeNow_Declined_IsAStateAndIsTriedAgainByStripe()
    {
        var given = new Given()
            .On("POST /v1/invoices/in_1/finalize", """{"id":"in_1","status":"open"}""")
            .Refuse("POST /v1/invoices/in_1/pay", 402, """{"type":"card_error","code":"card_declined"}""");

        var result = await given.Provider.ChargeNowAsync(new AddChargeRequest { CustomerId = "acme", Amount = Money.Of(30, "USD"), Description = "Training" }, "k", Token);

        Assert.Equal("in_1", result.Id);
        Assert.Equal(
            ["/v1/invoices k:invoice", "/v1/invoiceitems k:item", "/v1/invoices/in_1/finalize k:finalize", "/v1/invoices/in_1 k:advance", "/v1/invoices/in_1/pay k:pay"],
            given.Posts.Select(seen => $"{seen.Path} {seen.IdempotencyKey}"));
        Assert.Equal("exclude", Sent(given, "POST", "/v1/invoices")["pending_invoice_items_behavior"]);
    }

    [Fact]
    public async Task Charge_InAnotherCurrency_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<BillingException>(() => new Given().Provider.AddChargeAsync(new AddChargeRequest { CustomerId = "acme", Amount = Money.Of(5, "EUR"), Description = "x" }, "k", Token));

        Assert.Equal((BillingErrorCode.CurrencyMismatch, "Customer 'acme' is billed in USD, so that 5.00 EUR cannot be charged. Use an amount in USD."), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task Usage_OfTwoCustomersUnderOneKey_IsTwo()
    {
        var given = new Given();
        var usage = new UsageRequest("acme", "calls", 0.1m, given.Now, "import-1");

        await given.Provider.RecordUsageAsync(usage, Token);

        var sent = Sent(given, "POST", "/v1/billing/meter_events");
        Assert.Equal(("calls", "cus_1:import-1", "cus_1", "0.1"), (sent["event_name"], sent["identifier"], sent["payload[stripe_customer_id]"], sent["payload[value]"]));
        Assert.NotEqual(InvoiceForms.IdentifierOf(usage, "cus_1"), InvoiceForms.IdentifierOf(usage, "cus_2"));
        Assert.Equal(64, InvoiceForms.IdentifierOf(usage with { Key = new string('k', 150) }, "cus_1").Length);
    }

    [Fact]
    public async Task Usage_ThatStripeHasAlready_CountsOnce() => Assert.Equal("acme", (await new Given()
        .Refuse("POST /v1/billing/meter_events", 400, """{"type":"invalid_request_error","message":"An event already exists with identifier x"}""")
        .Provider.RecordUsageAsync(new UsageRequest("acme", "calls", 1, DateTimeOffset.UnixEpoch, "x"), Token)).Snapshot.Customer.Id);

    [Fact]
    public async Task AddPaymentMethod_AsDefault_TakesThePlaceOfASubscriptionsOwn()
    {
        var given = new Given().On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription(more: ",\"default_payment_method\":\"pm_0\"")));

        await given.Provider.AddPaymentMethodAsync(new AddPaymentMethodRequest("acme", "pm_card_visa", MakeDefault: true), "k", Token);

        Assert.Equal("pm_1", Sent(given, "POST", "/v1/customers/cus_1")["invoice_settings[default_payment_method]"]);
        Assert.Equal("", Sent(given, "POST", "/v1/subscriptions/sub_1")["default_payment_method"]);
    }

    [Fact]
    public async Task AddPaymentMethod_OfASetupIntent_IsNotAttachedTwice()
    {
        var given = new Given().On("GET /v1/setup_intents/seti_1", """{"id":"seti_1","object":"setup_intent","payment_method":"pm_1"}""");

        var result = await given.Provider.AddPaymentMethodAsync(new AddPaymentMethodRequest("acme", "seti_1_secret_x", MakeDefault: false), "k", Token);

        Assert.Equal("pm_1", result.Id);
        Assert.Empty(given.Posts);
    }

    /// <summary>B-4: two customers of the provider for one of ours.</summary>
    [Fact]
    public async Task EnsureCustomer_MadeTwiceAtOnce_IsOne()
    {
        var given = new Given().On("GET /v1/customers/search", Shapes.List());

        await given.Provider.EnsureCustomerAsync(new EnsureCustomerRequest("acme", new CustomerDetails { Email = "a@b.example" }), "k", Token);

        var made = Sent(given, "POST", "/v1/customers");
        Assert.Equal("POST /v1/customers metadata[saasbilling_customer]=acme", made.ToString());
        Assert.Equal("saasbilling:customer:acme", made.IdempotencyKey);
        Assert.Equal("a@b.example", Sent(given, "POST", "/v1/customers/cus_1")["email"]);
    }

    [Fact]
    public async Task Checkout_ExpiresTheOlderOneOfTheSameName()
    {
        var given = new Given();

        var session = await given.Provider.CreateCheckoutAsync(
            Request("pro", "pro/usd/month"), new CheckoutOptions { SuccessUrl = new Uri("https://app.example/paid"), CancelUrl = new Uri("https://app.example/plans") }, "k", Token);

        Assert.Equal(("cs_2", "https://checkout.stripe.com/c/2"), (session.Id, session.Url.OriginalString));
        Assert.Equal(["/v1/checkout/sessions/cs_1/expire"], given.Posts.Where(seen => seen.Path.EndsWith("/expire", StringComparison.Ordinal)).Select(seen => seen.Path));
    }

    private static SeenRequest Sent(Given given, string method, string path) => Assert.Single(given.Stripe.Seen, seen => seen.Method == method && seen.Path == path);

    private static CreateSubscriptionRequest Request(string plan, params IEnumerable<string> prices) => new()
    {
        CustomerId = "acme",
        Name = "default",
        PlanKey = plan,
        Items = [.. prices.Select(key => new PriceQuantity(key, 1))],
        Interval = BillingInterval.Monthly,
    };

    private static ChangeSubscriptionRequest Change(Given given, string plan, Proration proration, params IEnumerable<string> prices) => new()
    {
        Subscription = Sub,
        Change = new SubscriptionChange { PlanKey = plan, Proration = proration },
        PlanKey = plan,
        Items = [.. prices.Select(key => new PriceQuantity(key, 1))],
        Interval = BillingInterval.Monthly,
        ProrationDate = given.Now,
    };
}
