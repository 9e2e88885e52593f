using System.Globalization;
using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/payment_methods</c>.</summary>
internal static class PaymentMethodEndpoints
{
    private const string NumberNote = "number";

    public static void Map(Router router)
    {
        router.Post("/v1/payment_methods", Create);
        router.Get("/v1/payment_methods", call => call.Page(call.Parameters.Text("customer") is { } customer ? Of(call.Account, customer) : []));
        router.Get("/v1/payment_methods/{id}", call => Require(call.Account, call.Id).Render(call.Account));
        router.Post("/v1/payment_methods/{id}", call =>
        {
            var method = Require(call.Account, call.Id);
            method.Body.TakeMetadata(call.Parameters);
            method.Body.Take(call.Parameters, "allow_redisplay", "billing_details");
            call.Account.Events.TellChange(method, "payment_method.updated");
            return method.Render(call.Account);
        });
        router.Post("/v1/payment_methods/{id}/attach", call =>
        {
            var customer = Customers.Require(call.Account, call.Parameters.Required("customer"));
            var method = Require(call.Account, call.Id);
            Attach(call.Account, method, customer);
            return method.Render(call.Account);
        });
        router.Post("/v1/payment_methods/{id}/detach", Detach);
    }

    /// <summary>A payment method; a test token such as <c>pm_card_visa</c> makes a new one.</summary>
    public static PlainResource Require(Account account, string id, string parameter = "payment_method")
    {
        if (account.Objects.FindPlain("payment_method", id) is { } known)
            return known;

        if (!id.StartsWith("pm_card_", StringComparison.Ordinal))
            throw StripeFault.NoSuchInParameter("PaymentMethod", id, parameter);

        return PaymentMethodJson.New(account, CardOfToken(id), account.Now);
    }

    public static IEnumerable<PlainResource> Of(Account account, string customer) =>
        account.Objects.All<PlainResource>("payment_method").Where(method => method.Body.Text("customer") == customer);

    /// <summary>The card behind <c>pm_card_visa</c>, <c>tok_visa</c>, a card number, or a payment method's own token.</summary>
    public static TestCard CardOfToken(string token)
    {
        var name = token.StartsWith("tok_", StringComparison.Ordinal) ? "pm_card_" + token["tok_".Length..] : token;
        var known = name switch
        {
            "pm_card_chargeDeclined" => "pm_card_visa_chargeDeclined",
            "pm_card_bypassPending" or "pm_card_us" or "pm_card_visa_debit" => "pm_card_visa",
            "pm_card_createDisputeInquiry" => "pm_card_createDispute",
            _ => name,
        };
        try
        {
            return TestCards.Find(known);
        }
        catch (BillingException)
        {
            throw StripeFault.NoSuchInParameter("PaymentMethod", token, "payment_method");
        }
    }

    /// <summary>Puts a card on file.</summary>
    /// <exception cref="BillingException">The bank refuses it.</exception>
    public static void Attach(Account account, PlainResource method, CustomerRecord customer)
    {
        if (method.Body.Text("customer") is { } owner)
        {
            if (owner == customer.Id)
                return;

            throw StripeFault.Invalid("The payment method you provided has already been attached to a customer.", code: "payment_method_already_attached");
        }

        if (method.Notes.ContainsKey(NumberNote))
            throw StripeFault.Invalid("This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.");

        var token = PaymentMethodJson.CardOf(method).Token;
        var number = customer.World.RunAtOnce(customer, (context, engine) =>
            Accounts.AddCard(context, engine, new AddPaymentMethodRequest(customer.Id, token, MakeDefault: false)).Number);
        customer.Cards[number] = method.Id;
        method.Notes[NumberNote] = number.ToString(CultureInfo.InvariantCulture);
        method.Body["customer"] = customer.Id;
        account.Events.TellNew(method, "payment_method.attached", customer.World.Now);
    }

    /// <summary>The number of a payment method's card in the engine.</summary>
    /// <exception cref="StripeFault">It is not this customer's.</exception>
    public static int NumberOf(CustomerRecord customer, PlainResource method)
    {
        if (method.Body.Text("customer") == customer.Id)
            return int.Parse(method.Notes[NumberNote], CultureInfo.InvariantCulture);

        throw StripeFault.Invalid(
            $"The customer does not have a payment method with the ID {method.Id}. The payment method must be attached to the customer.", "default_payment_method", "resource_missing");
    }

    /// <summary>The card that invoices are charged to; null: none.</summary>
    public static void SetDefault(Account account, CustomerRecord customer, string? id, bool asSource = false)
    {
        var number = id is null ? 0 : NumberOf(customer, Require(account, id));
        if (asSource)
            customer.Body["default_source"] = id;
        else
            customer.Body.Object("invoice_settings")!["default_payment_method"] = id;

        // Without a default of its own, an invoice is charged to the customer's old default source.
        if (number == 0 && customer.Body.Text("default_source") is { } source && account.Objects.FindPlain("payment_method", source) is { } card)
            number = NumberOf(customer, card);
        customer.World.RunAtOnce(customer, (_, engine) =>
        {
            foreach (var other in engine.Cards)
                other.IsDefault = other.Number == number;
            engine.CardsRevision = engine.Touch();
            return true;
        });
    }

    /// <summary>The card is no longer on file.</summary>
    public static void Forget(Account account, PlainResource method)
    {
        if (!account.Objects.TryFind<CustomerRecord>(method.Body.Text("customer"), out var customer))
            return;

        method.Body["customer"] = null;
        var settings = customer.Body.Object("invoice_settings")!;
        if (settings.Text("default_payment_method") == method.Id)
            settings["default_payment_method"] = null;
        if (customer.Body.Text("default_source") == method.Id)
            customer.Body["default_source"] = null;
        foreach (var subscription in customer.Subscriptions.Values.Where(subscription => subscription.Body.Text("default_payment_method") == method.Id))
            subscription.Body["default_payment_method"] = null;
    }

    private static JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        if (parameters.Required("type") != "card")
            throw StripeFault.Invalid($"The local Stripe has cards only, not payment methods of type {parameters.Text("type")}.", "type");

        var card = parameters.Object("card") ?? throw StripeFault.Missing("card");
        var method = PaymentMethodJson.New(call.Account, CardOfToken(card.Text("token") ?? card.Text("number") ?? throw StripeFault.Missing("card[token]")), call.Account.Now);
        method.Body.TakeMetadata(parameters);
        if (parameters.Object("billing_details") is { } details)
            method.Body.Object("billing_details")!.Take(details, "address", "email", "name", "phone");
        return method.Render(call.Account);
    }

    private static JsonObject Detach(Call call)
    {
        var method = call.Require("payment_method", "PaymentMethod");
        if (!call.Objects.TryFind<CustomerRecord>(method.Body.Text("customer"), out var customer))
            throw StripeFault.Invalid("The payment method you provided is not attached to a customer so detachment is impossible.");

        var number = NumberOf(customer, method);
        Forget(call.Account, method);
        customer.World.RunAtOnce(customer, (_, engine) =>
        {
            Accounts.RemoveCard(engine, EngineIds.Card(engine, number));
            return true;
        });
        call.Account.Events.TellChange(method, "payment_method.detached", always: true, customer.World.Now);
        return method.Render(call.Account);
    }
}
