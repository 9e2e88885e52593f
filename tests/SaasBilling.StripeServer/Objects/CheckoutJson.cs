using System.Globalization;
using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Resources;

namespace SaasBilling.StripeServer.Objects;

/// <summary>How checkout sessions are written.</summary>
internal static class CheckoutJson
{
    /// <summary>A line item with the id of its price.</summary>
    public static JsonObject Resolve(Account account, JsonObject item, int index, bool isRecurring)
    {
        var id = item.Object("price_data") is { } data ? PriceEndpoints.Make(account, data).Id : item.Text("price") ?? throw StripeFault.Missing($"line_items[{index}][price]");
        var price = account.Objects.FindPlain("price", id)?.Body ?? throw StripeFault.NoSuchInParameter("price", id, $"line_items[{index}][price]");
        if (isRecurring != (price.Text("type") == "recurring"))
            throw StripeFault.Invalid(isRecurring ? "You must provide at least one recurring price in `subscription` mode when using prices." : "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.", $"line_items[{index}][price]");

        var resolved = new JsonObject { ["price"] = id };
        resolved.Take(item, "quantity");
        return resolved;
    }

    public static JsonObject LineItem(Account account, string session, JsonObject item, int index)
    {
        var price = account.Objects.FindPlain("price", item.Text("price"))!;
        var amount = AmountOf(account, item);
        return new JsonObject
        {
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"li_{session}_{index}"),
            ["object"] = "item",
            ["adjustable_quantity"] = null,
            ["amount_discount"] = 0,
            ["amount_subtotal"] = amount,
            ["amount_tax"] = 0,
            ["amount_total"] = amount,
            ["currency"] = price.Body.Text("currency"),
            ["description"] = account.Objects.FindPlain("product", price.Body.Text("product"))?.Body.Text("name"),
            ["metadata"] = new JsonObject(),
            ["price"] = price.Render(account),
            ["quantity"] = item.Int("quantity"),
        };
    }

    public static JsonObject New(Account account, JsonObject parameters, string mode, CustomerRecord? customer, IReadOnlyList<JsonObject> items, long expiresAt)
    {
        var id = account.Objects.NewId("cs_test");
        var total = items.Sum(item => AmountOf(account, item));
        var currency = items.Count == 0 ? parameters.Text("currency") : account.Objects.FindPlain("price", items[0].Text("price"))!.Body.Text("currency");
        var session = new JsonObject
        {
            ["id"] = id,
            ["object"] = "checkout.session",
            ["adaptive_pricing"] = null,
            ["after_expiration"] = null,
            ["allow_promotion_codes"] = parameters.Flag("allow_promotion_codes"),
            ["amount_subtotal"] = mode == "setup" ? null : total,
            ["amount_total"] = mode == "setup" ? null : total,
            ["automatic_tax"] = new JsonObject { ["enabled"] = false, ["liability"] = null, ["provider"] = null, ["status"] = null },
            ["billing_address_collection"] = parameters.Text("billing_address_collection"),
            ["cancel_url"] = parameters.Text("cancel_url"),
            ["client_reference_id"] = parameters.Text("client_reference_id"),
            ["client_secret"] = null,
            ["collected_information"] = null,
            ["consent"] = null,
            ["consent_collection"] = null,
            ["created"] = account.Now,
            ["currency"] = currency,
            ["currency_conversion"] = null,
            ["custom_fields"] = new JsonArray(),
            ["custom_text"] = new JsonObject { ["after_submit"] = null, ["shipping_address"] = null, ["submit"] = null, ["terms_of_service_acceptance"] = null },
            ["customer"] = customer?.Id,
            ["customer_account"] = null,
            ["customer_creation"] = customer is null ? "always" : null,
            ["customer_details"] = null,
            ["customer_email"] = parameters.Text("customer_email"),
            ["discounts"] = new JsonArray(),
            ["expires_at"] = parameters.Int("expires_at") ?? expiresAt,
            ["integration_identifier"] = null,
            ["invoice"] = null,
            ["invoice_creation"] = null,
            ["livemode"] = false,
            ["locale"] = parameters.Text("locale"),
            ["managed_payments"] = null,
            ["metadata"] = new JsonObject(),
            ["mode"] = mode,
            ["origin_context"] = null,
            ["payment_intent"] = null,
            ["payment_link"] = null,
            ["payment_method_collection"] = parameters.Text("payment_method_collection") ?? "always",
            ["payment_method_configuration_details"] = null,
            ["payment_method_options"] = new JsonObject(),
            ["payment_method_types"] = new JsonArray("card"),
            ["payment_status"] = mode == "setup" ? "no_payment_required" : "unpaid",
            ["permissions"] = null,
            ["phone_number_collection"] = new JsonObject { ["enabled"] = false },
            ["recovered_from"] = null,
            ["saved_payment_method_options"] = null,
            ["setup_intent"] = null,
            ["shipping_address_collection"] = null,
            ["shipping_cost"] = null,
            ["shipping_options"] = new JsonArray(),
            ["status"] = "open",
            ["submit_type"] = null,
            ["subscription"] = null,
            ["success_url"] = parameters.Text("success_url"),
            ["total_details"] = mode == "setup" ? null : new JsonObject { ["amount_discount"] = 0, ["amount_shipping"] = 0, ["amount_tax"] = 0 },
            ["ui_mode"] = parameters.Text("ui_mode") ?? "hosted_page",
            ["url"] = $"{account.BaseAddress}/c/pay/{id}",
            ["wallet_options"] = null,
        };
        session.TakeMetadata(parameters);
        return session;
    }

    private static long AmountOf(Account account, JsonObject item)
    {
        var price = account.Objects.FindPlain("price", item.Text("price"))!.Body;
        return (long)decimal.Round((price.Number("unit_amount_decimal") ?? 0) * (item.Int("quantity") ?? 1), MidpointRounding.AwayFromZero);
    }
}
