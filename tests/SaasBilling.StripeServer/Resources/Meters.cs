using System.Globalization;
using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/billing/meters</c> and <c>/v1/billing/meter_events</c>.</summary>
internal static class Meters
{
    private const long MaxAge = 35 * Instants.SecondsPerDay;
    private const long MaxAhead = 300;

    public static void Map(Router router)
    {
        router.Post("/v1/billing/meters", Create);
        router.Get("/v1/billing/meters", call => call.Page(call.Objects.All<PlainResource>("billing.meter").Where(meter =>
            call.Parameters.Text("status") is not { } status || meter.Body.Text("status") == status)));
        router.Get("/v1/billing/meters/{id}", call => call.Require("billing.meter", "billing meter").Render(call.Account));
        router.Post("/v1/billing/meters/{id}", call =>
        {
            var meter = call.Require("billing.meter", "billing meter");
            meter.Body.Take(call.Parameters, "display_name");
            meter.Body["updated"] = call.Account.Now;
            call.Account.Events.TellChange(meter, "billing.meter.updated");
            return meter.Render(call.Account);
        });
        router.Post("/v1/billing/meters/{id}/deactivate", call => Switch(call, "inactive", "billing.meter.deactivated"));
        router.Post("/v1/billing/meters/{id}/reactivate", call => Switch(call, "active", "billing.meter.reactivated"));
        router.Post("/v1/billing/meter_events", Record);
    }

    private static JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        var name = parameters.Required("event_name");
        if (call.Objects.All<PlainResource>("billing.meter").Any(other => other.Body.Text("event_name") == name && other.Body.Text("status") == "active"))
            throw StripeFault.Invalid($"An active meter with the event name {name} already exists.", "event_name");

        var meter = call.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = call.Objects.NewId("mtr"),
            ["object"] = "billing.meter",
            ["created"] = call.Account.Now,
            ["customer_mapping"] = new JsonObject { ["event_payload_key"] = parameters.Object("customer_mapping")?.Text("event_payload_key") ?? "stripe_customer_id", ["type"] = "by_id" },
            ["default_aggregation"] = new JsonObject { ["formula"] = parameters.Object("default_aggregation")?.Text("formula") ?? throw StripeFault.Missing("default_aggregation") },
            ["display_name"] = parameters.Required("display_name"),
            ["event_name"] = name,
            ["event_time_window"] = parameters.Text("event_time_window"),
            ["livemode"] = false,
            ["status"] = "active",
            ["status_transitions"] = new JsonObject { ["deactivated_at"] = null },
            ["updated"] = call.Account.Now,
            ["value_settings"] = new JsonObject { ["event_payload_key"] = parameters.Object("value_settings")?.Text("event_payload_key") ?? "value" },
        }));
        call.Account.Events.TellNew(meter, "billing.meter.created");
        return meter.Render(call.Account);
    }

    private static JsonObject Switch(Call call, string status, string type)
    {
        var meter = call.Require("billing.meter", "billing meter");
        meter.Body["status"] = status;
        meter.Body.Object("status_transitions")!["deactivated_at"] = status == "active" ? null : call.Account.Now;
        call.Account.Events.TellChange(meter, type, always: true);
        return meter.Render(call.Account);
    }

    private static JsonObject Record(Call call)
    {
        var parameters = call.Parameters;
        var name = parameters.Required("event_name");
        var meter = call.Objects.All<PlainResource>("billing.meter").FirstOrDefault(other => other.Body.Text("event_name") == name && other.Body.Text("status") == "active")
            ?? throw StripeFault.Invalid($"No active meter found for event name {name}.", "event_name", "no_meter");
        var payload = parameters.Object("payload") ?? throw StripeFault.Missing("payload");
        var customer = Customers.Require(call.Account, Read(payload, meter.Body.Object("customer_mapping")!), "payload[stripe_customer_id]");
        var text = Read(payload, meter.Body.Object("value_settings")!, meter.Body.Object("default_aggregation")!.Text("formula") == "count" ? "1" : null);
        if (!decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) || value < 0)
            throw StripeFault.Invalid($"Invalid value in payload: {text}. It must be a number that is not negative.", "payload[value]", "meter_event_invalid_value");

        var now = customer.World.Now;
        var at = parameters.Int("timestamp") ?? now;
        if (at > now + MaxAhead || at < now - MaxAge)
            throw StripeFault.Invalid("The timestamp of a meter event must be within the past 35 calendar days or up to 5 minutes in the future.", "timestamp", "timestamp_out_of_range");

        var identifier = parameters.Text("identifier") ?? call.Objects.NewId("mevt");
        Count(customer, name, value, at, identifier);
        return new JsonObject
        {
            ["object"] = "billing.meter_event",
            ["created"] = now,
            ["event_name"] = name,
            ["identifier"] = identifier,
            ["livemode"] = false,
            ["payload"] = payload.DeepClone(),
            ["timestamp"] = at,
        };
    }

    // Stripe takes usage of a period that is billed, and bills it nowhere.
    private static void Count(CustomerRecord customer, string meter, decimal value, long at, string identifier)
    {
        try
        {
            customer.World.RunAtOnce(customer, (context, engine) =>
            {
                UsageLedger.Record(context, engine, meter, value, at, identifier);
                return true;
            });
        }
        catch (BillingException exception) when (exception.Code == BillingErrorCode.InvalidArgument && exception.Message.Contains("comes too late", StringComparison.Ordinal))
        {
            // As said above.
        }
    }

    private static string Read(JsonObject payload, JsonObject mapping, string? otherwise = null)
    {
        var key = mapping.Text("event_payload_key")!;
        return payload.Text(key) ?? otherwise ?? throw StripeFault.Missing($"payload[{key}]");
    }
}
