using System.Net;

namespace SaasBilling.StripeServer.Tests.Resources;

public sealed class InvoiceTests
{
    [Fact]
    public async Task Manual_ItemAddedFinalizedAndPaid_ChargesTheCard()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var draft = (await stage.PostAsync("/v1/invoices", $"customer={customer} pending_invoice_items_behavior=exclude auto_advance=false")).Id();

        var item = await stage.PostAsync("/v1/invoiceitems", $"customer={customer} invoice={draft} amount=1234 currency=usd description=Setup");
        var open = await stage.PostAsync($"/v1/invoices/{draft}/finalize");
        var paid = await stage.PostAsync($"/v1/invoices/{draft}/pay");

        Assert.Equal(("open", 1234), (open.Text("status"), open.Int("amount_due")));
        Assert.EndsWith("-0001", open.Text("number"), StringComparison.Ordinal);
        Assert.Equal("paid", paid.Text("status"));
        var line = paid["lines"]!.Data().Single();
        Assert.Equal(("Setup", item.Id()), (line.Text("description"), line["parent"]!["invoice_item_details"]!.Text("invoice_item")));
        Assert.Equal("Invoice is already paid", (await stage.RefusedAsync(HttpStatusCode.BadRequest, $"/v1/invoices/{draft}/pay")).Text("message"));
    }

    [Fact]
    public async Task Pay_Declined_IsACardErrorWithItsIntent_AndAnotherCardPays()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync("pm_card_chargeCustomerFail");
        var draft = (await stage.PostAsync("/v1/invoices", $"customer={customer}")).Id();
        await stage.PostAsync("/v1/invoiceitems", $"customer={customer} invoice={draft} amount=1000 currency=usd");
        await stage.PostAsync($"/v1/invoices/{draft}/finalize");
        var other = (await stage.PostAsync("/v1/payment_methods/pm_card_visa/attach", $"customer={customer}")).Id();

        var error = await stage.RefusedAsync(HttpStatusCode.PaymentRequired, $"/v1/invoices/{draft}/pay");
        var paid = await stage.PostAsync($"/v1/invoices/{draft}/pay", $"payment_method={other} expand[]=payments");

        Assert.Equal(("card_declined", "requires_payment_method"), (error.Text("code"), error["payment_intent"]!.Text("status")));
        Assert.Equal("paid", paid["payments"]!.Data().Single().Text("status"));
        var charges = (await stage.GetAsync($"/v1/charges?customer={customer}")).Data();
        Assert.Equal([other, (await stage.GetAsync($"/v1/customers/{customer}"))["invoice_settings"]!.Text("default_payment_method")], charges.Select(charge => charge.Text("payment_method")));
    }

    [Fact]
    public async Task Lines_MoreThanTen_AreReadFromTheirList()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var draft = (await stage.PostAsync("/v1/invoices", $"customer={customer}")).Id();
        for (var i = 1; i <= 12; i++)
            await stage.PostAsync("/v1/invoiceitems", $"customer={customer} invoice={draft} amount={i} currency=usd");

        var within = (await stage.GetAsync($"/v1/invoices/{draft}"))["lines"]!;
        var rest = await stage.GetAsync($"/v1/invoices/{draft}/lines?limit=5&starting_after={within.Data()[^1].Id()}");

        Assert.Equal((10, true), (within.Data().Count, within["has_more"]!.GetValue<bool>()));
        Assert.Equal([11L, 12L], rest.Data().Select(line => line.Int("amount")));
        Assert.False(rest["has_more"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Tiers_AreToldWhenTheyAreAskedFor()
    {
        await using var stage = await Stage.SetAsync();
        var product = (await stage.PostAsync("/v1/products", "name=Pro")).Id();
        var price = await stage.PostAsync(
            "/v1/prices",
            $"product={product} currency=usd recurring[interval]=month billing_scheme=tiered tiers_mode=graduated tiers[0][up_to]=5 tiers[0][unit_amount]=100 tiers[1][up_to]=inf tiers[1][unit_amount_decimal]=90.5");
        var customer = await stage.CustomerAsync();

        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={price.Id()} items[0][quantity]=7 expand[]=latest_invoice");

        Assert.False(price.ContainsKey("tiers"));
        Assert.Equal(["100", "90.5"], (await stage.GetAsync($"/v1/prices/{price.Id()}?expand[]=tiers"))["tiers"]!.AsArray().Select(tier => tier!.Text("unit_amount_decimal")));
        Assert.Equal(681, made["latest_invoice"]!.Int("amount_paid"));
    }

    [Fact]
    public async Task PendingItem_WaitsForTheRenewal()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()}");
        var item = (await stage.PostAsync("/v1/invoiceitems", $"customer={customer} amount=300 currency=usd")).Id();

        Assert.Single((await stage.GetAsync($"/v1/invoiceitems?customer={customer}&pending=true")).Data());
        await stage.AdvanceAsync(TimeSpan.FromDays(28) + TimeSpan.FromHours(1));

        var renewal = (await stage.GetAsync($"/v1/invoices?customer={customer}")).Data()[0];
        Assert.Equal((2300, "subscription_cycle"), (renewal.Int("amount_paid"), renewal.Text("billing_reason")));
        Assert.Equal(renewal.Id(), (await stage.GetAsync($"/v1/invoiceitems/{item}")).Text("invoice"));
        Assert.Empty((await stage.GetAsync($"/v1/invoiceitems?customer={customer}&pending=true")).Data());
    }

    [Fact]
    public async Task Refund_OfAnInvoicesCharge_IsBounded()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()}");
        var intent = (await stage.GetAsync("/v1/payment_intents")).Data().Single().Id();

        await stage.PostAsync("/v1/refunds", $"payment_intent={intent} amount=1500");
        var error = await stage.RefusedAsync(HttpStatusCode.BadRequest, "/v1/refunds", $"payment_intent={intent} amount=600");
        await stage.PostAsync("/v1/refunds", $"payment_intent={intent}");

        Assert.Equal("Refund amount (600) is greater than unrefunded amount on charge (500)", error.Text("message"));
        var charge = (await stage.GetAsync("/v1/charges?expand[]=data.refunds")).Data().Single();
        Assert.Equal((2000, true), (charge.Int("amount_refunded"), charge["refunded"]!.GetValue<bool>()));
        Assert.Equal([500L, 1500L], charge["refunds"]!.Data().Select(refund => refund.Int("amount")));
    }

    [Fact]
    public async Task Balance_PaysAnInvoice_AndEveryMovementIsATransaction()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        await stage.PostAsync($"/v1/customers/{customer}/balance_transactions", "amount=-500 currency=usd description=Sorry");

        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()} expand[]=latest_invoice");

        var invoice = made["latest_invoice"]!;
        Assert.Equal((1500, -500, 0), (invoice.Int("amount_paid"), invoice.Int("starting_balance"), invoice.Int("ending_balance")));
        var moves = (await stage.GetAsync($"/v1/customers/{customer}/balance_transactions")).Data();
        Assert.Equal([("applied_to_invoice", 500L, 0L), ("adjustment", -500L, -500L)], moves.Select(move => (move.Text("type"), move.Int("amount"), move.Int("ending_balance"))));
    }

    [Fact]
    public async Task ThreeDSecure_AnsweredYes_Pays()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync("pm_card_authenticationRequired");
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={await stage.PriceAsync()}");
        var intent = (await stage.GetAsync("/v1/payment_intents")).Data().Single();

        stage.Server.AnswerPaymentAction(intent.Id(), authenticate: true);

        Assert.Equal(("incomplete", "requires_action"), (made.Text("status"), intent.Text("status")));
        Assert.Equal("active", (await stage.GetAsync($"/v1/subscriptions/{made.Id()}")).Text("status"));
        Assert.Contains("invoice.payment_action_required", await stage.EventsAsync());
    }

    [Fact]
    public async Task Amounts_OfIskOnTheWire_AreInHundredths()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var product = (await stage.PostAsync("/v1/products", "name=Pro")).Id();
        var price = (await stage.PostAsync("/v1/prices", $"product={product} unit_amount=290000 currency=isk recurring[interval]=month")).Id();

        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={price} expand[]=latest_invoice");

        Assert.Equal(290000, made["latest_invoice"]!.Int("amount_paid"));
    }

    [Fact]
    public async Task LookupKey_MovesOnlyWhenAsked()
    {
        await using var stage = await Stage.SetAsync();
        var product = (await stage.PostAsync("/v1/products", "name=Pro")).Id();
        var form = $"product={product} currency=usd recurring[interval]=month lookup_key=pro";
        var first = (await stage.PostAsync("/v1/prices", $"{form} unit_amount=100")).Id();

        var error = await stage.RefusedAsync(HttpStatusCode.BadRequest, "/v1/prices", $"{form} unit_amount=200");
        var second = (await stage.PostAsync("/v1/prices", $"{form} unit_amount=200 transfer_lookup_key=true")).Id();

        Assert.Equal($"A price (`{first}`) already uses that lookup key.", error.Text("message"));
        Assert.Equal(second, (await stage.GetAsync("/v1/prices?lookup_keys[]=pro")).Data().Single().Id());
        Assert.Null((await stage.GetAsync($"/v1/prices/{first}"))["lookup_key"]);
    }

    [Fact]
    public async Task Checkout_Sent_MakesTheSubscription()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync(card: null);
        var session = (await stage.PostAsync("/v1/checkout/sessions", $"mode=subscription customer={customer} line_items[0][price]={await stage.PriceAsync()} line_items[0][quantity]=2 success_url=https://example.com subscription_data[metadata][a]=b")).Id();

        stage.Server.CompleteCheckout(session);

        var after = await stage.GetAsync($"/v1/checkout/sessions/{session}?expand[]=subscription&expand[]=invoice");
        Assert.Equal(("complete", "paid"), (after.Text("status"), after.Text("payment_status")));
        Assert.Equal(("active", "b"), (after["subscription"]!.Text("status"), after["subscription"]!["metadata"]!.Text("a")));
        Assert.Equal(4000, after["invoice"]!.Int("amount_paid"));
        Assert.NotNull(after["subscription"]!["default_payment_method"]);
    }

    [Fact]
    public async Task Checkout_NotSent_ExpiresAfterADay()
    {
        await using var stage = await Stage.SetAsync();
        var session = (await stage.PostAsync("/v1/checkout/sessions", $"mode=subscription line_items[0][price]={await stage.PriceAsync()} line_items[0][quantity]=1 success_url=https://example.com")).Id();

        await stage.AdvanceAsync(TimeSpan.FromHours(24));

        Assert.Equal("expired", (await stage.GetAsync($"/v1/checkout/sessions/{session}")).Text("status"));
        Assert.Contains("checkout.session.expired", await stage.EventsAsync());
    }

    [Fact]
    public async Task TestClock_Advanced_RunsItsCustomersOnly()
    {
        await using var stage = await Stage.SetAsync();
        var start = Stage.Start.ToUnixTimeSeconds();
        var clock = (await stage.PostAsync("/v1/test_helpers/test_clocks", $"frozen_time={start}")).Id();
        var price = await stage.PriceAsync();
        var outside = await stage.CustomerAsync();
        var inside = (await stage.PostAsync("/v1/customers", $"test_clock={clock}")).Id();
        await stage.PostAsync("/v1/subscriptions", $"customer={outside} items[0][price]={price}");
        await stage.PostAsync("/v1/subscriptions", $"customer={inside} items[0][price]={price} collection_method=send_invoice days_until_due=3");

        var advancing = await stage.PostAsync($"/v1/test_helpers/test_clocks/{clock}/advance", $"frozen_time={start + 40 * 86400}");

        Assert.Equal("advancing", advancing.Text("status"));
        Assert.Equal("ready", (await stage.GetAsync($"/v1/test_helpers/test_clocks/{clock}")).Text("status"));
        Assert.Equal(2, (await stage.GetAsync($"/v1/invoices?customer={inside}")).Data().Count);
        Assert.Single((await stage.GetAsync($"/v1/invoices?customer={outside}")).Data());
        Assert.Equal("past_due", (await stage.GetAsync($"/v1/subscriptions?customer={inside}")).Data().Single().Text("status"));
    }
}
