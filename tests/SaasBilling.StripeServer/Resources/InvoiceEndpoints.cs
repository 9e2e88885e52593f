using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/invoices</c> and <c>/v1/invoice_payments</c>.</summary>
internal static class InvoiceEndpoints
{
    public static void Map(Router router)
    {
        router.Post("/v1/invoices", call => InvoiceStart.Create(call.Account, call.Parameters).Render(call.Account));
        router.Post("/v1/invoices/create_preview", call => InvoicePreviews.Create(call.Account, call.Parameters));
        router.Get("/v1/invoices", call => call.Page(call.Objects.All<InvoiceRecord>("invoice").Where(invoice => IsWanted(invoice, call.Parameters))));
        router.Get("/v1/invoices/{id}", call => Require(call.Account, call.Id).Render(call.Account));
        router.Get("/v1/invoices/{id}/lines", call =>
        {
            var record = Require(call.Account, call.Id);
            return Paging.PageOf(call, [.. InvoiceJson.Lines(call.Account, record, record.Engine)]);
        });
        router.Post("/v1/invoices/{id}", Update);
        router.Delete("/v1/invoices/{id}", Delete);
        router.Post("/v1/invoices/{id}/finalize", Finalize);
        router.Post("/v1/invoices/{id}/pay", call => InvoicePay.Pay(call.Account, Require(call.Account, call.Id), call.Parameters));
        router.Post("/v1/invoices/{id}/void", call => Act(call, InvoiceAction.Void));
        router.Post("/v1/invoices/{id}/mark_uncollectible", call => Act(call, InvoiceAction.MarkUncollectible));
        router.Post("/v1/invoices/{id}/send", Send);
        router.Get("/v1/invoice_payments", call => call.Page(call.Objects.All<PlainResource>("invoice_payment").Where(payment => IsWanted(payment.Body, call.Parameters))));
        router.Get("/v1/invoice_payments/{id}", call => call.Require("invoice_payment", "invoice payment").Render(call.Account));
    }

    public static InvoiceRecord Require(Account account, string id, string parameter = "id", int status = 404) =>
        account.Objects.TryFind<InvoiceRecord>(id, out var found) ? found : throw StripeFault.NoSuch("invoice", id, parameter, status);

    private static JsonObject Update(Call call)
    {
        var record = Require(call.Account, call.Id);
        var parameters = call.Parameters;
        record.Body.Take(parameters, "description", "footer", "default_payment_method", "auto_advance");
        record.Body.TakeMetadata(parameters);
        record.Customer.World.RunAtOnce(record.Customer, (context, engine) =>
        {
            if (engine.FindInvoice(record.Number) is not { } invoice)
                return false;

            if (parameters.Flag("auto_advance") is { } advances && invoice.Status == InvoiceStatus.Draft)
                invoice.NextAttemptAt = !advances ? Instants.Never : invoice.NextAttemptAt == Instants.Never ? context.Now + context.DraftDelay : invoice.NextAttemptAt;
            if (parameters.Int("days_until_due") is { } days && invoice.Status == InvoiceStatus.Draft)
                invoice.DueAt = invoice.CreatedAt + days * Instants.SecondsPerDay;
            engine.Touch(invoice);
            return true;
        });
        call.Account.Events.TellChange(record, "invoice.updated");
        return record.Render(call.Account);
    }

    private static JsonObject Delete(Call call)
    {
        var record = Require(call.Account, call.Id);
        if (record.Engine is not { Status: InvoiceStatus.Draft, SubscriptionNumber: 0 })
            throw StripeFault.Invalid("You can only delete draft invoices that are not for a subscription.", code: "invoice_not_editable");

        var rendered = record.Render(call.Account);
        call.Objects.Remove(record);
        record.Customer.Invoices.Remove(record.Number);
        record.Customer.World.RunAtOnce(record.Customer, (_, engine) => engine.Invoices.RemoveAll(invoice => invoice.Number == record.Number));
        call.Account.Events.Tell("invoice.deleted", rendered, record.Customer.World.Now);
        return Call.Deleted("invoice", record.Id);
    }

    private static JsonObject Finalize(Call call)
    {
        var record = Require(call.Account, call.Id);
        var invoice = record.Engine;
        if (invoice.Status != InvoiceStatus.Draft)
            throw StripeFault.Invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.", code: "invoice_not_editable");

        var advances = call.Parameters.Flag("auto_advance") ?? record.Body.Flag("auto_advance") ?? invoice.NextAttemptAt != Instants.Never;
        record.Body["auto_advance"] = advances;
        record.Customer.World.RunAtOnce(record.Customer, (context, engine) =>
        {
            var draft = engine.FindInvoice(record.Number)!;
            if (advances)
                Finalization.FinalizeAndCollect(context, engine, draft);
            else
                Finalization.Finalize(context, engine, draft);
            return true;
        });
        return record.Render(call.Account);
    }

    private static JsonObject Act(Call call, InvoiceAction action)
    {
        var record = Require(call.Account, call.Id);
        record.Customer.World.RunAtOnce(record.Customer, (context, engine) =>
        {
            InvoiceActions.Act(context, engine, record.Engine, action);
            return true;
        });
        return record.Render(call.Account);
    }

    private static JsonObject Send(Call call)
    {
        var record = Require(call.Account, call.Id);
        if (!record.Engine.IsSent)
            throw StripeFault.Invalid("You can only manually send an invoice if its collection method is 'send_invoice'.");

        if (record.Engine.Status == InvoiceStatus.Draft)
            Finalize(call);
        else
            call.Account.Events.TellNew(record, "invoice.sent");
        return record.Render(call.Account);
    }

    private static bool IsWanted(InvoiceRecord record, JsonObject filter)
    {
        var invoice = record.Engine;
        return (filter.Text("customer") is not { } customer || record.Customer.Id == customer)
            && (filter.Text("subscription") is not { } subscription || record.Subscription == subscription)
            && (filter.Text("status") is not { } status || InvoiceJson.StatusOf(invoice.Status) == status)
            && (filter.Text("collection_method") is not { } method || (method == "send_invoice") == invoice.IsSent);
    }

    private static bool IsWanted(JsonObject payment, JsonObject filter) =>
        (filter.Text("invoice") is not { } invoice || payment.Text("invoice") == invoice)
        && (filter.Text("status") is not { } status || payment.Text("status") == status)
        && (filter.Object("payment")?.Text("payment_intent") is not { } intent || payment.Object("payment")!.Text("payment_intent") == intent);
}
