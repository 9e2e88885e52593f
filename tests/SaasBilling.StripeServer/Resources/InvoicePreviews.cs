using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary>What an invoice would be, found by doing it on a copy: https://docs.stripe.com/api/invoices/create_preview.</summary>
internal static class InvoicePreviews
{
    public static JsonObject Create(Account account, JsonObject parameters)
    {
        Unsupported.Refuse(parameters, "schedule", "schedule_details");
        var details = parameters.Object("subscription_details") ?? [];
        var record = parameters.Text("subscription") is { } id ? SubscriptionEndpoints.Require(account, id, "subscription", 400) : null;
        var customer = record?.Customer ?? Customers.Require(account, parameters.Required("customer"));
        return record is null ? OfNew(account, customer, parameters, details) : OfKnown(account, record, parameters, details);
    }

    private static JsonObject OfKnown(Account account, SubscriptionRecord record, JsonObject parameters, JsonObject details)
    {
        if (!record.Engine.IsLive)
            throw StripeFault.Invalid("You cannot preview an invoice of a subscription that is canceled.", "subscription", "invoice_upcoming_none");

        var change = SubscriptionUpdate.ChangeOf(account, record, record.Engine, details);
        var world = record.Customer.World;
        var copy = world.Engine.Fork(world.Find(record.Customer));
        var customer = copy.Find(record.Customer.Id)!;
        var items = InvoiceItems.Previewed(account, record.Customer, parameters.Objects("invoice_items"), record.Number);
        var coupons = parameters.Has("discounts") ? SubscriptionStart.CouponsOf(account, parameters) : null;
        var outcome = copy.Run(customer, Instants.At(world.Now), (context, same) =>
        {
            same.Pending = [.. same.Pending ?? [], .. items];
            var subscription = same.FindSubscription(record.Number)!;
            SubscriptionUpdate.Apply(context, same, subscription, details, coupons);
            return change is null ? default : Changes.Change(context, same, subscription, change);
        }).Answer;
        var isNow = outcome.Invoice is not null && outcome.Invoice.Status != InvoiceStatus.Draft;
        var invoice = isNow ? outcome.Invoice! : Next(copy, customer, record.Number);
        var named = details.Objects("items").Where(item => item.Text("id") is not null && item.Text("price") is not null).ToDictionary(item => item.Text("price")!, item => item.Text("id")!);
        return Write(account, record.Customer, record.Id, customer, invoice, named);
    }

    private static JsonObject OfNew(Account account, CustomerRecord customer, JsonObject parameters, JsonObject details)
    {
        var start = (JsonObject)details.DeepClone();
        start.Take(parameters, "discounts");
        var request = SubscriptionStart.RequestOf(account, customer, start);
        var world = customer.World;
        var copy = world.Engine.Fork(world.Find(customer));
        var same = copy.Find(customer.Id)!;
        var number = copy.Run(same, Instants.At(world.Now), (context, engine) => Subscribing.Create(context, engine, request).Number).Answer;
        var invoice = same.Invoices.Find(made => made.SubscriptionNumber == number) ?? Next(copy, same, number);
        return Write(account, customer, null, same, invoice, new Dictionary<string, string>());
    }

    private static EngineInvoice Next(BillingEngine copy, EngineCustomer customer, int subscription)
    {
        var last = customer.LastInvoiceNumber;
        var end = customer.FindSubscription(subscription) is { IsLive: true } running ? Math.Min(running.PeriodEnd, running.CancelsAt) : Instants.Never;
        while (end != Instants.Never && copy.NextDueAt <= end && copy.RunNextWithoutSnapshot(end))
        {
            if (customer.Invoices.Find(invoice => invoice.Number > last && invoice.SubscriptionNumber == subscription) is { } made)
                return made;
        }

        throw StripeFault.Invalid("No upcoming invoices for customer", code: "invoice_upcoming_none");
    }

    private static JsonObject Write(Account account, CustomerRecord customer, string? subscription, EngineCustomer copy, EngineInvoice invoice, Dictionary<string, string> items)
    {
        var known = account.Objects.Find(subscription) as SubscriptionRecord;
        EngineDiscount[] applied = known is null || invoice.Discount == 0 ? [] : invoice.Discounts ?? copy.FindSubscription(invoice.SubscriptionNumber)!.Discounts;
        var record = new InvoiceRecord($"upcoming_in_{customer.Id}", invoice.CreatedAt, customer, invoice.Number)
        {
            Subscription = subscription,
            Period = (invoice.CreatedAt, invoice.CreatedAt),
            PreviewedItems = items,
            Discounts = Array.ConvertAll(applied, discount => DiscountJson.IdOf(account, known!, discount)),
            Applied = applied,
        };
        var preview = invoice.Copy();
        preview.Status = InvoiceStatus.Draft;
        preview.Serial = 0;
        preview.FinalizedAt = Instants.Never;
        preview.PaidAt = Instants.Never;
        preview.AmountPaid = 0;
        preview.AttemptCount = 0;
        var rendered = InvoiceJson.Render(account, record, preview);
        rendered["next_payment_attempt"] = invoice.CreatedAt;
        rendered["ending_balance"] = -Worlds.WireMoney.ToWire(copy.BalanceIn(invoice.Currency), invoice.Currency);
        return rendered;
    }
}
