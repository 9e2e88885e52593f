using System.Net;

namespace SaasBilling.StripeServer.Tests.Resources;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Create_WithCard_IsActiveAndPaid()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var price = await stage.PriceAsync();

        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={price} items[0][quantity]=3 expand[]=latest_invoice");

        Assert.Equal("active", made.Text("status"));
        Assert.Equal((6000, "paid", "subscription_create"), (made["latest_invoice"]!.Int("amount_paid"), made["latest_invoice"]!.Text("status"), made["latest_invoice"]!.Text("billing_reason")));
        var item = made["items"]!.Data().Single();
        Assert.Equal((Stage.Start.ToUnixTimeSeconds(), new DateTimeOffset(2026, 2, 28, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()), (item.Int("current_period_start"), item.Int("current_period_end")));
    }

    [Fact]
    public async Task Create_NoCard_IsRefusedAndMakesNothing()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync(card: null);
        var price = await stage.PriceAsync();

        var error = await stage.RefusedAsync(HttpStatusCode.BadRequest, "/v1/subscriptions", $"customer={customer} items[0][price]={price}");

        Assert.Equal("resource_missing", error.Text("code"));
        Assert.StartsWith("This customer has no attached payment source or default payment method.", error.Text("message"), StringComparison.Ordinal);
        Assert.Empty((await stage.GetAsync("/v1/subscriptions?status=all")).Data());
        Assert.Empty((await stage.GetAsync("/v1/invoices")).Data());
    }

    [Fact]
    public async Task Create_DefaultIncomplete_WaitsEvenWithAGoodCard_UntilItIsConfirmed()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var price = await stage.PriceAsync();

        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={price} payment_behavior=default_incomplete payment_settings[save_default_payment_method]=on_subscription expand[]=latest_invoice.confirmation_secret");
        var secret = made["latest_invoice"]!["confirmation_secret"]!.Text("client_secret");
        var confirmed = await stage.PostAsync($"/v1/payment_intents/{secret[..secret.IndexOf("_secret_", StringComparison.Ordinal)]}/confirm", "payment_method=pm_card_mastercard");
        var after = await stage.GetAsync($"/v1/subscriptions/{made.Id()}?expand[]=default_payment_method");

        Assert.Equal("incomplete", made.Text("status"));
        Assert.Equal("succeeded", confirmed.Text("status"));
        Assert.Equal("active", after.Text("status"));
        Assert.Equal("4444", after["default_payment_method"]!["card"]!.Text("last4"));
    }

    [Fact]
    public async Task Create_ErrorIfIncomplete_IsDeclinedAndMakesNothing()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync("pm_card_chargeCustomerFail");
        var price = await stage.PriceAsync();

        var error = await stage.RefusedAsync(HttpStatusCode.PaymentRequired, "/v1/subscriptions", $"customer={customer} items[0][price]={price} payment_behavior=error_if_incomplete");

        Assert.Equal(("card_error", "card_declined", "generic_decline"), (error.Text("type"), error.Text("code"), error.Text("decline_code")));
        Assert.Empty((await stage.GetAsync("/v1/subscriptions?status=all")).Data());
    }

    [Fact]
    public async Task Create_OwnPaymentMethod_IsChargedInThePlaceOfTheDefaultOne()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync("pm_card_chargeCustomerFail");
        var own = (await stage.PostAsync("/v1/payment_methods/pm_card_amex/attach", $"customer={customer}")).Id();
        var price = await stage.PriceAsync();

        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={price} default_payment_method={own}");
        await stage.AdvanceAsync(TimeSpan.FromDays(29));

        Assert.Equal("active", made.Text("status"));
        var charges = (await stage.GetAsync("/v1/charges")).Data();
        Assert.Equal([own, own], charges.Select(charge => charge.Text("payment_method")));
        Assert.All(charges, charge => Assert.True(charge["paid"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Update_Items_ChargesWhatThePreviewSaid_AndKeepsTheItem()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var (small, big) = (await stage.PriceAsync(), await stage.PriceAsync(5000));
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={small}");
        var item = made["items"]!.Data().Single().Id();
        await stage.AdvanceAsync(TimeSpan.FromDays(14));
        var change = $"[0][id]={item}";

        var preview = await stage.PostAsync("/v1/invoices/create_preview", $"subscription={made.Id()} subscription_details[items]{change} subscription_details[items][0][price]={big} subscription_details[proration_behavior]=always_invoice");
        var changed = await stage.PostAsync($"/v1/subscriptions/{made.Id()}", $"items{change} items[0][price]={big} proration_behavior=always_invoice expand[]=latest_invoice");

        Assert.Equal([-1000L, 2500L], preview["lines"]!.Data().Select(line => line.Int("amount")));
        Assert.All(preview["lines"]!.Data(), line => Assert.Equal(item, line["parent"]!["subscription_item_details"]!.Text("subscription_item")));
        Assert.Equal(1500, changed["latest_invoice"]!.Int("amount_paid"));
        Assert.All(changed["latest_invoice"]!["lines"]!.Data(), line => Assert.True(line["parent"]!["subscription_item_details"]!["proration"]!.GetValue<bool>()));
        Assert.Equal(item, changed["items"]!.Data().Single().Id());
    }

    [Fact]
    public async Task Update_Unpaid_ErrorIfIncomplete_ChangesNothing()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var (small, big) = (await stage.PriceAsync(), await stage.PriceAsync(5000));
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={small}");
        var failing = (await stage.PostAsync("/v1/payment_methods/pm_card_chargeCustomerFail/attach", $"customer={customer}")).Id();
        await stage.PostAsync($"/v1/customers/{customer}", $"invoice_settings[default_payment_method]={failing}");
        await stage.AdvanceAsync(TimeSpan.FromDays(14));

        await stage.RefusedAsync(HttpStatusCode.PaymentRequired, $"/v1/subscriptions/{made.Id()}", $"items[0][id]={made["items"]!.Data().Single().Id()} items[0][price]={big} proration_behavior=always_invoice payment_behavior=error_if_incomplete metadata[a]=b");

        var after = await stage.GetAsync($"/v1/subscriptions/{made.Id()}");
        Assert.Equal(small, after["items"]!.Data().Single()["price"]!.AsObject().Id());
        Assert.Empty(after["metadata"]!.AsObject());
    }

    [Fact]
    public async Task Update_ItemsByTheirIds_EachKeepsItsOwn()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var prices = new List<string>();
        for (var i = 0; i < 4; i++)
            prices.Add(await stage.PriceAsync(1000 + i));
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={prices[0]} items[1][price]={prices[1]}");
        var ids = made["items"]!.Data().Select(item => item.Id()).ToList();

        var changed = await stage.PostAsync(
            $"/v1/subscriptions/{made.Id()}",
            $"items[0][id]={ids[0]} items[0][deleted]=true items[1][id]={ids[1]} items[1][price]={prices[2]} items[2][price]={prices[3]} items[2][metadata][a]=b");

        var items = changed["items"]!.Data().ToDictionary(item => item["price"]!.AsObject().Id());
        Assert.Equal([prices[2], prices[3]], items.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(ids[1], items[prices[2]].Id());
        Assert.DoesNotContain(items[prices[3]].Id(), ids);
        Assert.Equal("b", items[prices[3]]["metadata"]!.Text("a"));
    }

    [Fact]
    public async Task Update_CreateProrations_WaitAsInvoiceItems_UntilTheRenewal()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()} items[0][quantity]=2");
        await stage.AdvanceAsync(TimeSpan.FromDays(14));

        await stage.PostAsync($"/v1/subscriptions/{made.Id()}", $"items[0][id]={made["items"]!.Data().Single().Id()} items[0][quantity]=3");
        var waiting = (await stage.GetAsync($"/v1/invoiceitems?customer={customer}&pending=true")).Data();
        await stage.AdvanceAsync(TimeSpan.FromDays(14) + TimeSpan.FromHours(1));

        Assert.Equal([(3000L, true), (-2000L, true)], waiting.Select(item => (item.Int("amount"), item["proration"]!.GetValue<bool>())));
        Assert.All(waiting, item => Assert.Equal(made.Id(), item["parent"]!["subscription_details"]!.Text("subscription")));
        Assert.Empty((await stage.GetAsync($"/v1/invoiceitems?customer={customer}&pending=true")).Data());
        var renewal = (await stage.GetAsync($"/v1/invoices?customer={customer}")).Data()[0];
        Assert.Equal(7000, renewal.Int("amount_paid"));
        Assert.Equal(renewal.Id(), (await stage.GetAsync($"/v1/invoiceitems/{waiting[0].Id()}")).Text("invoice"));
    }

    [Fact]
    public async Task Cancel_WithProrate_LeavesACredit_AndASecondOneIsNotFound()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()}");

        var canceled = await stage.DeleteAsync($"/v1/subscriptions/{made.Id()}", "prorate=true");
        using var again = await stage.SendAsync(HttpMethod.Delete, $"/v1/subscriptions/{made.Id()}");

        Assert.Equal("canceled", canceled.Text("status"));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        var credit = (await stage.GetAsync($"/v1/invoiceitems?customer={customer}&pending=true")).Data().Single();
        Assert.Equal((-2000, made.Id()), (credit.Int("amount"), credit["parent"]!["subscription_details"]!.Text("subscription")));
        Assert.Equal(0, (await stage.GetAsync($"/v1/customers/{customer}")).Int("balance"));
    }

    [Fact]
    public async Task Trial_EndsWithoutACard_PausesAndResumes()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync(card: null);
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()} trial_period_days=7 trial_settings[end_behavior][missing_payment_method]=pause");

        await stage.AdvanceAsync(TimeSpan.FromDays(8));
        var paused = await stage.GetAsync($"/v1/subscriptions/{made.Id()}");
        var card = (await stage.PostAsync("/v1/payment_methods/pm_card_visa/attach", $"customer={customer}")).Id();
        await stage.PostAsync($"/v1/customers/{customer}", $"invoice_settings[default_payment_method]={card}");
        var resumed = await stage.PostAsync($"/v1/subscriptions/{made.Id()}/resume", "billing_cycle_anchor=now");

        Assert.Equal(("trialing", "paused", "active"), (made.Text("status"), paused.Text("status"), resumed.Text("status")));
        var events = await stage.EventsAsync();
        Assert.Contains("customer.subscription.trial_will_end", events);
        Assert.Contains("customer.subscription.paused", events);
        Assert.Contains("customer.subscription.resumed", events);
    }

    [Fact]
    public async Task Metered_UsageIsBilledInArrears()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var meter = (await stage.PostAsync("/v1/billing/meters", "display_name=Calls event_name=calls default_aggregation[formula]=sum")).Id();
        var price = await stage.PriceAsync(3, $"recurring[interval]=month recurring[usage_type]=metered recurring[meter]={meter}");
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={price}");

        for (var i = 0; i < 2; i++)
            await stage.PostAsync("/v1/billing/meter_events", $"event_name=calls payload[stripe_customer_id]={customer} payload[value]=500 identifier=same");
        await stage.AdvanceAsync(TimeSpan.FromDays(28) + TimeSpan.FromHours(1));

        var invoice = (await stage.GetAsync($"/v1/invoices?subscription={made.Id()}")).Data()[0];
        Assert.Equal((1500, "paid"), (invoice.Int("amount_paid"), invoice.Text("status")));
        Assert.Equal("500 × Pro (at 0.03 USD / month)", invoice["lines"]!.Data().Single().Text("description"));
    }
}
