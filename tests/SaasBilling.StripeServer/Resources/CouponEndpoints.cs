using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/coupons</c>.</summary>
internal static class CouponEndpoints
{
    public static void Map(Router router)
    {
        router.Post("/v1/coupons", Create);
        router.Get("/v1/coupons", call => call.Page(call.Objects.All("coupon")));
        router.Get("/v1/coupons/{id}", call => call.Require("coupon", "coupon").Render(call.Account));
        router.Post("/v1/coupons/{id}", call =>
        {
            var coupon = call.Require("coupon", "coupon");
            coupon.Body.Take(call.Parameters, "name");
            coupon.Body.TakeMetadata(call.Parameters);
            call.Account.Events.TellChange(coupon, "coupon.updated");
            return coupon.Render(call.Account);
        });
        router.Delete("/v1/coupons/{id}", call =>
        {
            var coupon = call.Require("coupon", "coupon");
            call.Objects.Remove(coupon);
            call.Account.Events.Tell("coupon.deleted", coupon.Render(call.Account), call.Account.Now);
            return Call.Deleted("coupon", coupon.Id);
        });
    }

    private static JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        var percent = parameters.Number("percent_off");
        var amount = parameters.Int("amount_off");
        if (percent is null == amount is null)
            throw StripeFault.Invalid("You must pass either `percent_off` or `amount_off` (and `currency`), and not both.", "percent_off");
        if (amount is not null && !parameters.Has("currency"))
            throw StripeFault.Missing("currency");

        var duration = parameters.Text("duration") ?? "once";
        if (duration == "repeating" && parameters.Int("duration_in_months") is null)
            throw StripeFault.Missing("duration_in_months");

        var id = ChosenIds.Check(parameters.Text("id")) ?? call.Objects.NewId("coupon")["coupon_".Length..];
        if (call.Objects.Find(id) is not null)
            throw StripeFault.Invalid("Coupon already exists.", "id", "resource_already_exists");

        var coupon = call.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = id,
            ["object"] = "coupon",
            ["amount_off"] = amount,
            ["created"] = call.Account.Now,
            ["currency"] = parameters.Text("currency")?.ToLowerInvariant(),
            ["duration"] = duration,
            ["duration_in_months"] = parameters.Int("duration_in_months"),
            ["livemode"] = false,
            ["max_redemptions"] = parameters.Int("max_redemptions"),
            ["metadata"] = new JsonObject(),
            ["name"] = parameters.Text("name"),
            ["percent_off"] = percent,
            ["redeem_by"] = parameters.Int("redeem_by"),
            ["times_redeemed"] = 0,
            ["valid"] = true,
        }));
        if (parameters.Object("applies_to") is { } only)
            coupon.Body["applies_to"] = only.DeepClone();
        coupon.Body.TakeMetadata(parameters);
        call.Account.Events.TellNew(coupon, "coupon.created");
        return coupon.Render(call.Account);
    }
}
