using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/payment_intents</c>, <c>/v1/charges</c> and <c>/v1/disputes</c>.</summary>
internal static class PaymentIntents
{
    public static void Map(Router router)
    {
        router.Post("/v1/payment_intents", Create);
        router.Get("/v1/payment_intents", call => call.Page(call.Objects.All<PlainResource>("payment_intent").Where(intent => call.Parameters.Text("customer") is not { } customer || intent.Body.Text("customer") == customer)));
        router.Get("/v1/payment_intents/{id}", call => call.Require("payment_intent", "payment_intent").Render(call.Account));
        router.Post("/v1/payment_intents/{id}", call =>
        {
            var intent = call.Require("payment_intent", "payment_intent");
            intent.Body.Take(call.Parameters, "description", "receipt_email");
            intent.Body.TakeMetadata(call.Parameters);
            return intent.Render(call.Account);
        });
        router.Post("/v1/payment_intents/{id}/confirm", Confirm);
        router.Post("/v1/payment_intents/{id}/cancel", Cancel);
        router.Post("/v1/payment_intents/{id}/capture", Capture);
        router.Get("/v1/charges", call => call.Page(call.Objects.All<PlainResource>("charge").Where(charge =>
            (call.Parameters.Text("customer") is not { } customer || charge.Body.Text("customer") == customer)
            && (call.Parameters.Text("payment_intent") is not { } intent || charge.Body.Text("payment_intent") == intent))));
        router.Get("/v1/charges/{id}", call => call.Require("charge", "charge").Render(call.Account));
        router.Get("/v1/disputes", call => call.Page(call.Objects.All<PlainResource>("dispute").Where(dispute =>
            call.Parameters.Text("payment_intent") is not { } intent || dispute.Body.Text("payment_intent") == intent)));
        router.Get("/v1/disputes/{id}", call => call.Require("dispute", "dispute").Render(call.Account));
    }

    /// <summary>The customer answers the bank, of an intent, an invoice, a subscription or a setup intent.</summary>
    public static void Answer(Account account, string id, bool authenticate)
    {
        var found = account.Objects.Find(id);
        if (found is PlainResource { Kind: "setup_intent" } setup)
        {
            SetupIntents.Answer(account, setup, authenticate);
            return;
        }

        var invoice = found switch
        {
            InvoiceRecord record => record,
            SubscriptionRecord subscription => subscription.Customer.Invoices.Values.LastOrDefault(record => record.Subscription == id && record.Engine.ActionCard != 0),
            PlainResource { Kind: "payment_intent" } intent when intent.Notes.TryGetValue("invoice", out var of) => account.Objects.Find(of) as InvoiceRecord,
            _ => null,
        };
        if (invoice is null || invoice.Engine.ActionCard == 0)
            throw new InvalidOperationException($"No payment of '{id}' waits for the customer.");

        var customer = invoice.Customer;
        customer.PayingCard = invoice.Engine.ActionCard;
        try
        {
            customer.World.RunAtOnce(customer, (context, engine) =>
            {
                InMemory.Engine.Payments.Answer(context, engine, engine.FindInvoice(invoice.Number)!, authenticate);
                return true;
            });
        }
        finally
        {
            customer.PayingCard = 0;
        }
    }

    /// <summary>One that a checkout page made and paid.</summary>
    public static string Done(Account account, CustomerRecord customer, PlainResource method, long amount, string currency)
    {
        var intent = PaymentJson.NewIntent(account, account.Now, amount, currency, customer.Id, null);
        account.Events.TellNew(intent, "payment_intent.created");
        intent.Body["payment_method"] = method.Id;
        Charge(account, intent);
        return intent.Id;
    }

    private static JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        var amount = parameters.Int("amount") ?? throw StripeFault.Missing("amount");
        var customer = parameters.Text("customer") is { } id ? Customers.Require(call.Account, id) : null;
        var intent = PaymentJson.NewIntent(call.Account, customer?.World.Now ?? call.Account.Now, amount, parameters.Required("currency"), customer?.Id, parameters.Text("description"));
        intent.Body.Take(parameters, "receipt_email", "setup_future_usage", "payment_method_types", "shipping", "statement_descriptor");
        if (parameters.TryText("capture_method", out var capture))
            intent.Body["capture_method"] = capture;
        if (parameters.TryText("confirmation_method", out var confirmation))
            intent.Body["confirmation_method"] = confirmation;
        intent.Body.TakeMetadata(parameters);
        call.Account.Events.TellNew(intent, "payment_intent.created");
        if (parameters.TryText("payment_method", out var method))
        {
            intent.Body["payment_method"] = PaymentMethodEndpoints.Require(call.Account, method).Id;
            intent.Body["status"] = "requires_confirmation";
        }

        if (parameters.Flag("confirm") == true)
            Charge(call.Account, intent);
        return intent.Render(call.Account);
    }

    private static JsonObject Confirm(Call call)
    {
        var intent = call.Require("payment_intent", "payment_intent");
        var method = call.Parameters.Text("payment_method") is { } id ? PaymentMethodEndpoints.Require(call.Account, id) : null;
        if (intent.Notes.TryGetValue("invoice", out var invoice))
        {
            PayInvoice(call.Account, InvoiceEndpoints.Require(call.Account, invoice), method ?? call.Objects.FindPlain("payment_method", intent.Body.Text("payment_method")));
            return intent.Render(call.Account);
        }

        if (method is not null)
            intent.Body["payment_method"] = method.Id;
        Charge(call.Account, intent);
        return intent.Render(call.Account);
    }

    // The customer pays on a page: the card stays on file, and with the subscription where that was asked for.
    private static void PayInvoice(Account account, InvoiceRecord record, PlainResource? method)
    {
        if (method is null)
            throw StripeFault.Invalid("You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and then confirm it again.", code: "payment_intent_unexpected_state");

        var customer = record.Customer;
        if (method.Body.Text("customer") is null)
            PaymentMethodEndpoints.Attach(account, method, customer);
        var number = PaymentMethodEndpoints.NumberOf(customer, method);
        InvoicePay.Charge(account, record, number);
        if (record.Engine is { Status: InvoiceStatus.Open, ActionCard: 0, Failures: [.., var last] })
            throw Declines.Of(last.DeclineCode ?? "generic_decline", new JsonObject { ["payment_intent"] = record.PaymentIntent!.Render(account) });
        if (record.Engine.Status != InvoiceStatus.Paid
            || account.Objects.Find(record.Subscription) is not SubscriptionRecord subscription
            || subscription.Body.Object("payment_settings")?.Text("save_default_payment_method") != "on_subscription")
            return;

        SubscriptionUpdate.Update(account, subscription, new JsonObject { ["default_payment_method"] = method.Id });
    }

    private static void Charge(Account account, PlainResource intent)
    {
        if (intent.Body.Text("status") is "succeeded" or "canceled")
            throw StripeFault.Invalid($"You cannot confirm this PaymentIntent because it has a status of {intent.Body.Text("status")}.", code: "payment_intent_unexpected_state");

        var method = account.Objects.FindPlain("payment_method", intent.Body.Text("payment_method"))
            ?? throw StripeFault.Invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", code: "payment_intent_unexpected_state");
        var card = PaymentMethodJson.CardOf(method);
        if (card.Charge is ChargeBehavior.AsksEveryTime or ChargeBehavior.AsksOnce or ChargeBehavior.AsksThenDeclines)
        {
            intent.Body["status"] = "requires_action";
            intent.Body["next_action"] = PaymentJson.NextAction(intent.Id);
            account.Events.TellChange(intent, "payment_intent.requires_action", always: true);
            return;
        }

        if ((card.AttachDeclineCode ?? card.ChargeDeclineCode) is { } code)
        {
            intent.Body["status"] = "requires_payment_method";
            intent.Body["payment_method"] = null;
            intent.Body["last_payment_error"] = PaymentJson.ErrorOf(account, code, method.Id);
            account.Events.TellNew(PaymentJson.NewCharge(account, intent, method.Id, account.Now, code), "charge.failed");
            account.Events.TellChange(intent, "payment_intent.payment_failed", always: true);
            throw Declines.Of(code, new JsonObject { ["payment_intent"] = intent.Render(account) });
        }

        var charge = PaymentJson.NewCharge(account, intent, method.Id, account.Now, null);
        if (intent.Body.Text("capture_method") == "manual")
        {
            charge.Body["captured"] = false;
            charge.Body["amount_captured"] = 0;
            intent.Body["status"] = "requires_capture";
            intent.Body["amount_capturable"] = intent.Body.Int("amount");
            account.Events.TellChange(intent, "payment_intent.amount_capturable_updated", always: true);
            return;
        }

        Succeed(account, intent, charge, "charge.succeeded");
        if (card.Charge == ChargeBehavior.Disputes)
            account.Events.TellNew(PaymentJson.NewDispute(account, charge, account.Now), "charge.dispute.created");
    }

    private static void Succeed(Account account, PlainResource intent, PlainResource charge, string type)
    {
        charge.Body["captured"] = true;
        charge.Body["amount_captured"] = charge.Body.Int("amount");
        intent.Body["status"] = "succeeded";
        intent.Body["amount_received"] = intent.Body.Int("amount");
        intent.Body["amount_capturable"] = 0;
        account.Events.TellNew(charge, type);
        account.Events.TellChange(intent, "payment_intent.succeeded", always: true);
    }

    private static JsonObject Capture(Call call)
    {
        var intent = call.Require("payment_intent", "payment_intent");
        if (intent.Body.Text("status") != "requires_capture")
            throw StripeFault.Invalid($"This PaymentIntent could not be captured because it has a status of {intent.Body.Text("status")}.", code: "payment_intent_unexpected_state");

        Succeed(call.Account, intent, call.Objects.FindPlain("charge", intent.Body.Text("latest_charge"))!, "charge.captured");
        return intent.Render(call.Account);
    }

    private static JsonObject Cancel(Call call)
    {
        var intent = call.Require("payment_intent", "payment_intent");
        if (intent.Notes.ContainsKey("invoice"))
            throw StripeFault.Invalid("You cannot cancel the PaymentIntent of an invoice. Void the invoice instead.", code: "payment_intent_unexpected_state");

        intent.Body["status"] = "canceled";
        intent.Body["canceled_at"] = call.Account.Now;
        intent.Body["cancellation_reason"] = call.Parameters.Text("cancellation_reason");
        call.Account.Events.TellChange(intent, "payment_intent.canceled", always: true);
        return intent.Render(call.Account);
    }
}
