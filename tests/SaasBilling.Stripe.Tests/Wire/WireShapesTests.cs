using SaasBilling.Stripe.Tests.Provider;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Tests.Wire;

/// <summary>B-7: an API version moved a field and everybody's code read nothing.</summary>
public sealed class WireShapesTests
{
    private static readonly BillingPeriod Period = new(DateTimeOffset.FromUnixTimeSeconds(Shapes.Start), DateTimeOffset.FromUnixTimeSeconds(Shapes.End));

    [Fact]
    public void A_subscription_has_its_period_on_the_item()
    {
        var subscription = WireSubscription.Read(Given.Read(Shapes.Subscription()));

        Assert.Equal((Period, SubscriptionStatus.Active, "cus_1", "paid"), (subscription.Period, subscription.Status, subscription.Customer, subscription.LatestInvoiceStatus));
        Assert.Equal(("si_1", "price_pro", "pro/usd/month", 1L), (subscription.Items[0].Id, subscription.Items[0].Price.Id, subscription.Items[0].Price.Key, subscription.Items[0].Quantity));
    }

    [Fact]
    public void A_subscription_of_acacia_has_its_period_plan_and_discount_beside_the_rest()
    {
        var subscription = WireSubscription.Read(Given.Read(Shapes.AcaciaSubscription));

        Assert.Equal((Period, SubscriptionStatus.PastDue), (subscription.Period, subscription.Status));
        Assert.Equal(("price_seat", "team/seat/usd/month", 2L), (subscription.Items[0].Price.Id, subscription.Items[0].Price.Key, subscription.Items[0].Quantity));
        Assert.Equal(("di_1", "saasbilling-five-forever"), (Assert.Single(subscription.Discounts).Id, subscription.Discounts[0].Coupon));
    }

    [Fact]
    public void A_discount_since_clover_has_its_coupon_in_the_source()
    {
        foreach (var source in (string[])["{\"type\":\"coupon\",\"coupon\":\"saasbilling:x\"}", "{\"type\":\"coupon\",\"coupon\":{\"id\":\"saasbilling:x\"} }"])
            Assert.Equal("saasbilling:x", WireDiscount.Read(Given.Read($$"""{"id":"di_1","object":"discount","source":{{source}},"start":1}""")).Coupon);
    }

    [Fact]
    public void An_invoice_names_its_subscription_in_the_parent()
    {
        var invoice = WireInvoice.Read(Given.Read(Shapes.Invoice));

        Assert.Equal(("sub_1", InvoiceStatus.Paid, BillingReason.SubscriptionCreate), (invoice.Subscription, invoice.Status, invoice.Reason));
        Assert.Equal(["pi_1"], invoice.Payments);
        Assert.Equal(("price_pro", true, false, Period), (invoice.Lines[0].Price, invoice.Lines[0].IsOfSubscription, invoice.Lines[0].IsProration, invoice.Lines[0].Period));
    }

    [Fact]
    public void An_invoice_of_acacia_names_it_beside_the_rest()
    {
        var invoice = WireInvoice.Read(Given.Read(Shapes.AcaciaInvoice));

        Assert.Equal(("sub_1", InvoiceStatus.Open, 500, 80), (invoice.Subscription, invoice.Status, invoice.Discount, invoice.Tax));
        Assert.Equal(["pi_1"], invoice.Payments);
        Assert.Equal(("price_seat", true, 2), (invoice.Lines[0].Price, invoice.Lines[0].IsOfSubscription, invoice.Lines[0].Quantity));
    }

    [Fact]
    public void What_a_later_version_may_bring_changes_nothing()
    {
        var subscription = WireSubscription.Read(Given.Read(Shapes.Subscription("hibernating", more: ",\"hologram\":{\"deep\":[{}]},\"pause_collection\":{\"behavior\":\"melt\"}")));

        Assert.Equal((SubscriptionStatus.Unknown, true), (subscription.Status, subscription.IsLive));
    }

    [Theory]
    [InlineData("status", "Stripe's subscription 'sub_1' has no 'status'")]
    [InlineData("customer", "Stripe's subscription 'sub_1' has no 'customer'")]
    [InlineData("billing_cycle_anchor", "Stripe's subscription 'sub_1' has no 'billing_cycle_anchor'")]
    [InlineData("current_period_start", "Stripe's subscription 'sub_1' has no 'current_period_start'")]
    public void A_required_field_that_is_missing_is_named(string field, string expected)
    {
        var fault = Assert.Throws<BillingException>(() => WireSubscription.Read(Given.Read(Shapes.Subscription().Replace($"\"{field}\"", "\"moved\"", StringComparison.Ordinal))));

        Assert.StartsWith(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_an_amount_is_named() => Assert.StartsWith(
        "Stripe's line_item 'il_1' has no 'amount'",
        Assert.Throws<BillingException>(() => WireInvoice.Read(Given.Read(Shapes.Invoice.Replace("\"amount\"", "\"sum\"", StringComparison.Ordinal)))).Message,
        StringComparison.Ordinal);
}
