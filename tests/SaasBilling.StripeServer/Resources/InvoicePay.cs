using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary>Pays an invoice now: https://docs.stripe.com/api/invoices/pay.</summary>
internal static class InvoicePay
{
    public static JsonObject Pay(Account account, InvoiceRecord record, JsonObject parameters)
    {
        var invoice = record.Engine;
        if (invoice.Status == InvoiceStatus.Paid)
            throw StripeFault.Invalid("Invoice is already paid", code: "invoice_already_paid");
        if (invoice.Status == InvoiceStatus.Void)
            throw StripeFault.Invalid("You can't pay a void invoice.", code: "invoice_not_editable");

        if (parameters.Flag("paid_out_of_band") == true)
        {
            Act(record, InvoiceAction.PayOutOfBand);
            return record.Render(account);
        }

        var method = parameters.Text("payment_method") ?? record.Body.Text("default_payment_method");
        Charge(account, record, method is null ? 0 : PaymentMethodEndpoints.NumberOf(record.Customer, PaymentMethodEndpoints.Require(account, method)));
        RequireSuccess(account, record);
        return record.Render(account);
    }

    /// <summary>Charges a card, 0: the usual one. What the bank says is on the invoice afterwards.</summary>
    public static void Charge(Account account, InvoiceRecord record, int card)
    {
        var customer = record.Customer;
        var engine = customer.World.Find(customer);
        if (card == 0 && record.Engine.AmountDue > 0 && engine.CardFor(engine.FindSubscription(record.Engine.SubscriptionNumber)) is null)
        {
            throw StripeFault.Invalid(
                "There is no `default_payment_method` set on this Customer or Invoice. Please set a `default_payment_method` prior to calling `Pay` or pass a `payment_method` or `source`.",
                code: "resource_missing");
        }

        customer.PayingCard = card;
        try
        {
            Act(record, InvoiceAction.Pay, card);
        }
        finally
        {
            customer.PayingCard = 0;
        }
    }

    private static void Act(InvoiceRecord record, InvoiceAction action, int card = 0) => record.Customer.World.RunAtOnce(record.Customer, (context, engine) =>
    {
        var subscription = engine.FindSubscription(record.Engine.SubscriptionNumber);
        var own = subscription?.CardNumber ?? 0;
        if (subscription is not null && card != 0)
            subscription.CardNumber = card;
        try
        {
            return CardChoice.With(engine, card, () =>
            {
                InvoiceActions.Act(context, engine, record.Engine, action);
                return true;
            });
        }
        finally
        {
            if (subscription is not null)
                subscription.CardNumber = own;
        }
    });

    private static void RequireSuccess(Account account, InvoiceRecord record)
    {
        var invoice = record.Engine;
        if (invoice.Status == InvoiceStatus.Paid || record.PaymentIntent is not { } intent)
            return;

        var further = new JsonObject { ["payment_intent"] = intent.Render(account) };
        if (invoice.ActionCard != 0)
        {
            throw new StripeFault(402, "card_error", "invoice_payment_intent_requires_action", "This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.")
            {
                Further = further,
            };
        }

        if (invoice.Failures is [.., var last])
            throw Declines.Of(last.DeclineCode ?? "generic_decline", further);
    }
}
