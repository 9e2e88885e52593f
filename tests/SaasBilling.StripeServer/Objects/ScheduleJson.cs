using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.Pricing;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Objects;

/// <summary>How subscription schedules are written.</summary>
internal static class ScheduleJson
{
    public static JsonObject New(Account account, CustomerRecord customer, JsonObject parameters)
    {
        var body = new JsonObject
        {
            ["id"] = account.Objects.NewId("sub_sched"),
            ["object"] = "subscription_schedule",
            ["application"] = null,
            ["billing_mode"] = new JsonObject { ["flexible"] = new JsonObject { ["proration_discounts"] = "included" }, ["type"] = "flexible" },
            ["canceled_at"] = null,
            ["completed_at"] = null,
            ["created"] = customer.World.Now,
            ["current_phase"] = null,
            ["customer"] = customer.Id,
            ["customer_account"] = null,
            ["default_settings"] = new JsonObject
            {
                ["application_fee_percent"] = null,
                ["automatic_tax"] = new JsonObject { ["disabled_reason"] = null, ["enabled"] = false, ["liability"] = null },
                ["billing_cycle_anchor"] = "automatic",
                ["billing_thresholds"] = null,
                ["collection_method"] = "charge_automatically",
                ["default_payment_method"] = null,
                ["description"] = null,
                ["invoice_settings"] = new JsonObject { ["account_tax_ids"] = null, ["custom_fields"] = null, ["days_until_due"] = null, ["description"] = null, ["footer"] = null, ["issuer"] = new JsonObject { ["type"] = "self" } },
                ["on_behalf_of"] = null,
                ["transfer_data"] = null,
            },
            ["end_behavior"] = parameters.Text("end_behavior") ?? "release",
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["phases"] = new JsonArray(),
            ["released_at"] = null,
            ["released_subscription"] = null,
            ["status"] = "not_started",
            ["subscription"] = null,
            ["test_clock"] = customer.World.ClockId,
        };
        body.TakeMetadata(parameters);
        return body;
    }

    /// <summary>A phase with its dates.</summary>
    public static JsonObject Phase(Account account, JsonObject given, long start, int index)
    {
        var items = given.Objects("items");
        if (items.Count == 0)
            throw StripeFault.Missing($"phases[{index}][items]");

        var price = account.Catalog.GetPrice(items[0].Text("price") ?? items[0].Text("plan") ?? throw StripeFault.Missing($"phases[{index}][items][0][price]"));
        return new JsonObject
        {
            ["add_invoice_items"] = new JsonArray(),
            ["application_fee_percent"] = null,
            ["billing_cycle_anchor"] = null,
            ["billing_thresholds"] = null,
            ["collection_method"] = null,
            ["currency"] = WireMoney.Code(price.Price.Currency),
            ["default_payment_method"] = null,
            ["default_tax_rates"] = new JsonArray(),
            ["description"] = null,
            ["discounts"] = new JsonArray(),
            ["end_date"] = EndOf(given, start, price.Price.Interval),
            ["invoice_settings"] = null,
            ["items"] = Json.ArrayOf(items.Select(item => (JsonNode)Item(account, item))),
            ["metadata"] = given["metadata"]?.DeepClone() ?? new JsonObject(),
            ["on_behalf_of"] = null,
            ["proration_behavior"] = given.Text("proration_behavior") ?? "create_prorations",
            ["start_date"] = start,
            ["transfer_data"] = null,
            ["trial_end"] = given.Int("trial_end"),
        };
    }

    private static long EndOf(JsonObject given, long start, BillingInterval interval)
    {
        if (given.Int("end_date") is { } end)
            return end;

        if (given.Object("duration") is { } duration)
            interval = RuntimeCatalog.IntervalOf(new JsonObject { ["recurring"] = duration.DeepClone() });
        return Instants.From(BillingCycle.Boundary(Instants.At(start), interval, (int)(given.Int("iterations") ?? 1)));
    }

    private static JsonObject Item(Account account, JsonObject item)
    {
        var price = (item.Text("price") ?? item.Text("plan"))!;
        var rendered = new JsonObject
        {
            ["billing_thresholds"] = null,
            ["discounts"] = new JsonArray(),
            ["metadata"] = item["metadata"]?.DeepClone() ?? new JsonObject(),
            ["plan"] = price,
            ["price"] = price,
            ["tax_rates"] = new JsonArray(),
        };
        if (account.Catalog.GetPrice(price).Price.Kind != PriceKind.Metered)
            rendered["quantity"] = item.Int("quantity") ?? 1;
        return rendered;
    }
}
