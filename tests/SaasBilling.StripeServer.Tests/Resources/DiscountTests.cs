namespace SaasBilling.StripeServer.Tests.Resources;

public sealed class DiscountTests
{
    [Fact]
    public async Task Discounts_ReduceInvoices_AndCanBeTakenOff()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var coupon = (await stage.PostAsync("/v1/coupons", "id=app-welcome amount_off=500 currency=usd duration=forever")).Id();
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()} discounts[0][coupon]={coupon} expand[]=latest_invoice expand[]=discounts");

        var without = await stage.PostAsync($"/v1/subscriptions/{made.Id()}", "discounts=");

        Assert.Equal(coupon, made["discounts"]![0]!["source"]!.Text("coupon"));
        Assert.Equal((1500, 500), (made["latest_invoice"]!.Int("amount_paid"), made["latest_invoice"]!["total_discount_amounts"]![0]!.Int("amount")));
        Assert.Empty(without["discounts"]!.AsArray());
    }

    [Fact]
    public async Task Discounts_Several_EachTellsWhatItTakes_AlsoOneThatCountsOnce()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var percent = (await stage.PostAsync("/v1/coupons", "percent_off=20 duration=once")).Id();
        var amount = (await stage.PostAsync("/v1/coupons", "amount_off=500 currency=usd duration=forever")).Id();

        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync(10000)} discounts[0][coupon]={percent} discounts[1][coupon]={amount} expand[]=latest_invoice.discounts");

        var invoice = made["latest_invoice"]!;
        Assert.Equal(7500, invoice.Int("amount_paid"));
        Assert.Equal([percent, amount], invoice["discounts"]!.AsArray().Select(discount => discount!["source"]!.Text("coupon")));
        Assert.Equal([2000L, 500L], invoice["total_discount_amounts"]!.AsArray().Select(taken => taken!.Int("amount")));
        Assert.Equal([2000L, 500L], invoice["lines"]!.Data().Single()["discount_amounts"]!.AsArray().Select(taken => taken!.Int("amount")));
        Assert.Single(made["discounts"]!.AsArray());
    }
}
