using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/checkout/sessions</c>: a page that the customer fills in, here by a call.</summary>
internal static class CheckoutSessionEndpoints
{
    private const long Lifetime = Instants.SecondsPerDay;
    private const string SubscriptionNote = "subscription";

    public static void Map(Router router)
    {
        router.Post("/v1/checkout/sessions", Create);
        router.Get("/v1/checkout/sessions", call => call.Page(call.Objects.All<PlainResource>("checkout.session").Where(session => IsWanted(session.Body, call.Parameters))));
        router.Get("/v1/checkout/sessions/{id}", call => call.Require("checkout.session", "checkout.session").Render(call.Account));
        router.Get("/v1/checkout/sessions/{id}/line_items", call =>
        {
            var session = call.Require("checkout.session", "checkout.session");
            return Paging.Wrap(call.Path, session.LineItems.Select((item, index) => CheckoutJson.LineItem(call.Account, session.Id, item, index)));
        });
        router.Post("/v1/checkout/sessions/{id}/expire", call =>
        {
            var session = call.Require("checkout.session", "checkout.session");
            if (session.Body.Text("status") != "open")
                throw StripeFault.Invalid($"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `{session.Body.Text("status")}`.");

            Expire(call.Account, session);
            return session.Render(call.Account);
        });

        // The page itself: what a browser asks, and the Stripe CLI in its place.
        router.Get("/v1/payment_pages/{id}", call => call.Require("checkout.session", "checkout.session").Render(call.Account));
        router.Post("/v1/payment_pages/{id}/confirm", call =>
        {
            var method = PaymentMethodEndpoints.Require(call.Account, call.Parameters.Required("payment_method"));
            Complete(call.Account, call.Id, PaymentMethodJson.CardOf(method).Token);
            return call.Require("checkout.session", "checkout.session").Render(call.Account);
        });
    }

    /// <summary>The customer fills in the page and sends it.</summary>
    public static void Complete(Account account, string id, string? card)
    {
        var session = account.Objects.FindPlain("checkout.session", id) ?? throw StripeFault.NoSuch("checkout.session", id);
        if (session.Body.Text("status") != "open")
            throw StripeFault.Invalid($"The checkout session '{id}' is {session.Body.Text("status")}: nothing more can be sent.");

        var customer = CustomerOf(account, session);
        var method = card is null ? null : PaymentMethodJson.New(account, PaymentMethodEndpoints.CardOfToken(card), customer.World.Now);
        switch (session.Body.Text("mode"))
        {
            case "subscription":
                Subscribe(account, session, customer, method);
                break;
            case "setup":
                PaymentMethodEndpoints.Attach(account, method ?? throw StripeFault.Missing("payment_method"), customer);
                session.Body["setup_intent"] = SetupIntents.Done(account, customer, method);
                Finish(account, session, "no_payment_required");
                break;
            default:
                session.Body["payment_intent"] = PaymentIntents.Done(account, customer, method ?? throw StripeFault.Missing("payment_method"), session.Body.Int("amount_total") ?? 0, session.Body.Text("currency") ?? "usd");
                Finish(account, session, "paid");
                break;
        }
    }

    /// <summary>A submission that the bank asked about is paid when the customer has answered.</summary>
    public static void Follow(Account account, SubscriptionRecord record, EngineSubscription subscription)
    {
        if (record.Checkout is not { } id || subscription.Status is SubscriptionStatus.Incomplete || !subscription.IsLive || account.Objects.FindPlain("checkout.session", id) is not { } session)
            return;

        record.Checkout = null;
        if (session.Body.Text("status") == "open" && session.Notes.GetValueOrDefault(SubscriptionNote) == record.Id)
            Sold(account, session, record);
    }

    private static JsonObject Create(Call call)
    {
        var account = call.Account;
        var parameters = call.Parameters;
        var mode = parameters.Text("mode") ?? throw StripeFault.Missing("mode");
        var items = parameters.Objects("line_items");
        if (mode != "setup" && items.Count == 0)
            throw StripeFault.Missing("line_items");

        var customer = parameters.Text("customer") is { } id ? Customers.Require(account, id) : null;
        var resolved = items.Select((item, index) => CheckoutJson.Resolve(account, item, index, mode == "subscription")).ToList();
        SubscriptionStart.CouponsOf(account, parameters);
        var session = account.Objects.Add(new PlainResource(CheckoutJson.New(account, parameters, mode, customer, resolved, account.Now + Lifetime)) { LineItems = resolved, Request = parameters });
        account.Main.At(session.Body.Int("expires_at")!.Value, () =>
        {
            if (session.Body.Text("status") == "open")
                Expire(account, session);
        });
        return session.Render(account);
    }

    private static void Subscribe(Account account, PlainResource session, CustomerRecord customer, PlainResource? method)
    {
        var given = session.Request!;
        var parameters = new JsonObject
        {
            ["customer"] = customer.Id,
            ["items"] = Json.ArrayOf(session.LineItems.Select(item => item.DeepClone())),
        };
        parameters.Take(given, "discounts");
        parameters.Take(given.Object("subscription_data") ?? [], "billing_cycle_anchor", "description", "metadata", "proration_behavior", "trial_end", "trial_period_days", "trial_settings");
        if (method is null && given.Text("payment_method_collection") != "if_required")
            throw StripeFault.Missing("payment_method");

        // Refused for any other reason than the bank's, it leaves the card where it was.
        customer.World.Try(customer, (context, engine) =>
        {
            var refused = method is null ? null : PaymentMethodJson.CardOf(method).AttachDeclineCode;
            return refused is null && Subscribing.Create(context, engine, SubscriptionStart.RequestOf(account, customer, parameters)).Number > 0;
        });
        if (method is not null)
        {
            PaymentMethodEndpoints.Attach(account, method, customer);
            parameters["default_payment_method"] = method.Id;
        }

        DropUnpaid(account, session);
        var record = SubscriptionStart.Create(account, parameters);
        session.Notes[SubscriptionNote] = record.Id;
        record.Checkout = session.Id;
        Follow(account, record, record.Engine);
    }

    // The form was sent before, and not paid.
    private static void DropUnpaid(Account account, PlainResource session)
    {
        if (!session.Notes.TryGetValue(SubscriptionNote, out var id) || account.Objects.Find(id) is not SubscriptionRecord { Engine.Status: SubscriptionStatus.Incomplete } before)
            return;

        before.Customer.World.RunAtOnce(before.Customer, (context, engine) =>
        {
            Cancellation.ExpireUnpaid(context, engine, engine.FindSubscription(before.Number)!);
            return true;
        });
    }

    private static void Sold(Account account, PlainResource session, SubscriptionRecord record)
    {
        session.Body["subscription"] = record.Id;
        session.Body["invoice"] = record.LatestInvoice;
        var paid = account.Objects.Find(record.LatestInvoice) is InvoiceRecord { Engine.AmountPaid: > 0 };
        Finish(account, session, paid ? "paid" : "no_payment_required");
    }

    private static void Finish(Account account, PlainResource session, string paymentStatus)
    {
        session.Body["status"] = "complete";
        session.Body["payment_status"] = paymentStatus;
        session.Body["url"] = null;
        account.Events.TellNew(session, "checkout.session.completed");
    }

    private static void Expire(Account account, PlainResource session)
    {
        session.Body["status"] = "expired";
        session.Body["url"] = null;
        account.Events.TellNew(session, "checkout.session.expired");
    }

    private static CustomerRecord CustomerOf(Account account, PlainResource session)
    {
        if (session.Body.Text("customer") is { } known)
            return Customers.Require(account, known);

        var made = Customers.Make(account, new JsonObject { ["email"] = session.Body.Text("customer_email") });
        session.Body["customer"] = made.Id;
        return made;
    }

    private static bool IsWanted(JsonObject session, JsonObject filter) =>
        (filter.Text("customer") is not { } customer || session.Text("customer") == customer)
        && (filter.Text("status") is not { } status || session.Text("status") == status)
        && (filter.Text("subscription") is not { } subscription || session.Text("subscription") == subscription);
}
