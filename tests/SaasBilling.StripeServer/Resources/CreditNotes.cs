using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/credit_notes</c>: reduces what is open of an invoice, or gives back what was paid.</summary>
internal static class CreditNotes
{
    public static void Map(Router router)
    {
        router.Post("/v1/credit_notes", Create);
        router.Get("/v1/credit_notes", call => call.Page(call.Objects.All<PlainResource>("credit_note").Where(note =>
            (call.Parameters.Text("invoice") is not { } invoice || note.Body.Text("invoice") == invoice)
            && (call.Parameters.Text("customer") is not { } customer || note.Body.Text("customer") == customer))));
        router.Get("/v1/credit_notes/{id}", call => call.Require("credit_note", "credit note").Render(call.Account));
        router.Post("/v1/credit_notes/{id}", call =>
        {
            var note = call.Require("credit_note", "credit note");
            note.Body.Take(call.Parameters, "memo");
            note.Body.TakeMetadata(call.Parameters);
            call.Account.Events.TellChange(note, "credit_note.updated");
            return note.Render(call.Account);
        });
        router.Post("/v1/credit_notes/{id}/void", Void);
    }

    private static JsonObject Create(Call call)
    {
        var account = call.Account;
        var parameters = call.Parameters;
        var record = InvoiceEndpoints.Require(account, parameters.Required("invoice"), "invoice", 400);
        var invoice = record.Engine;
        if (invoice.Status is InvoiceStatus.Draft or InvoiceStatus.Void)
            throw StripeFault.Invalid($"You can only create credit notes for open or paid invoices; this one is {InvoiceJson.StatusOf(invoice.Status)}.", "invoice");

        var lines = parameters.Objects("lines");
        var amount = parameters.Int("amount") ?? (lines.Count > 0 ? lines.Sum(AmountOf) : (long?)null)
            ?? (parameters.Int("refund_amount") ?? 0) + (parameters.Int("credit_amount") ?? 0) + (parameters.Int("out_of_band_amount") ?? 0);
        var minor = WireMoney.FromWire(amount, invoice.Currency);
        if (amount <= 0)
            throw StripeFault.Missing("amount");
        if (minor > invoice.Total)
            throw StripeFault.Invalid($"The credit note of {amount} is more than the invoice's total.", "amount");

        var isBefore = invoice.Status is InvoiceStatus.Open or InvoiceStatus.Uncollectible;
        var note = New(account, record, parameters, amount, isBefore, lines);
        if (isBefore)
            Reduce(record, minor, 1);
        else
            GiveBack(account, record, note, parameters, amount, minor);

        account.Objects.Add(note);
        account.Events.TellNew(note, "credit_note.created", record.Customer.World.Now);
        account.Events.TellChange(record, "invoice.updated");
        return note.Render(account);
    }

    private static void Reduce(InvoiceRecord record, long minor, int sign)
    {
        record.CreditNotesBefore += sign * minor;
        record.Customer.World.RunAtOnce(record.Customer, (context, engine) =>
        {
            var open = engine.FindInvoice(record.Number)!;
            open.AmountDue = Math.Max(0, open.AmountDue - sign * minor);
            if (open.AmountDue == 0)
                InMemory.Engine.Payments.MarkPaid(context, engine, open, byCard: false);
            else
                engine.Touch(open);
            return true;
        });
    }

    private static void GiveBack(Account account, InvoiceRecord record, PlainResource note, JsonObject parameters, long amount, long minor)
    {
        record.CreditNotesAfter += minor;
        if (parameters.Int("refund_amount") is { } refunded and > 0)
        {
            var charge = account.Objects.FindPlain("charge", record.PaymentIntent?.Body.Text("latest_charge"))
                ?? throw StripeFault.Invalid("No card was charged for this invoice, so that nothing can be refunded to one.", "refund_amount");
            var refund = Refunds.Make(account, charge, refunded);
            note.Body["refunds"] = new JsonArray(new JsonObject { ["amount_refunded"] = refunded, ["payment_record_refund"] = null, ["refund"] = refund.Id, ["type"] = "refund" });
            Refunds.Tell(account, charge, refund);
        }

        var credited = parameters.Int("credit_amount") ?? (parameters.Has("refund_amount") || parameters.Has("out_of_band_amount") ? 0 : amount);
        if (credited <= 0)
            return;

        Customers.PutOnBalance(account, record.Customer, -credited, WireMoney.Code(record.Engine.Currency), new JsonObject { ["type"] = "credit_note", ["credit_note"] = note.Id });
        note.Body["customer_balance_transaction"] = account.LastBalanceTransaction;
    }

    private static JsonObject Void(Call call)
    {
        var note = call.Require("credit_note", "credit note");
        var record = InvoiceEndpoints.Require(call.Account, note.Body.Text("invoice")!);
        if (note.Body.Text("status") == "void" || note.Body.Text("type") != "pre_payment" || record.Engine.Status != InvoiceStatus.Open)
            throw StripeFault.Invalid("You can only void a credit note of an open invoice.");

        note.Body["status"] = "void";
        note.Body["voided_at"] = record.Customer.World.Now;
        Reduce(record, WireMoney.FromWire(note.Body.Int("amount")!.Value, record.Engine.Currency), -1);
        call.Account.Events.TellChange(note, "credit_note.voided", always: true);
        return note.Render(call.Account);
    }

    private static long AmountOf(JsonObject line) => line.Int("amount") ?? (long)((line.Number("unit_amount_decimal") ?? line.Int("unit_amount") ?? 0) * (line.Int("quantity") ?? 1));

    private static PlainResource New(Account account, InvoiceRecord record, JsonObject parameters, long amount, bool isBefore, IReadOnlyList<JsonObject> lines)
    {
        var id = account.Objects.NewId("cn");
        var now = record.Customer.World.Now;
        var note = new PlainResource(new JsonObject
        {
            ["id"] = id,
            ["object"] = "credit_note",
            ["amount"] = amount,
            ["amount_shipping"] = 0,
            ["created"] = now,
            ["currency"] = WireMoney.Code(record.Engine.Currency),
            ["customer"] = record.Customer.Id,
            ["customer_account"] = null,
            ["customer_balance_transaction"] = null,
            ["discount_amount"] = 0,
            ["discount_amounts"] = new JsonArray(),
            ["effective_at"] = now,
            ["invoice"] = record.Id,
            ["lines"] = Paging.Wrap($"/v1/credit_notes/{id}/lines", lines.Select(line => (JsonNode)LineOf(account, line))),
            ["livemode"] = false,
            ["memo"] = parameters.Text("memo"),
            ["metadata"] = new JsonObject(),
            ["number"] = $"{EngineIds.InvoiceNumber(record.Customer.World.Find(record.Customer), record.Engine.Serial)}-CN-{account.Objects.All<PlainResource>("credit_note").Count(note => note.Body.Text("invoice") == record.Id) + 1:D2}",
            ["out_of_band_amount"] = parameters.Int("out_of_band_amount"),
            ["pdf"] = $"{account.BaseAddress}/credit_notes/{id}/pdf",
            ["post_payment_amount"] = isBefore ? 0 : amount,
            ["pre_payment_amount"] = isBefore ? amount : 0,
            ["pretax_credit_amounts"] = new JsonArray(),
            ["reason"] = parameters.Text("reason"),
            ["refunds"] = new JsonArray(),
            ["shipping_cost"] = null,
            ["status"] = "issued",
            ["subtotal"] = amount,
            ["subtotal_excluding_tax"] = amount,
            ["total"] = amount,
            ["total_excluding_tax"] = amount,
            ["total_taxes"] = new JsonArray(),
            ["type"] = isBefore ? "pre_payment" : "post_payment",
            ["voided_at"] = null,
        });
        note.Body.TakeMetadata(parameters);
        return note;
    }

    private static JsonObject LineOf(Account account, JsonObject line)
    {
        var quantity = line.Int("quantity") ?? 1;
        return new JsonObject
        {
            ["id"] = account.Objects.NewId("cnli"),
            ["object"] = "credit_note_line_item",
            ["amount"] = AmountOf(line),
            ["description"] = line.Text("description"),
            ["discount_amount"] = 0,
            ["discount_amounts"] = new JsonArray(),
            ["invoice_line_item"] = line.Text("invoice_line_item"),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["pretax_credit_amounts"] = new JsonArray(),
            ["quantity"] = quantity,
            ["tax_rates"] = new JsonArray(),
            ["taxes"] = new JsonArray(),
            ["type"] = line.Text("type") ?? "custom_line_item",
            ["unit_amount"] = line.Int("unit_amount"),
            ["unit_amount_decimal"] = line.Int("unit_amount") is { } unit ? Json.Plain(unit) : null,
        };
    }
}
