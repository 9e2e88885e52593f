using SaasBilling.Conformance.Providers;
using SaasBilling.Providers;
using SaasBilling.Stripe.Tests.Commands;

namespace SaasBilling.Stripe.Tests.Provider;

/// <summary>Every request that any member of the provider sends has only parameters that Stripe accepts.</summary>
public sealed class SentParametersTests
{
    private static readonly SubscriptionRef Sub = new("acme", "sub_1");

    private static readonly CheckoutOptions Pages = new() { SuccessUrl = new Uri("https://app.example/paid"), CancelUrl = new Uri("https://app.example/plans") };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Calls => [.. All.Keys];

    private static Dictionary<string, Func<Given, Task>> All { get; } = new()
    {
        ["read"] = given => given.Provider.ReadCustomerAsync("acme", null, Token),
        ["list customers"] = given => given.Provider.ListCustomersAsync(Token).ToListAsync(Token).AsTask(),
        ["ensure"] = given => given.Provider.EnsureCustomerAsync(new("acme", new CustomerDetails { Email = "a@b.example", Name = "A", Locale = "en", TimeZone = "UTC", Metadata = new Dictionary<string, string> { ["x"] = "y" } }), "k", Token),
        ["ensure a new one"] = given => given.On("GET /v1/customers/search", Shapes.List()).Provider.EnsureCustomerAsync(new("acme", new CustomerDetails()), "k", Token),
        ["delete"] = given => given.Provider.DeleteCustomerAsync("acme", "k", Token),
        ["add card"] = given => given.Provider.AddPaymentMethodAsync(new("acme", "pm_card_visa", true), "k", Token),
        ["remove card"] = given => given.Provider.RemovePaymentMethodAsync("acme", "pm_1", "k", Token),
        ["subscribe"] = given => given.Provider.CreateSubscriptionAsync(Request(ConformanceCatalog.Team, ("team/usd/month", 1), ("team/seat/usd/month", 3)), "k", Token),
        ["subscribe with all terms"] = given => given.Provider.CreateSubscriptionAsync(
            Request(ConformanceCatalog.Metered, ("metered/usd/month", 1), ("metered/calls/usd/month", 0)) with
            {
                TrialEnd = given.Now.AddDays(14),
                WhenNoPaymentMethod = TrialEndBehavior.Pause,
                BillingCycleAnchor = given.Now.AddDays(20),
                Proration = Proration.None,
                Coupons = [ConformanceCatalog.FiveForever, ConformanceCatalog.HalfOnce],
                Replaces = "sub_1",
            },
            "k",
            Token),
        ["subscribe with invoices that are sent"] = given => given.Provider.CreateSubscriptionAsync(Request(ConformanceCatalog.Pro, ("pro/usd/month", 1)) with { InvoiceDueInDays = 14 }, "k", Token),
        ["subscribe to a free plan"] = given => given.Provider.CreateSubscriptionAsync(Request(ConformanceCatalog.Free), "k", Token),
        ["change"] = given => given.Provider.ChangeSubscriptionAsync(Change(given, ConformanceCatalog.Team, Proration.AlwaysInvoice, ("team/usd/month", 1), ("team/seat/usd/month", 3)) with { ResetAnchor = true, WhenNoPaymentMethod = TrialEndBehavior.Cancel }, "k", Token),
        ["change to free"] = given => given.Provider.ChangeSubscriptionAsync(Change(given, ConformanceCatalog.Free, Proration.CreateProrations), "k", Token),
        ["change at the period's end"] = given => given.Provider.ChangeSubscriptionAsync(AtEnd(given), "k", Token),
        ["change with a waiting change"] = given => given.Provider.ChangeSubscriptionAsync(Change(given, ConformanceCatalog.Pro, Proration.None, ("pro/usd/month", 1), ("support/usd/month", 1)) with { AtPeriodEnd = AtEnd(given) }, "k", Token),
        ["drop"] = given => given.On("GET /v1/subscriptions/sub_1", Shapes.Subscription(more: $",\"schedule\":{Given.Schedule("")}")).Provider.DropScheduledChangeAsync(Sub, "k", Token),
        ["end trial"] = given => given.Provider.SetTrialEndAsync(Sub, null, "k", Token),
        ["move trial"] = given => given.Provider.SetTrialEndAsync(Sub, given.Now.AddDays(3), "k", Token),
        ["pause"] = given => given.Provider.PauseSubscriptionAsync(Sub, new PauseOptions { ResumesAt = given.Now.AddDays(3) }, "k", Token),
        ["resume a pause and a scheduled end"] = given => given.On("GET /v1/subscriptions/sub_1", Shapes.Subscription(more: ",\"pause_collection\":{\"behavior\":\"void\"},\"cancel_at_period_end\":true,\"cancel_at\":1788220800")).Provider.ResumeSubscriptionAsync(Sub, "k", Token),
        ["resume after a trial"] = given => given.On("GET /v1/subscriptions/sub_1", Shapes.Subscription("paused")).Provider.ResumeSubscriptionAsync(Sub, "k", Token),
        ["cancel at the period's end"] = given => given.Provider.CancelSubscriptionAsync(Sub, new CancelOptions { Reason = "dear" }, "k", Token),
        ["cancel at a date"] = given => given.Provider.CancelSubscriptionAsync(Sub, new CancelOptions { At = given.Now.AddDays(3), Prorate = true }, "k", Token),
        ["cancel now"] = given => given.Provider.CancelSubscriptionAsync(Sub, new CancelOptions { Timing = CancelTiming.Immediately, Prorate = true, Reason = "dear" }, "k", Token),
        ["cancel now with what is pending"] = given => given
            .On("GET /v1/invoiceitems", Shapes.List("""{"id":"ii_9","object":"invoiceitem","amount":-1965,"currency":"usd","proration":true,"description":"Unused time","period":{"start":1,"end":2},"parent":{"subscription_details":{"subscription":"sub_1"} } }"""))
            .Provider.CancelSubscriptionAsync(Sub, new CancelOptions { Timing = CancelTiming.Immediately, Prorate = true }, "k", Token),
        ["apply coupon"] = given => given.Provider.ApplyCouponAsync(Sub, ConformanceCatalog.FiveForever, "k", Token),
        ["remove coupon"] = given => given.Provider.RemoveCouponAsync(Sub, ConformanceCatalog.FiveForever, "k", Token),
        ["add charge"] = given => given.Provider.AddChargeAsync(Charge, "k", Token),
        ["charge now"] = given => given.On("POST /v1/invoices/in_1/finalize", """{"id":"in_1","status":"open"}""").Provider.ChargeNowAsync(Charge, "k", Token),
        ["credit"] = given => given.Provider.AddCreditAsync("acme", Money.Of(5, "USD"), "sorry", "k", Token),
        ["refund"] = given => given.Provider.RefundAsync("acme", "in_1", Money.Of(5, "USD"), "k", Token),
        ["finalize"] = given => given.Provider.ActOnInvoiceAsync("acme", "in_1", InvoiceAction.Finalize, "k", Token),
        ["pay"] = given => given.Provider.ActOnInvoiceAsync("acme", "in_1", InvoiceAction.Pay, "k", Token),
        ["pay out of band"] = given => given.Provider.ActOnInvoiceAsync("acme", "in_1", InvoiceAction.PayOutOfBand, "k", Token),
        ["void"] = given => given.Provider.ActOnInvoiceAsync("acme", "in_1", InvoiceAction.Void, "k", Token),
        ["write off"] = given => given.Provider.ActOnInvoiceAsync("acme", "in_1", InvoiceAction.MarkUncollectible, "k", Token),
        ["usage"] = given => given.Provider.RecordUsageAsync(new("acme", ConformanceCatalog.Calls, 1.5m, given.Now, "key"), Token),
        ["preview"] = given => given.Provider.PreviewAsync(Sub, null, Token),
        ["preview a change"] = given => given.Provider.PreviewAsync(Sub, Change(given, ConformanceCatalog.Solo, Proration.AlwaysInvoice, ("solo/usd/month", 1)) with { ResetAnchor = true }, Token),
        ["checkout"] = given => given.Provider.CreateCheckoutAsync(Request(ConformanceCatalog.Pro, ("pro/usd/month", 1)) with { TrialEnd = given.Now.AddDays(14), Coupons = [ConformanceCatalog.HalfOnce] }, Pages, "k", Token),
        ["read checkout"] = given => given.On("GET /v1/checkout/sessions/cs_2", """{"id":"cs_2","customer":"cus_1","subscription":"sub_1"}""").Provider.ReadCheckoutAsync("acme", "cs_2", Token),
        ["portal"] = given => given.Provider.CreatePortalUrlAsync("acme", new Uri("https://app.example"), Token),
        ["sync"] = given => Empty(given).Provider.SyncCatalogAsync(Given.Catalog, Token),
        ["sync over what is there"] = given => Empty(given)
            .On("GET /v1/prices", Shapes.List(Shapes.Price("price_1", "pro/usd/month"), Shapes.Price("price_2", "gone/usd/month")))
            .Provider.SyncCatalogAsync(Given.Catalog, Token),
        ["preview a sync"] = given => Empty(given)
            .On("GET /v1/prices", Shapes.List(Shapes.Price("price_2", "gone/usd/month")))
            .Provider.PreviewCatalogSyncAsync(Given.Catalog, Token),
        ["adopt"] = given => given
            .On("GET /v1/customers/search", Shapes.List())
            .On("GET /v1/customers/cus_1", """{"id":"cus_1","object":"customer","created":1,"metadata":{} }""")
            .On("GET /v1/subscriptions/sub_1", Shapes.Subscription(metadata: ""))
            .Provider.AdoptAsync(new("acme", "cus_1", new("sub_1", "side")), "k", Token),
        ["changes"] = given => given
            .On("GET /v1/events", Shapes.List("""{"id":"evt_1","type":"refund.failed","data":{"object":{"id":"re_1"} } }"""))
            .Provider.ReadChangesAsync(SaasBilling.Stripe.Reconciliation.EventCursor.Write(given.Now), Token),
        ["dispute"] = given => given.On("GET /v1/disputes/dp_1", """{"id":"dp_1","charge":{"id":"ch_1","customer":"cus_1"}}""").Provider.FindCustomersAsync(
            new Storage.InboxMessage { Provider = "stripe", EventId = "evt_1", IsLive = false, Type = "charge.dispute.created", ObjectId = "dp_1", Subject = "dp_1", ReceivedAt = given.Now }, Token),
    };

    private static AddChargeRequest Charge => new() { CustomerId = "acme", SubscriptionId = "sub_1", Amount = Money.Of(12.34m, "USD"), Description = "Import" };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Every_parameter_is_one_that_Stripe_accepts(string call)
    {
        var given = new Given();
        given.Options.AutomaticTax = true;

        await All[call](given);

        var accepted = AcceptedParameters.Load();
        Assert.NotEmpty(given.Stripe.Seen);
        Assert.Equal([], given.Stripe.Seen.SelectMany(accepted.FaultsOf));
        Assert.All(given.Stripe.Seen.Where(seen => seen.Method == "POST"), seen => Assert.False(string.IsNullOrEmpty(seen.IdempotencyKey), $"{seen} has no idempotency key."));
    }

    [Theory]
    [InlineData("GET", "/v1/invoices", "customers", "GET /v1/invoices does not take 'customers'.")]
    [InlineData("POST", "/v1/subscriptions", "items[0][prise]", "POST /v1/subscriptions does not take 'items[0][prise]'.")]
    [InlineData("POST", "/v1/subscriptions", "items[price]", "POST /v1/subscriptions does not take 'items[price]'.")]
    [InlineData("POST", "/v1/customers", "metadata[a][b]", "POST /v1/customers does not take 'metadata[a][b]'.")]
    [InlineData("POST", "/v1/customer", "name", "POST /v1/customer is no endpoint.")]
    public void A_parameter_that_Stripe_does_not_know_is_found(string method, string path, string key, string expected) => Assert.Equal(
        [expected],
        AcceptedParameters.Load().FaultsOf(new(method, path, [new(key, "1")], new Dictionary<string, string>())));

    private static Given Empty(Given given)
    {
        foreach (var owner in Given.Catalog.Plans.Select(plan => plan.Key).Concat(Given.Catalog.AddOns.Select(addOn => addOn.Key)))
            given.Refuse($"GET /v1/products/saasbilling-{owner}", 404, """{"type":"invalid_request_error","code":"resource_missing"}""");
        foreach (var coupon in Given.Catalog.Coupons)
            given.Refuse($"GET /v1/coupons/saasbilling-{coupon.Key}", 404, """{"type":"invalid_request_error","code":"resource_missing"}""");
        return given;
    }

    private static CreateSubscriptionRequest Request(string plan, params IEnumerable<(string Key, long Quantity)> items) => new()
    {
        CustomerId = "acme",
        Name = "default",
        PlanKey = plan,
        Items = [.. items.Select(item => new PriceQuantity(item.Key, item.Quantity))],
        Interval = BillingInterval.Monthly,
    };

    private static ChangeSubscriptionRequest Change(Given given, string plan, Proration proration, params IEnumerable<(string Key, long Quantity)> items) => new()
    {
        Subscription = Sub,
        Change = new SubscriptionChange { PlanKey = plan, Proration = proration },
        PlanKey = plan,
        Items = [.. items.Select(item => new PriceQuantity(item.Key, item.Quantity))],
        Interval = BillingInterval.Monthly,
        ProrationDate = given.Now,
    };

    private static ChangeSubscriptionRequest AtEnd(Given given) => Change(given, ConformanceCatalog.Solo, Proration.None, ("solo/usd/month", 1)) with
    {
        Change = new SubscriptionChange { PlanKey = ConformanceCatalog.Solo, Timing = ChangeTiming.AtPeriodEnd },
    };
}
