using System.Globalization;
using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Objects;

/// <summary>How a line of an invoice is written.</summary>
internal static class InvoiceLineJson
{
    public static JsonObject Render(Account account, InvoiceRecord record, SubscriptionRecord? subscription, in EngineLine line, long[] discounts, Currency currency, string id)
    {
        var item = line.Kind == LineKind.Charge ? account.Objects.FindPlain("invoiceitem", line.Text) : null;
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "line_item",
            ["amount"] = WireMoney.ToWire(line.Amount, currency),
            ["currency"] = WireMoney.Code(currency),
            ["description"] = item is not null ? item.Body.Text("description") : Describe(account, line, currency),
            ["discount_amounts"] = InvoiceJson.DiscountAmounts(record, discounts, currency),
            ["discountable"] = !line.IsProration,
            ["discounts"] = new JsonArray(),
            ["invoice"] = record.Id,
            ["livemode"] = false,
            ["metadata"] = item?.Body["metadata"]?.DeepClone() ?? new JsonObject(),
            ["parent"] = ParentOf(line, record, subscription),
            ["period"] = item?.Body["period"]?.DeepClone() ?? new JsonObject { ["end"] = line.End, ["start"] = line.Start },
            ["pretax_credit_amounts"] = new JsonArray(),
            ["pricing"] = PricingOf(account, line.Price?.Price.Key ?? item?.Notes.GetValueOrDefault("price"), line.Quantity, WireMoney.ToWire(line.Amount, currency)),
            ["quantity"] = (long)decimal.Ceiling(line.Quantity),
            ["quantity_decimal"] = Json.Plain(line.Quantity),
            ["subscription"] = line.Price is null ? null : subscription?.Id,
            ["subtotal"] = WireMoney.ToWire(line.Amount, currency),
            ["taxes"] = new JsonArray(),
        };
    }

    public static JsonObject PricingOf(Account account, string? priceId, decimal quantity, long amount)
    {
        var price = account.Objects.FindPlain("price", priceId)?.Body;
        return new JsonObject
        {
            ["price_details"] = price is null ? null : new JsonObject { ["price"] = priceId, ["product"] = price.Text("product") },
            ["type"] = "price_details",
            ["unit_amount_decimal"] = price?.Text("unit_amount_decimal") ?? Json.Plain(quantity == 0 ? 0 : decimal.Round(amount / quantity, 12)),
        };
    }

    /// <summary>What customers read, in Stripe's words.</summary>
    public static string Describe(Account account, in EngineLine line, Currency currency)
    {
        if (line.Price is null)
            return line.Text ?? "";

        var name = line.Price.OwnerName;
        var quantity = Json.Plain(line.Quantity);
        var day = Instants.At(line.Start).ToString("dd MMM yyyy", CultureInfo.InvariantCulture);
        return line.Kind switch
        {
            LineKind.Trial => $"Trial period for {name}",
            LineKind.UnusedTime when line.Quantity == 1 => $"Unused time on {name} after {day}",
            LineKind.UnusedTime => $"Unused time on {quantity} × {name} after {day}",
            LineKind.RemainingTime when line.Quantity == 1 => $"Remaining time on {name} after {day}",
            LineKind.RemainingTime => $"Remaining time on {quantity} × {name} after {day}",
            _ => $"{quantity} × {name} ({PriceText(account, line.Price.Price, currency)})",
        };
    }

    private static string PriceText(Account account, Price price, Currency currency)
    {
        var unit = account.Objects.FindPlain("price", price.Key)?.Body.Number("unit_amount_decimal");
        return unit is null ? $"per {price.Interval}" : $"at {Json.Plain(WireMoney.ToMajor(unit.Value, currency))} {currency.Code} / {price.Interval}";
    }

    private static JsonObject ParentOf(in EngineLine line, InvoiceRecord record, SubscriptionRecord? subscription)
    {
        if (line.Price is not { } price)
        {
            return new JsonObject
            {
                ["invoice_item_details"] = new JsonObject
                {
                    ["invoice_item"] = line.Text,
                    ["proration"] = false,
                    ["proration_details"] = new JsonObject { ["credited_items"] = null },
                    ["subscription"] = null,
                },
                ["subscription_item_details"] = null,
                ["type"] = "invoice_item_details",
            };
        }

        return new JsonObject
        {
            ["invoice_item_details"] = null,
            ["subscription_item_details"] = new JsonObject
            {
                ["invoice_item"] = null,
                ["proration"] = line.IsProration,
                ["proration_details"] = new JsonObject { ["credited_items"] = null },
                ["subscription"] = subscription?.Id,
                ["subscription_item"] = subscription?.ItemOf(price)?.Id ?? record.PreviewedItems.GetValueOrDefault(price.Price.Key),
            },
            ["type"] = "subscription_item_details",
        };
    }
}
