using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary>An invoice that somebody makes by hand: https://docs.stripe.com/api/invoices/create.</summary>
internal static class InvoiceStart
{
    public static InvoiceRecord Create(Account account, JsonObject parameters)
    {
        Unsupported.Refuse(parameters, "from_invoice", "transfer_data", "discounts");
        var customer = Customers.Require(account, parameters.Required("customer"));
        var subscription = parameters.Text("subscription") is { } id ? SubscriptionEndpoints.Require(account, id, "subscription", 400) : null;
        var takesPending = parameters.Text("pending_invoice_items_behavior") == "include" || subscription is not null;
        var isSent = parameters.Text("collection_method") == "send_invoice";
        var days = isSent && parameters.Int("due_date") is null ? parameters.Int("days_until_due") ?? throw StripeFault.Missing("days_until_due") : 0;

        int Make(EngineContext context, EngineCustomer engine)
        {
            var currency = CurrencyOf(account, customer, engine, parameters, subscription);
            var lines = new List<EngineLine>();
            if (takesPending)
                Take(engine, lines, currency, subscription?.Number ?? 0);

            var invoice = Drafting.Make(context, engine, subscription?.Engine, BillingReason.Manual, currency, lines);
            if (isSent)
            {
                invoice.IsSent = true;
                invoice.DueAt = parameters.Int("due_date") ?? context.Now + days * Instants.SecondsPerDay;
            }

            if (parameters.Flag("auto_advance") == true)
                invoice.NextAttemptAt = context.Now + context.DraftDelay;
            return invoice.Number;
        }

        var body = new JsonObject { ["auto_advance"] = parameters.Flag("auto_advance") ?? false };
        body.Take(parameters, "description", "footer", "default_payment_method");
        body.TakeMetadata(parameters);
        account.NewInvoice = body;
        try
        {
            return customer.Invoices[customer.World.RunAtOnce(customer, Make)];
        }
        finally
        {
            account.NewInvoice = null;
        }
    }

    private static void Take(EngineCustomer engine, List<EngineLine> lines, Currency currency, int subscription)
    {
        if (engine.Pending is not { } pending)
            return;

        foreach (var waiting in pending.Where(IsTaken))
            lines.Add(waiting.Line);
        engine.Pending = [.. pending.Where(waiting => !IsTaken(waiting))];
        engine.PendingRevision = engine.Touch();

        bool IsTaken(PendingLine waiting) => waiting.Currency == currency && (waiting.SubscriptionNumber == 0 || waiting.SubscriptionNumber == subscription);
    }

    private static Currency CurrencyOf(Account account, CustomerRecord customer, EngineCustomer engine, JsonObject parameters, SubscriptionRecord? subscription)
    {
        if (parameters.TryText("currency", out var given))
            return Currency.Of(given);
        if (subscription is not null && !subscription.Engine.Currency.IsNone)
            return subscription.Engine.Currency;
        if (engine.Pending is [var first, ..])
            return first.Currency;

        return Currency.Of(customer.Render(account).Text("currency") ?? "usd");
    }
}
