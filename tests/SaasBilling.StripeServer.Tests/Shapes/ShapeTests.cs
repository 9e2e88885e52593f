using System.Text.Json.Nodes;

namespace SaasBilling.StripeServer.Tests.Shapes;

/// <summary>Everything that is answered and told has the members that Stripe publishes, and no others.</summary>
public sealed class ShapeTests
{
    [Fact]
    public async Task EveryObjectOfALife_HasThePublishedMembers()
    {
        await using var stage = await Stage.SetAsync();
        var told = new List<JsonObject>();
        await LiveAsync(stage, told);

        var faults = told.SelectMany(Shape.Faults).Distinct().Order().ToList();

        Assert.Empty(faults);
        var kinds = told.SelectMany(Kinds).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(
            "billing.meter, billing.meter_event, billing_portal.session, charge, checkout.session, coupon, credit_note, credit_note_line_item, customer, customer_balance_transaction, " +
            "discount, dispute, event, invoice, invoice_payment, invoiceitem, item, line_item, list, payment_intent, payment_method, plan, price, product, promotion_code, refund, setup_intent, " +
            "subscription, subscription_item, subscription_schedule, test_helpers.test_clock, webhook_endpoint",
            string.Join(", ", kinds));
    }

    private static async Task LiveAsync(Stage stage, List<JsonObject> told)
    {
        async Task<string> Post(string path, string form = "")
        {
            var body = await stage.PostAsync(path, form);
            told.Add(body);
            return body["id"]?.GetValue<string>() ?? "";
        }

        var customer = await stage.CustomerAsync("pm_card_createDispute");
        var meter = await Post("/v1/billing/meters", "display_name=Calls event_name=calls default_aggregation[formula]=sum");
        var price = await stage.PriceAsync();
        var metered = await stage.PriceAsync(1, $"recurring[interval]=month recurring[usage_type]=metered recurring[meter]={meter}");
        await stage.PriceAsync(0, "billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=5 tiers[0][unit_amount]=100 tiers[1][up_to]=inf tiers[1][unit_amount_decimal]=90.5 recurring[interval]=month");
        var coupon = await Post("/v1/coupons", "percent_off=25.5 duration=forever");
        await Post("/v1/promotion_codes", $"promotion[type]=coupon promotion[coupon]={coupon}");
        var subscription = await Post("/v1/subscriptions", $"customer={customer} items[0][price]={price} items[1][price]={metered} discounts[0][coupon]={coupon} expand[]=latest_invoice.payments expand[]=discounts");
        await Post("/v1/billing/meter_events", $"event_name=calls payload[stripe_customer_id]={customer} payload[value]=7");
        await Post("/v1/subscription_schedules", $"from_subscription={subscription}");
        await Post($"/v1/customers/{customer}/balance_transactions", "amount=-500 currency=usd");
        await Post("/v1/invoiceitems", $"customer={customer} amount=700 currency=usd description=Help");
        await stage.AdvanceAsync(TimeSpan.FromDays(29));
        await stage.AdvanceAsync(TimeSpan.FromDays(31));

        var charge = (await stage.GetAsync("/v1/charges")).Data()[0].Id();
        await Post("/v1/refunds", $"charge={charge} amount=100");
        var manual = await Post("/v1/invoices", $"customer={customer} collection_method=send_invoice days_until_due=30");
        await Post("/v1/invoiceitems", $"customer={customer} invoice={manual} amount=900 currency=usd");
        await Post($"/v1/invoices/{manual}/finalize");
        await Post("/v1/credit_notes", $"invoice={manual} lines[0][type]=custom_line_item lines[0][unit_amount]=300 lines[0][quantity]=1 lines[0][description]=Sorry");
        await Post($"/v1/invoices/{manual}/pay", "paid_out_of_band=true");
        await Post("/v1/invoices/create_preview", $"subscription={subscription}");
        await Post("/v1/setup_intents", $"customer={customer} payment_method=pm_card_authenticationRequired confirm=true");
        await Post("/v1/checkout/sessions", $"mode=subscription customer={customer} line_items[0][price]={price} line_items[0][quantity]=1 success_url=https://example.com");
        await Post("/v1/billing_portal/sessions", $"customer={customer} return_url=https://example.com");
        await Post("/v1/test_helpers/test_clocks", "frozen_time=1800000000");
        await Post("/v1/webhook_endpoints", "url=http://127.0.0.1:1/ enabled_events[]=*");
        var session = (await stage.GetAsync("/v1/checkout/sessions")).Data()[0].Id();
        told.Add(await stage.GetAsync($"/v1/checkout/sessions/{session}/line_items"));
        told.Add(await stage.GetAsync("/v1/invoices?limit=100"));
        told.Add(await stage.GetAsync("/v1/disputes?limit=100"));
        told.Add(await stage.DeleteAsync($"/v1/subscriptions/{subscription}"));
        told.Add(await stage.DeleteAsync($"/v1/customers/{customer}"));
        told.Add(await stage.GetAsync("/v1/events?limit=100"));
    }

    private static IEnumerable<string> Kinds(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Kinds),
        JsonObject body => (body["object"] is JsonValue name ? [name.ToString()] : Array.Empty<string>()).Concat(body.SelectMany(member => Kinds(member.Value))),
        _ => [],
    };
}
