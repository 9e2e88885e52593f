namespace SaasBilling.StripeServer.Tests.Events;

public sealed class EventTests
{
    [Fact]
    public async Task FirstPayment_TellsEachThingOnce_InTheOrderInWhichItHappened()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var price = await stage.PriceAsync();
        var before = (await stage.EventsAsync()).Count;

        await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={price}");

        Assert.Equal(
            [
                "customer.subscription.created", "invoice.created", "invoice.finalized", "payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
                "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded", "customer.updated",
            ],
            (await stage.EventsAsync())[before..]);
    }

    [Fact]
    public async Task Renewal_IsDraftedAtTheBoundary_AndPaidAnHourLater()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()}");
        var before = (await stage.EventsAsync()).Count;

        await stage.AdvanceAsync(TimeSpan.FromDays(28));
        var atTheBoundary = (await stage.EventsAsync())[before..];
        await stage.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["invoice.created", "customer.subscription.updated"], atTheBoundary);
        Assert.Equal(
            ["invoice.finalized", "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded"],
            (await stage.EventsAsync())[(before + atTheBoundary.Count)..]);
        var paid = (await stage.GetAsync("/v1/events?type=invoice.paid")).Data()[0];
        Assert.Equal(Stage.Start.AddDays(28).AddHours(1).ToUnixTimeSeconds(), paid.Int("created"));
    }

    [Fact]
    public async Task Dunning_RetriesAndCancels_AndEveryFailureIsTold()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()}");
        var failing = (await stage.PostAsync("/v1/payment_methods/pm_card_chargeCustomerFail/attach", $"customer={customer}")).Id();
        await stage.PostAsync($"/v1/customers/{customer}", $"invoice_settings[default_payment_method]={failing}");

        await stage.AdvanceAsync(TimeSpan.FromDays(28 + 16));

        var events = await stage.EventsAsync();
        Assert.Equal(4, events.Count(type => type == "invoice.payment_failed"));
        Assert.Equal(4, events.Count(type => type == "charge.failed"));
        Assert.Single(events, type => type == "customer.subscription.deleted");
        var ended = (await stage.GetAsync("/v1/subscriptions?status=all")).Data().Single();
        Assert.Equal(("canceled", "payment_failed"), (ended.Text("status"), ended["cancellation_details"]!.Text("reason")));
    }

    [Fact]
    public async Task Update_TellsWhatWasBefore_AndWhoAsked()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()} metadata[a]=1");

        await stage.PostAsync($"/v1/subscriptions/{made.Id()}", "metadata[a]=2 cancel_at_period_end=true", "key-9");

        var told = (await stage.GetAsync("/v1/events?type=customer.subscription.updated")).Data()[0];
        var previous = told["data"]!["previous_attributes"]!;
        Assert.Equal("1", previous["metadata"]!.Text("a"));
        Assert.False(previous["cancel_at_period_end"]!.GetValue<bool>());
        Assert.Equal("key-9", told["request"]!.Text("idempotency_key"));
    }
}
