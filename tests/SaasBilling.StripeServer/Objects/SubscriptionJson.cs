using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Objects;

/// <summary>How a subscription is written.</summary>
internal static class SubscriptionJson
{
    public static string StatusOf(SubscriptionStatus status) => status switch
    {
        SubscriptionStatus.Trialing => "trialing",
        SubscriptionStatus.Active => "active",
        SubscriptionStatus.Incomplete => "incomplete",
        SubscriptionStatus.IncompleteExpired => "incomplete_expired",
        SubscriptionStatus.PastDue => "past_due",
        SubscriptionStatus.Unpaid => "unpaid",
        SubscriptionStatus.Paused => "paused",
        _ => "canceled",
    };

    public static JsonObject Render(Account account, SubscriptionRecord record) => Render(account, record, record.Engine);

    public static JsonObject Render(Account account, SubscriptionRecord record, EngineSubscription subscription)
    {
        var body = record.Body;
        var currency = subscription.Currency.IsNone ? "usd" : Worlds.WireMoney.Code(subscription.Currency);
        return new JsonObject
        {
            ["id"] = record.Id,
            ["object"] = "subscription",
            ["application"] = null,
            ["application_fee_percent"] = null,
            ["automatic_tax"] = body["automatic_tax"]?.DeepClone() ?? NoTax(),
            ["billing_cycle_anchor"] = subscription.Anchor,
            ["billing_cycle_anchor_config"] = null,
            ["billing_mode"] = new JsonObject { ["flexible"] = new JsonObject { ["proration_discounts"] = "included" }, ["type"] = "flexible" },
            ["billing_schedules"] = new JsonArray(),
            ["billing_thresholds"] = null,
            ["cancel_at"] = Set(subscription.CancelsAt),
            ["cancel_at_period_end"] = subscription.CancelsAtPeriodEnd,
            ["canceled_at"] = Set(subscription.CanceledAt),
            ["cancellation_details"] = CancellationDetails(body, subscription),
            ["collection_method"] = subscription.IsSent ? "send_invoice" : "charge_automatically",
            ["created"] = record.Created,
            ["currency"] = currency,
            ["customer"] = record.Customer.Id,
            ["customer_account"] = null,
            ["days_until_due"] = subscription.DueInDays,
            ["default_payment_method"] = body.Text("default_payment_method"),
            ["default_source"] = null,
            ["default_tax_rates"] = new JsonArray(),
            ["description"] = body.Text("description"),
            ["discounts"] = Json.ArrayOf(subscription.Discounts.Select(discount => (JsonNode)DiscountJson.IdOf(account, record, discount))),
            ["ended_at"] = Set(subscription.EndedAt),
            ["invoice_settings"] = new JsonObject { ["account_tax_ids"] = null, ["custom_fields"] = null, ["description"] = null, ["footer"] = null, ["issuer"] = new JsonObject { ["type"] = "self" } },
            ["items"] = Paging.Wrap($"/v1/subscription_items?subscription={record.Id}", subscription.Items.Select(item => Item(account, record, subscription, item))),
            ["latest_invoice"] = record.LatestInvoice,
            ["livemode"] = false,
            ["managed_payments"] = new JsonObject { ["enabled"] = false },
            ["metadata"] = body["metadata"]?.DeepClone() ?? new JsonObject(),
            ["next_pending_invoice_item_invoice"] = null,
            ["on_behalf_of"] = null,
            ["pause_collection"] = Pause(subscription),
            ["payment_settings"] = PaymentSettings(body),
            ["pending_invoice_item_interval"] = null,
            ["pending_setup_intent"] = body.Text("pending_setup_intent"),
            ["pending_update"] = null,
            ["schedule"] = record.Schedule,
            ["start_date"] = record.Created,
            ["status"] = StatusOf(subscription.Status),
            ["test_clock"] = record.Customer.World.ClockId,
            ["transfer_data"] = null,
            ["trial_end"] = Set(subscription.TrialEnd),
            ["trial_settings"] = new JsonObject { ["end_behavior"] = new JsonObject { ["missing_payment_method"] = TrialEndOf(subscription.WhenNoPaymentMethod) } },
            ["trial_start"] = Set(subscription.TrialStart),
        };
    }

    public static JsonObject Item(Account account, SubscriptionRecord record, EngineSubscription subscription, EngineItem item)
    {
        var known = record.Item(account.Objects, item, record.Customer.World.Now);
        var rendered = new JsonObject
        {
            ["id"] = known.Id,
            ["object"] = "subscription_item",
            ["billing_thresholds"] = null,
            ["created"] = known.Created,
            ["current_period_end"] = subscription.PeriodEnd,
            ["current_period_start"] = subscription.PeriodStart,
            ["discounts"] = new JsonArray(),
            ["metadata"] = known.Metadata.DeepClone(),
            ["plan"] = PriceJson.PlanOf(account, item.Price.Price.Key),
            ["price"] = account.Objects.Find(item.Price.Price.Key)!.Render(account),
            ["subscription"] = record.Id,
            ["tax_rates"] = new JsonArray(),
        };
        if (!item.IsMetered)
            rendered["quantity"] = item.Quantity;
        return rendered;
    }

    public static JsonNode? Set(long instant) => instant == Instants.Never ? null : instant;

    public static string TrialEndOf(TrialEndBehavior behavior) => behavior switch
    {
        TrialEndBehavior.Cancel => "cancel",
        TrialEndBehavior.Pause => "pause",
        _ => "create_invoice",
    };

    private static JsonObject NoTax() => new() { ["disabled_reason"] = null, ["enabled"] = false, ["liability"] = null };

    private static JsonObject CancellationDetails(JsonObject body, EngineSubscription subscription)
    {
        var given = body.Object("cancellation_details");
        var reason = subscription.CanceledAt == Instants.Never ? null : body.Text("cancellation_reason") ?? "cancellation_requested";
        return new JsonObject
        {
            ["comment"] = given?.Text("comment"),
            ["feedback"] = given?.Text("feedback"),
            ["reason"] = subscription.CanceledAt != Instants.Never && subscription.PastDueSince != Instants.Never && subscription.EndedAt != Instants.Never && body.Text("cancellation_reason") is null
                ? "payment_failed"
                : reason,
        };
    }

    private static JsonObject? Pause(EngineSubscription subscription) => subscription.Pause is not { } pause ? null : new JsonObject
    {
        ["behavior"] = pause.Behavior switch
        {
            PauseBehavior.Void => "void",
            PauseBehavior.MarkUncollectible => "mark_uncollectible",
            _ => "keep_as_draft",
        },
        ["resumes_at"] = pause.ResumesAt is { } at ? Instants.From(at) : null,
    };

    private static JsonObject PaymentSettings(JsonObject body)
    {
        var settings = new JsonObject { ["payment_method_options"] = null, ["payment_method_types"] = null, ["save_default_payment_method"] = "off" };
        if (body.Object("payment_settings") is { } given)
            settings.Take(given, "payment_method_options", "payment_method_types", "save_default_payment_method");
        return settings;
    }
}
