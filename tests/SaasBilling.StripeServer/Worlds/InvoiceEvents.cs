using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Worlds;

/// <summary>Which payments and events a change of an invoice makes.</summary>
internal static class InvoiceEvents
{
    public static void Tell(Account account, World world, InvoiceRecord record, EngineInvoice invoice)
    {
        var isNew = record.Told is null;
        if (isNew)
            account.Events.TellNew(record, "invoice.created");

        if (!record.WasFinalized && invoice.Serial != 0)
            Finalized(account, world, record, invoice);

        Failures(account, world, record, invoice);
        if (!record.WasPaid && invoice.Status == InvoiceStatus.Paid)
            Paid(account, world, record, invoice);

        var before = record.LastStatus;
        record.LastStatus = invoice.Status;
        record.IsDelinquent = invoice is { Status: InvoiceStatus.Open, AttemptCount: > 0 };
        if (invoice.Status == InvoiceStatus.Void && before != InvoiceStatus.Void)
        {
            record.VoidedAt = world.Now;
            CancelIntent(account, record, world.Now);
            account.Events.TellChange(record, "invoice.voided", always: true);
        }
        else if (invoice.Status == InvoiceStatus.Uncollectible && before != InvoiceStatus.Uncollectible)
        {
            record.UncollectibleAt = world.Now;
            account.Events.TellChange(record, "invoice.marked_uncollectible", always: true);
        }

        if (invoice.IsOverdue && !record.WasOverdue)
        {
            record.WasOverdue = true;
            account.Events.TellNew(record, "invoice.overdue");
        }

        account.Events.TellChange(record, "invoice.updated");
    }

    private static void Finalized(Account account, World world, InvoiceRecord record, EngineInvoice invoice)
    {
        record.WasFinalized = true;
        var balance = record.Customer.World.Find(record.Customer).BalanceIn(invoice.Currency);
        record.EndingBalance = -WireMoney.ToWire(balance, invoice.Currency);
        record.StartingBalance = -WireMoney.ToWire(balance + invoice.AppliedBalance, invoice.Currency);
        if (invoice.AmountDue > 0 && invoice.Status != InvoiceStatus.Void)
            Ask(account, world, record, invoice);

        account.Events.TellChange(record, "invoice.finalized", always: true);
        if (invoice.IsSent)
            account.Events.TellNew(record, "invoice.sent");
        if (record.PaymentIntent is { } intent)
            account.Events.TellNew(intent, "payment_intent.created", world.Now);
    }

    private static void Ask(Account account, World world, InvoiceRecord record, EngineInvoice invoice)
    {
        var amount = WireMoney.ToWire(invoice.AmountDue, invoice.Currency);
        var currency = WireMoney.Code(invoice.Currency);
        var intent = PaymentJson.NewIntent(account, world.Now, amount, currency, record.Customer.Id, record.Subscription is null ? "Payment for Invoice" : "Subscription payment");
        intent.Notes["invoice"] = record.Id;
        record.PaymentIntent = intent;
        record.Payment = account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("inpay"),
            ["object"] = "invoice_payment",
            ["amount_paid"] = null,
            ["amount_requested"] = amount,
            ["created"] = world.Now,
            ["currency"] = currency,
            ["invoice"] = record.Id,
            ["is_default"] = true,
            ["livemode"] = false,
            ["payment"] = new JsonObject { ["payment_intent"] = intent.Id, ["type"] = "payment_intent" },
            ["status"] = "open",
            ["status_transitions"] = new JsonObject { ["canceled_at"] = null, ["paid_at"] = null },
        }));
        if (CardOf(record, invoice) is { } card)
        {
            intent.Body["status"] = "requires_confirmation";
            intent.Body["payment_method"] = card;
        }
    }

    private static void Failures(Account account, World world, InvoiceRecord record, EngineInvoice invoice)
    {
        var failures = invoice.Failures ?? [];
        for (; record.FailuresTold < failures.Count; record.FailuresTold++)
        {
            var failure = failures[record.FailuresTold];
            var hasCard = failure.DeclineCode != InMemory.Engine.Payments.NoPaymentMethod;
            if (record.PaymentIntent is { } intent && hasCard)
                Failed(account, world, record, invoice, intent, failure);

            if (failure.RequiresAction)
                account.Events.TellChange(record, "invoice.payment_action_required", always: true);
            if (!failure.RequiresAction || invoice.Reason != BillingReason.SubscriptionCreate)
                account.Events.TellChange(record, "invoice.payment_failed", always: true);
        }
    }

    private static void Failed(Account account, World world, InvoiceRecord record, EngineInvoice invoice, PlainResource intent, EngineFailure failure)
    {
        var card = record.Customer.Cards.GetValueOrDefault(invoice.FailedCard);
        if (failure.RequiresAction)
        {
            intent.Body["payment_method"] = card;
            intent.Body["status"] = "requires_action";
            intent.Body["next_action"] = PaymentJson.NextAction(intent.Id);
            intent.Body["last_payment_error"] = null;
            account.Events.TellChange(intent, "payment_intent.requires_action", always: true, world.Now);
            return;
        }

        intent.Body["payment_method"] = null;
        intent.Body["status"] = "requires_payment_method";
        intent.Body["next_action"] = null;
        intent.Body["last_payment_error"] = PaymentJson.ErrorOf(account, failure.DeclineCode, card);
        var charge = PaymentJson.NewCharge(account, intent, card, world.Now, failure.DeclineCode);
        account.Events.TellNew(charge, "charge.failed", world.Now);
        account.Events.TellChange(intent, "payment_intent.payment_failed", always: true, world.Now);
    }

    private static void Paid(Account account, World world, InvoiceRecord record, EngineInvoice invoice)
    {
        record.WasPaid = true;
        if (invoice.PaidByCard > 0 && record.PaymentIntent is { } intent)
            Charged(account, world, record, invoice, intent);
        else
            CancelIntent(account, record, world.Now);

        account.Events.TellChange(record, "invoice.paid", always: true);
        account.Events.TellNew(record, "invoice.payment_succeeded");
    }

    private static void Charged(Account account, World world, InvoiceRecord record, EngineInvoice invoice, PlainResource intent)
    {
        var card = CardOf(record, invoice);
        intent.Body["payment_method"] = card;
        intent.Body["status"] = "succeeded";
        intent.Body["amount_received"] = intent.Body.Int("amount");
        intent.Body["next_action"] = null;
        intent.Body["last_payment_error"] = null;
        var charge = PaymentJson.NewCharge(account, intent, card, world.Now, null);
        account.Events.TellNew(charge, "charge.succeeded", world.Now);
        account.Events.TellChange(intent, "payment_intent.succeeded", always: true, world.Now);
        if (record.Payment is { } payment)
        {
            payment.Body["amount_paid"] = intent.Body.Int("amount");
            payment.Body["status"] = "paid";
            payment.Body.Object("status_transitions")!["paid_at"] = world.Now;
            account.Events.TellNew(payment, "invoice_payment.paid", world.Now);
        }

        if (invoice.DisputedAt != Instants.Never)
            account.Events.TellNew(PaymentJson.NewDispute(account, charge, world.Now), "charge.dispute.created", world.Now);
    }

    private static void CancelIntent(Account account, InvoiceRecord record, long now)
    {
        if (record.PaymentIntent is not { } intent || intent.Body.Text("status") is "succeeded" or "canceled")
            return;

        intent.Body["status"] = "canceled";
        intent.Body["canceled_at"] = now;
        intent.Body["cancellation_reason"] = "void_invoice";
        intent.Body["next_action"] = null;
        record.Payment!.Body["status"] = "canceled";
        record.Payment.Body.Object("status_transitions")!["canceled_at"] = now;
        account.Events.TellChange(intent, "payment_intent.canceled", always: true, now);
    }

    // The card that the command named, the one that the bank asked about, or the usual one.
    private static string? CardOf(InvoiceRecord record, EngineInvoice invoice)
    {
        var customer = record.Customer;
        if (customer.PayingCard != 0)
            return customer.Cards.GetValueOrDefault(customer.PayingCard);

        var engine = customer.World.Find(customer);
        return engine.CardFor(engine.FindSubscription(invoice.SubscriptionNumber)) is { } card ? customer.Cards.GetValueOrDefault(card.Number) : null;
    }
}
