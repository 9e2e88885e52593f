using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/refunds</c>.</summary>
internal static class Refunds
{
    public static void Map(Router router)
    {
        router.Post("/v1/refunds", Create);
        router.Get("/v1/refunds", call => call.Page(call.Objects.All<PlainResource>("refund").Where(refund =>
            (call.Parameters.Text("charge") is not { } charge || refund.Body.Text("charge") == charge)
            && (call.Parameters.Text("payment_intent") is not { } intent || refund.Body.Text("payment_intent") == intent))));
        router.Get("/v1/refunds/{id}", call => call.Require("refund", "refund").Render(call.Account));
        router.Post("/v1/refunds/{id}", call =>
        {
            var refund = call.Require("refund", "refund");
            refund.Body.TakeMetadata(call.Parameters);
            call.Account.Events.TellChange(refund, "refund.updated");
            call.Account.Events.TellNew(refund, "charge.refund.updated");
            return refund.Render(call.Account);
        });
    }

    /// <summary>Gives money back to the card.</summary>
    /// <param name="account">The account.</param>
    /// <param name="charge">What was paid.</param>
    /// <param name="amount">How much, as on the wire; null: what is left.</param>
    public static PlainResource Make(Account account, PlainResource charge, long? amount)
    {
        var left = charge.Body.Int("amount")!.Value - charge.Body.Int("amount_refunded")!.Value;
        var given = amount ?? left;
        if (left == 0)
            throw StripeFault.Invalid($"Charge {charge.Id} has already been refunded.", code: "charge_already_refunded");
        if (given > left)
            throw StripeFault.Invalid($"Refund amount ({given}) is greater than unrefunded amount on charge ({left})", "amount", "amount_too_large");

        var now = account.Now;
        if (InvoiceOf(account, charge) is { } record)
        {
            var invoice = record.Engine;
            var customer = record.Customer;
            now = customer.World.Now;
            customer.World.RunAtOnce(customer, (context, engine) =>
            {
                var same = engine.FindInvoice(invoice.Number) ?? invoice;
                InMemory.Engine.Payments.Refund(context, engine, same, Money.FromMinorUnits(WireMoney.FromWire(given, same.Currency), same.Currency));
                if (engine.FindInvoice(same.Number) is null)
                    engine.Invoices.Add(same);
                return true;
            });
        }

        var refund = account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("re"),
            ["object"] = "refund",
            ["amount"] = given,
            ["balance_transaction"] = null,
            ["charge"] = charge.Id,
            ["created"] = now,
            ["currency"] = charge.Body.Text("currency"),
            ["customer"] = charge.Body.Text("customer"),
            ["customer_account"] = null,
            ["destination_details"] = new JsonObject { ["card"] = new JsonObject { ["reference_status"] = "pending", ["reference_type"] = "acquirer_reference_number", ["type"] = "refund" }, ["type"] = "card" },
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = charge.Body.Text("payment_intent"),
            ["payment_method"] = charge.Body.Text("payment_method"),
            ["reason"] = null,
            ["receipt_number"] = null,
            ["source_transfer_reversal"] = null,
            ["status"] = "succeeded",
            ["transfer_reversal"] = null,
        }));
        charge.Body["amount_refunded"] = charge.Body.Int("amount_refunded") + given;
        charge.Body["refunded"] = given == left;
        return refund;
    }

    public static void Tell(Account account, PlainResource charge, PlainResource refund)
    {
        account.Events.TellNew(refund, "refund.created");
        account.Events.TellChange(charge, "charge.refunded", always: true);
    }

    private static JsonObject Create(Call call)
    {
        var account = call.Account;
        var intent = call.Parameters.Text("payment_intent") is { } id
            ? call.Objects.FindPlain("payment_intent", id) ?? throw StripeFault.NoSuchInParameter("payment_intent", id, "payment_intent")
            : null;
        var chargeId = call.Parameters.Text("charge") ?? intent?.Body.Text("latest_charge") ?? throw StripeFault.Missing("payment_intent");
        var charge = call.Objects.FindPlain("charge", chargeId) ?? throw StripeFault.NoSuchInParameter("charge", chargeId, "charge");
        if (charge.Body.Flag("paid") != true)
            throw StripeFault.Invalid($"The charge {charge.Id} was not paid, so that there is nothing to refund.", "charge");

        var refund = Make(account, charge, call.Parameters.Int("amount"));
        refund.Body.Take(call.Parameters, "reason");
        refund.Body.TakeMetadata(call.Parameters);
        Tell(account, charge, refund);
        return refund.Render(account);
    }

    private static InvoiceRecord? InvoiceOf(Account account, PlainResource charge) =>
        account.Objects.FindPlain("payment_intent", charge.Body.Text("payment_intent")) is { } intent && intent.Notes.TryGetValue("invoice", out var id)
            ? account.Objects.Find(id) as InvoiceRecord
            : null;
}
