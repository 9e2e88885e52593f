using SaasBilling.Conformance.Providers;
using SaasBilling.Providers;
using SaasBilling.Stripe.Reading;
using SaasBilling.Stripe.Tests.Provider;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Tests.Reading;

public sealed class SnapshotTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(Shapes.Start);

    [Fact]
    public async Task A_customer_is_told_with_details_and_credit()
    {
        var read = await ReadAsync(new Given());

        Assert.Equal(("acme", "billing@acme.example", "Acme"), (read.Customer.Id, read.Customer.Email, read.Customer.Name));
        Assert.Equal(("Europe/Vienna", "de-AT", Start), (read.Customer.TimeZone, read.Customer.Locale, read.Customer.CreatedAt));
        Assert.Equal(Money.Of(15, "USD"), read.Customer.CreditBalance);
        Assert.Equal([new KeyValuePair<string, string>("tenant", "7")], read.Customer.Metadata!);
        Assert.Equal([new PaymentMethod("pm_1", "visa", "4242", 8, 2030, IsDefault: true)], read.PaymentMethods);
    }

    [Fact]
    public async Task A_subscription_and_its_invoice_are_told_in_our_keys()
    {
        var read = await ReadAsync(new Given());

        var subscription = Assert.Single(read.Subscriptions);
        Assert.Equal(("sub_1", "acme", "default", ConformanceCatalog.Pro, SubscriptionStatus.Active), (subscription.Id, subscription.CustomerId, subscription.Name, subscription.PlanKey, subscription.Status));
        Assert.Equal([new SubscriptionItem("si_1", "pro/usd/month", 1)], subscription.Items);
        Assert.Equal((new BillingPeriod(Start, Start.AddMonths(1)), Start, Currency.Of("USD")), (subscription.CurrentPeriod, subscription.BillingCycleAnchor, subscription.Currency));
        var invoice = Assert.Single(read.Invoices);
        Assert.Equal(("in_1", "sub_1", InvoiceStatus.Paid, Money.Of(29, "USD"), Start.AddSeconds(1)), (invoice.Id, invoice.SubscriptionId, invoice.Status, invoice.AmountPaid, invoice.PaidAt));
        Assert.Equal(("pro/usd/month", null), (invoice.Lines[0].PriceKey, invoice.HostedUrl));
    }

    [Fact]
    public async Task Attempts_that_failed_and_what_was_returned_are_found_on_the_charges()
    {
        var given = new Given().On("GET /v1/charges", Shapes.List(
            Shapes.Charge("ch_2", failed: false, more: ",\"disputed\":true,\"amount_refunded\":900"),
            Shapes.Charge("ch_1", failed: true, reason: "insufficient_funds")))
            .On("GET /v1/refunds", Shapes.List(
                """{"id":"re_1","amount":900,"currency":"usd","created":1785632400,"status":"succeeded"}""",
                """{"id":"re_2","amount":5,"currency":"usd","created":1785632400,"status":"failed"}"""))
            .On("GET /v1/disputes", Shapes.List("{\"id\":\"dp_1\",\"created\":1785718800}"));

        var invoice = Assert.Single((await ReadAsync(given)).Invoices);

        Assert.Equal([new PaymentFailure("ch_1", DateTimeOffset.FromUnixTimeSeconds(1785546000), "insufficient_funds", RequiresAction: false)], invoice.Failures);
        Assert.Equal([new Refund("re_1", "in_1", Money.Of(9, "USD"), DateTimeOffset.FromUnixTimeSeconds(1785632400))], invoice.Refunds);
        Assert.Equal(("insufficient_funds", DateTimeOffset.FromUnixTimeSeconds(1785718800)), (invoice.LastDeclineCode, invoice.DisputedAt));
    }

    [Fact]
    public async Task A_payment_that_waits_for_the_customer_is_told_with_what_a_page_needs()
    {
        var given = PastDue().On("GET /v1/payment_intents/pi_1", """{"id":"pi_1","status":"requires_action","client_secret":"pi_1_secret"}""");

        var read = await ReadAsync(given);

        var failure = Assert.Single(Assert.Single(read.Invoices).Failures);
        Assert.Equal(("pi_1:action", true, null), (failure.Id, failure.RequiresAction, failure.DeclineCode));
        var pending = Assert.Single(read.Subscriptions).PendingPayment;
        Assert.Equal(new PendingPayment("in_1", Money.Of(11.80m, "USD"), RequiresAction: true, null, new Uri("https://invoice.stripe.com/i/1"), "pi_1_secret"), pending);
        Assert.Equal(failure.At, read.Subscriptions[0].PastDueSince);
    }

    [Fact]
    public async Task An_invoice_that_had_nothing_to_be_charged_to_says_so()
    {
        var failure = Assert.Single(Assert.Single((await ReadAsync(PastDue())).Invoices).Failures);

        Assert.Equal(("in_1:no_payment_method", "no_payment_method"), (failure.Id, failure.DeclineCode));
    }

    [Fact]
    public async Task A_pause_of_collection_is_a_status_of_ours()
    {
        var given = new Given().On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription(more: ",\"pause_collection\":{\"behavior\":\"keep_as_draft\",\"resumes_at\":1788220800}")));

        var subscription = Assert.Single((await ReadAsync(given)).Subscriptions);

        Assert.Equal((SubscriptionStatus.Paused, new PauseOptions { Behavior = PauseBehavior.KeepAsDraft, ResumesAt = Start.AddMonths(1) }), (subscription.Status, subscription.Pause));
    }

    /// <summary>B-10: the portal set cancel_at, the code looked at cancel_at_period_end.</summary>
    [Theory]
    [InlineData("\"cancel_at\":1788220800,\"cancel_at_period_end\":false")]
    [InlineData("\"cancel_at\":null,\"cancel_at_period_end\":true")]
    [InlineData("\"cancel_at\":1788220800,\"cancel_at_period_end\":true")]
    public async Task A_scheduled_end_is_one_field(string members)
    {
        var given = new Given().On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription(more: $$""",{{members}},"canceled_at":1785600000,"cancellation_details":{"comment":"dear"}""")));

        var subscription = Assert.Single((await ReadAsync(given)).Subscriptions);

        Assert.Equal((Start.AddMonths(1), DateTimeOffset.FromUnixTimeSeconds(1785600000), "dear"), (subscription.CancelsAt, subscription.CanceledAt, subscription.CancellationReason));
    }

    [Fact]
    public async Task What_the_portal_changed_shows_in_the_items_and_not_in_the_metadata()
    {
        var given = new Given().On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription(items: Shapes.Item(price: Shapes.Price("price_solo", "solo/usd/month")))));

        Assert.Equal(ConformanceCatalog.Solo, Assert.Single((await ReadAsync(given)).Subscriptions).PlanKey);
    }

    [Fact]
    public async Task A_free_plan_has_no_items_no_currency_and_no_invoices()
    {
        var free = Shapes.Price("price_free", "free/free/usd", extra: ",\"saasbilling_free\":\"true\"");
        var given = new Given()
            .On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription(items: Shapes.Item(price: free), metadata: "\"saasbilling_name\":\"default\",\"saasbilling_plan\":\"free\"")))
            .On("GET /v1/invoices", Shapes.List(Shapes.Invoice.Replace("2900", "0", StringComparison.Ordinal).Replace("price_pro", "price_free", StringComparison.Ordinal)));

        var read = await ReadAsync(given);

        var subscription = Assert.Single(read.Subscriptions);
        Assert.Equal((ConformanceCatalog.Free, null, BillingInterval.Monthly), (subscription.PlanKey, subscription.Currency, subscription.Interval));
        Assert.Empty(subscription.Items);
        Assert.Empty(read.Invoices);
    }

    [Fact]
    public async Task A_waiting_change_is_what_was_asked_for()
    {
        var asked = new SubscriptionChange { PlanKey = ConformanceCatalog.Solo, Seats = 4, Timing = ChangeTiming.AtPeriodEnd };

        Assert.Equal(asked, (await ScheduledAsync($"\"saasbilling_change\":\"{ChangeText.Write(asked)}\"")).ScheduledChange);
    }

    [Fact]
    public async Task A_waiting_change_that_was_made_in_the_dashboard_is_read_off_the_schedule()
    {
        var change = (await ScheduledAsync("")).ScheduledChange;

        Assert.Equal(new SubscriptionChange { PlanKey = ConformanceCatalog.Solo, Interval = BillingInterval.Monthly, Timing = ChangeTiming.AtPeriodEnd, Proration = Proration.None }, change);
    }

    /// <summary>B-18: a subscription made in the provider's dashboard was invisible.</summary>
    [Fact]
    public void Subscriptions_that_were_made_elsewhere_have_names()
    {
        var subscriptions = new[] { Named("sub_a", "canceled", ""), Named("sub_b", "active", ""), Named("sub_c", "active", ""), Named("sub_d", "active", "\"saasbilling_name\":\"side\"") };

        var names = SubscriptionMapping.NamesOf(subscriptions);

        Assert.Equal(("sub_a", "default", "sub_c", "side"), (names["sub_a"], names["sub_b"], names["sub_c"], names["sub_d"]));
    }

    [Fact]
    public async Task A_customer_that_Stripe_does_not_know_is_none() =>
        Assert.Null(await new Given().On("GET /v1/customers/search", Shapes.List()).Provider.ReadCustomerAsync("nobody", null, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Where_there_is_no_search_the_list_is_walked()
    {
        var given = new Given().Refuse("GET /v1/customers/search", 400, """{"type":"invalid_request_error"}""").On("GET /v1/customers", Shapes.List(Shapes.Customer));

        Assert.NotNull(await given.Provider.ReadCustomerAsync("acme", null, TestContext.Current.CancellationToken));
    }

    /// <summary>B-21: a vanished parent is no error.</summary>
    [Fact]
    public async Task A_customer_that_was_deleted_on_Stripe_is_told_as_deleted()
    {
        var given = new Given()
            .On("GET /v1/customers/cus_1", """{"id":"cus_1","object":"customer","deleted":true}""")
            .On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription("canceled", more: ",\"ended_at\":1785600000")));
        var message = new Storage.InboxMessage { Provider = "stripe", EventId = "evt_1", IsLive = false, Type = "customer.deleted", ObjectId = "cus_1", Subject = "cus_1", ReceivedAt = given.Now };

        Assert.Equal(["acme"], await given.Provider.FindCustomersAsync(message, TestContext.Current.CancellationToken));
        var read = await ReadAsync(given);

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1785600000), read.Customer.DeletedAt);
        Assert.Equal(SubscriptionStatus.Canceled, Assert.Single(read.Subscriptions).Status);
    }

    [Fact]
    public async Task A_webhook_about_nobody_of_ours_finds_nobody()
    {
        var given = new Given().On("GET /v1/customers/cus_9", """{"id":"cus_9","object":"customer","created":1,"metadata":{} }""");
        var message = new Storage.InboxMessage { Provider = "stripe", EventId = "evt_1", IsLive = false, Type = "customer.updated", ObjectId = "cus_9", Subject = "cus_9", ReceivedAt = given.Now };

        Assert.Empty(await given.Provider.FindCustomersAsync(message, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("acme", "metadata['saasbilling_customer']:'acme'")]
    [InlineData("o'neil\\1", "metadata['saasbilling_customer']:'o\\'neil\\\\1'")]
    public void A_customer_is_searched_for_by_what_they_are_called(string id, string query) => Assert.Equal(query, CustomerDirectory.QueryOf(id));

    private static Given PastDue() => new Given()
        .On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription("past_due")))
        .On("GET /v1/invoices", Shapes.List(Shapes.AcaciaInvoice));

    private static async Task<Subscription> ScheduledAsync(string metadata) => Assert.Single((await ReadAsync(new Given()
        .On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription(more: $",\"schedule\":{Given.Schedule(metadata)}")))
        .On("GET /v1/prices/price_solo_usd_month", Shapes.Price("price_solo_usd_month", "solo/usd/month")))).Subscriptions);

    private static WireSubscription Named(string id, string status, string metadata) => WireSubscription.Read(Given.Read(Shapes.Subscription(status, id: id, metadata: metadata)));

    private static async Task<CustomerSnapshot> ReadAsync(Given given) =>
        Assert.IsType<CustomerSnapshot>(await given.Provider.ReadCustomerAsync("acme", null, TestContext.Current.CancellationToken));
}
