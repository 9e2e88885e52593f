using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Objects;

/// <summary>The old name of a price, which subscription items still carry.</summary>
internal static class PriceJson
{
    public static JsonObject PlanOf(Account account, string priceId)
    {
        var price = account.Objects.FindPlain("price", priceId)!.Body;
        var recurring = price.Object("recurring");
        return new JsonObject
        {
            ["id"] = priceId,
            ["object"] = "plan",
            ["active"] = price.Flag("active"),
            ["amount"] = price["unit_amount"]?.DeepClone(),
            ["amount_decimal"] = price["unit_amount_decimal"]?.DeepClone(),
            ["billing_scheme"] = price.Text("billing_scheme"),
            ["created"] = price.Int("created"),
            ["currency"] = price.Text("currency"),
            ["interval"] = recurring?.Text("interval") ?? "month",
            ["interval_count"] = recurring?.Int("interval_count") ?? 1,
            ["livemode"] = false,
            ["metadata"] = price["metadata"]!.DeepClone(),
            ["meter"] = recurring?.Text("meter"),
            ["nickname"] = price.Text("nickname"),
            ["product"] = price.Text("product"),
            ["tiers_mode"] = price.Text("tiers_mode"),
            ["transform_usage"] = price["transform_quantity"]?.DeepClone(),
            ["trial_period_days"] = null,
            ["usage_type"] = recurring?.Text("usage_type") ?? "licensed",
        };
    }
}
