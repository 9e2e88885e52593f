using SaasBilling.Stripe.Reconciliation;
using SaasBilling.Stripe.Tests.Provider;

namespace SaasBilling.Stripe.Tests.Reconciliation;

public sealed class ChangeFeedTests
{
    private const string Missing = """{"type":"invalid_request_error","code":"resource_missing"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("customer.updated", """{"id":"cus_1","object":"customer"}""", null)]
    [InlineData("invoice.paid", """{"id":"in_1","object":"invoice","customer":"cus_1"}""", null)]
    [InlineData("customer.subscription.updated", """{"id":"sub_1","object":"subscription","customer":{"id":"cus_1"} }""", null)]
    [InlineData("payment_method.detached", """{"id":"pm_1","object":"payment_method","customer":null}""", "cus_1")]
    [InlineData("charge.dispute.created", """{"id":"dp_1","object":"dispute","charge":"ch_1"}""", null)]
    [InlineData("refund.failed", """{"id":"re_1","object":"refund","charge":"ch_1"}""", null)]
    public async Task Whoever_an_event_is_about_has_changed(string type, string about, string? before)
    {
        var given = Listing(type, about, before);

        var changes = await given.Provider.ReadChangesAsync(Yesterday(given), Token);

        Assert.Equal((EventCursor.Write(given.Now), "acme"), (changes.Cursor, Assert.Single(changes.CustomerIds!)));
        var asked = given.Stripe.Seen.First(seen => seen.Path == "/v1/events");
        Assert.Equal($"{given.Now.AddDays(-1).AddMinutes(-10).ToUnixTimeSeconds()}", asked["created[gte]"]);
    }

    [Theory]
    [InlineData("product.updated", """{"id":"prod_1","object":"product"}""")]
    [InlineData("an.event.of.the.future", """{"id":"cus_1","object":"customer"}""")]
    [InlineData("invoice.paid", """{"id":"in_1","object":"invoice","customer":null}""")]
    [InlineData("invoice.paid", """{"id":"in_1","object":"invoice","customer":"cus_of_somebody_else"}""")]
    [InlineData("refund.failed", """{"id":"re_gone","object":"refund"}""")]
    public async Task An_event_that_is_about_nobody_of_ours_changes_nobody(string type, string about)
    {
        var changes = await Listing(type, about).Provider.ReadChangesAsync(Yesterday(new Given()), Token);

        Assert.Empty(changes.CustomerIds!);
    }

    [Fact]
    public async Task Without_a_cursor_and_with_one_that_is_too_old_Stripe_is_not_asked()
    {
        var given = new Given();

        Assert.Null((await given.Provider.ReadChangesAsync(null, Token)).CustomerIds);
        var changes = await given.Provider.ReadChangesAsync(EventCursor.Write(given.Now.AddDays(-30)), Token);

        Assert.Equal((EventCursor.Write(given.Now), null), (changes.Cursor, changes.CustomerIds));
        Assert.Empty(given.Stripe.Seen);
    }

    private static string Yesterday(Given given) => EventCursor.Write(given.Now.AddDays(-1));

    private static Given Listing(string type, string about, string? before = null)
    {
        var previous = before is null ? "" : $",\"previous_attributes\":{{\"customer\":\"{before}\"}}";
        return new Given()
            .On("GET /v1/events", Shapes.List($$"""{"id":"evt_1","object":"event","type":"{{type}}","livemode":false,"data":{"object":{{about}}{{previous}} } }"""))
            .On("GET /v1/disputes/dp_1", """{"id":"dp_1","charge":{"id":"ch_1","customer":"cus_1"} }""")
            .On("GET /v1/refunds/re_1", """{"id":"re_1","charge":{"id":"ch_1","customer":"cus_1"} }""")
            .Refuse("GET /v1/refunds/re_gone", 404, Missing)
            .Refuse("GET /v1/customers/cus_of_somebody_else", 404, Missing);
    }
}
