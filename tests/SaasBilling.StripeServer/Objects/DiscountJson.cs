using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Objects;

/// <summary>A coupon on a subscription is an object of its own.</summary>
internal static class DiscountJson
{
    /// <summary>The id of a subscription's discount, which is made when somebody looks first.</summary>
    public static string IdOf(Account account, SubscriptionRecord subscription, EngineDiscount discount)
    {
        var known = account.Objects.All<PlainResource>("discount").FirstOrDefault(other =>
            other.Body.Text("subscription") == subscription.Id && CouponOf(other.Body) == discount.Coupon.Key && other.Body.Int("start") == discount.StartsAt);
        if (known is not null)
            return known.Id;

        var body = Body(account, subscription.Customer.Id, discount.Coupon.Key, discount.StartsAt, subscription.Id);
        body["end"] = SubscriptionJson.Set(discount.EndsAt);
        return account.Objects.Add(new PlainResource(body)).Id;
    }

    public static JsonObject Body(Account account, string customer, string coupon, long start, string? subscription) => new()
    {
        ["id"] = account.Objects.NewId("di"),
        ["object"] = "discount",
        ["checkout_session"] = null,
        ["customer"] = customer,
        ["customer_account"] = null,
        ["end"] = null,
        ["invoice"] = null,
        ["invoice_item"] = null,
        ["promotion_code"] = null,
        ["source"] = new JsonObject { ["coupon"] = coupon, ["type"] = "coupon" },
        ["start"] = start,
        ["subscription"] = subscription,
        ["subscription_item"] = null,
    };

    public static string CouponOf(JsonObject discount) => discount.Object("source")!.Text("coupon")!;
}
