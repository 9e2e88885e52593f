using System.Globalization;
using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Worlds;

/// <summary>Prorations that wait for an invoice are invoice items too, which the engine makes and takes.</summary>
internal static class PendingProrations
{
    /// <summary>Makes items of those that are new, and notes what became of those that no longer wait.</summary>
    public static void Follow(Account account, CustomerRecord customer, EngineCustomer engine, IReadOnlyList<EngineInvoice> invoices)
    {
        foreach (var waiting in engine.Pending ?? [])
        {
            if (waiting.IsProration && !customer.Prorations.ContainsKey(waiting.Number))
                Add(account, customer, waiting, customer.Subscriptions.GetValueOrDefault(waiting.SubscriptionNumber)?.Id ?? customer.LastCanceled);
        }

        foreach (var (number, item) in customer.Prorations.ToList())
        {
            if (engine.Pending?.Exists(waiting => waiting.Number == number) == true)
                continue;

            customer.Prorations.Remove(number);
            Settle(account, customer, item, invoices);
        }
    }

    public static void Add(Account account, CustomerRecord customer, in PendingLine waiting, string? subscription)
    {
        var line = waiting.Line;
        var price = line.Price!.Price.Key;
        var amount = WireMoney.ToWire(line.Amount, waiting.Currency);
        var item = account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("ii"),
            ["object"] = "invoiceitem",
            ["amount"] = amount,
            ["currency"] = WireMoney.Code(waiting.Currency),
            ["customer"] = customer.Id,
            ["customer_account"] = null,
            ["date"] = line.Start,
            ["description"] = InvoiceLineJson.Describe(account, line, waiting.Currency),
            ["discountable"] = false,
            ["discounts"] = new JsonArray(),
            ["invoice"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["net_amount"] = amount,
            ["parent"] = new JsonObject
            {
                ["subscription_details"] = new JsonObject { ["subscription"] = subscription, ["subscription_item"] = (account.Objects.Find(subscription) as SubscriptionRecord)?.ItemOf(line.Price)?.Id },
                ["type"] = "subscription_details",
            },
            ["period"] = new JsonObject { ["end"] = line.End, ["start"] = line.Start },
            ["pricing"] = InvoiceLineJson.PricingOf(account, price, line.Quantity, amount),
            ["proration"] = true,
            ["quantity"] = (long)decimal.Ceiling(line.Quantity),
            ["quantity_decimal"] = Json.Plain(line.Quantity),
            ["tax_rates"] = new JsonArray(),
            ["test_clock"] = customer.World.ClockId,
        }));
        item.Notes["number"] = waiting.Number.ToString(CultureInfo.InvariantCulture);
        customer.Prorations.Add(waiting.Number, item);
        account.Events.TellNew(item, "invoiceitem.created", customer.World.Now);
    }

    private static void Settle(Account account, CustomerRecord customer, PlainResource item, IReadOnlyList<EngineInvoice> invoices)
    {
        foreach (var invoice in invoices)
        {
            if (!Array.Exists(invoice.Lines, line => line.IsProration && WireMoney.ToWire(line.Amount, invoice.Currency) == item.Body.Int("amount") && line.Start == item.Body.Object("period")!.Int("start")))
                continue;

            item.Body["invoice"] = customer.Invoices[invoice.Number].Id;
            return;
        }

        if (account.Objects.Find(item.Id) is null)
            return;

        account.Objects.Remove(item);
        account.Events.Tell("invoiceitem.deleted", item.Render(account), customer.World.Now);
    }
}
