using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/setup_intents</c>: a card is put on file for later.</summary>
internal static class SetupIntents
{
    public static void Map(Router router)
    {
        router.Post("/v1/setup_intents", Create);
        router.Get("/v1/setup_intents/{id}", call => call.Require("setup_intent", "setupintent").Render(call.Account));
        router.Post("/v1/setup_intents/{id}", call =>
        {
            var intent = call.Require("setup_intent", "setupintent");
            intent.Body.Take(call.Parameters, "description", "customer");
            intent.Body.TakeMetadata(call.Parameters);
            return intent.Render(call.Account);
        });
        router.Post("/v1/setup_intents/{id}/confirm", call =>
        {
            var intent = call.Require("setup_intent", "setupintent");
            if (call.Parameters.TryText("payment_method", out var method))
                intent.Body["payment_method"] = PaymentMethodEndpoints.Require(call.Account, method).Id;
            Confirm(call.Account, intent);
            return intent.Render(call.Account);
        });
        router.Post("/v1/setup_intents/{id}/cancel", call =>
        {
            var intent = call.Require("setup_intent", "setupintent");
            intent.Body["status"] = "canceled";
            intent.Body["cancellation_reason"] = call.Parameters.Text("cancellation_reason");
            call.Account.Events.TellChange(intent, "setup_intent.canceled", always: true);
            return intent.Render(call.Account);
        });
    }

    /// <summary>The customer answers the bank.</summary>
    public static void Answer(Account account, PlainResource intent, bool authenticate)
    {
        if (intent.Body.Text("status") != "requires_action")
            throw new InvalidOperationException($"'{intent.Id}' does not wait for the customer: its status is {intent.Body.Text("status")}.");

        intent.Body["next_action"] = null;
        if (authenticate)
            Succeed(account, intent);
        else
            Fail(account, intent, "authentication_required");
    }

    /// <summary>One that a checkout page made, for a card that is on file.</summary>
    public static string Done(Account account, CustomerRecord customer, PlainResource method)
    {
        var intent = Make(account, new JsonObject { ["customer"] = customer.Id, ["payment_method"] = method.Id });
        Succeed(account, intent);
        return intent.Id;
    }

    private static JsonObject Create(Call call) => Make(call.Account, call.Parameters).Render(call.Account);

    private static PlainResource Make(Account account, JsonObject parameters)
    {
        var customer = parameters.Text("customer") is { } id ? Customers.Require(account, id) : null;
        var method = parameters.Text("payment_method") is { } token ? PaymentMethodEndpoints.Require(account, token) : null;
        var intentId = account.Objects.NewId("seti");
        var intent = account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = intentId,
            ["object"] = "setup_intent",
            ["application"] = null,
            ["automatic_payment_methods"] = null,
            ["cancellation_reason"] = null,
            ["client_secret"] = $"{intentId}_secret_{EngineIds.Hash(intentId):x16}",
            ["created"] = account.Now,
            ["customer"] = customer?.Id,
            ["description"] = parameters.Text("description"),
            ["excluded_payment_method_types"] = null,
            ["flow_directions"] = null,
            ["last_setup_error"] = null,
            ["latest_attempt"] = null,
            ["livemode"] = false,
            ["mandate"] = null,
            ["metadata"] = new JsonObject(),
            ["next_action"] = null,
            ["on_behalf_of"] = null,
            ["payment_method"] = method?.Id,
            ["payment_method_configuration_details"] = null,
            ["payment_method_options"] = new JsonObject(),
            ["payment_method_types"] = new JsonArray("card"),
            ["single_use_mandate"] = null,
            ["status"] = method is null ? "requires_payment_method" : "requires_confirmation",
            ["usage"] = parameters.Text("usage") ?? "off_session",
        }));
        intent.Body.TakeMetadata(parameters);
        account.Events.TellNew(intent, "setup_intent.created");
        if (parameters.Flag("confirm") == true)
            Confirm(account, intent);
        return intent;
    }

    private static void Confirm(Account account, PlainResource intent)
    {
        var method = account.Objects.FindPlain("payment_method", intent.Body.Text("payment_method"))
            ?? throw StripeFault.Invalid("You cannot confirm this SetupIntent because it's missing a payment method.", code: "setup_intent_unexpected_state");
        var card = PaymentMethodJson.CardOf(method);
        if (card.AttachDeclineCode is { } code)
        {
            Fail(account, intent, code);
            throw Declines.Of(code, new JsonObject { ["setup_intent"] = intent.Render(account) });
        }

        if (card.Charge is ChargeBehavior.AsksEveryTime or ChargeBehavior.AsksOnce or ChargeBehavior.AsksThenDeclines)
        {
            intent.Body["status"] = "requires_action";
            intent.Body["next_action"] = PaymentJson.NextAction(intent.Id);
            account.Events.TellChange(intent, "setup_intent.requires_action", always: true);
            return;
        }

        Succeed(account, intent);
    }

    private static void Fail(Account account, PlainResource intent, string code)
    {
        intent.Body["status"] = "requires_payment_method";
        intent.Body["last_setup_error"] = PaymentJson.ErrorOf(account, code, intent.Body.Text("payment_method"));
        intent.Body["payment_method"] = null;
        account.Events.TellChange(intent, "setup_intent.setup_failed", always: true);
    }

    private static void Succeed(Account account, PlainResource intent)
    {
        var method = account.Objects.FindPlain("payment_method", intent.Body.Text("payment_method"))!;
        if (account.Objects.TryFind<CustomerRecord>(intent.Body.Text("customer"), out var customer))
        {
            PaymentMethodEndpoints.Attach(account, method, customer);
            var number = PaymentMethodEndpoints.NumberOf(customer, method);
            customer.World.RunAtOnce(customer, (_, engine) => engine.FindCard(number)!.HasAuthenticated |= PaymentMethodJson.CardOf(method).Charge == ChargeBehavior.AsksOnce);
        }

        intent.Body["status"] = "succeeded";
        account.Events.TellChange(intent, "setup_intent.succeeded", always: true);
    }
}
