using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/promotion_codes</c>: what customers type for a coupon.</summary>
internal static class PromotionCodes
{
    public static void Map(Router router)
    {
        router.Post("/v1/promotion_codes", Create);
        router.Get("/v1/promotion_codes", call => call.Page(call.Objects.All<PlainResource>("promotion_code").Where(code =>
            (call.Parameters.Text("code") is not { } text || string.Equals(code.Body.Text("code"), text, StringComparison.OrdinalIgnoreCase))
            && (call.Parameters.Flag("active") is not { } active || code.Body.Flag("active") == active))));
        router.Get("/v1/promotion_codes/{id}", call => call.Require("promotion_code", "promotion code").Render(call.Account));
        router.Post("/v1/promotion_codes/{id}", call =>
        {
            var code = call.Require("promotion_code", "promotion code");
            code.Body.Take(call.Parameters, "active");
            code.Body.TakeMetadata(call.Parameters);
            call.Account.Events.TellChange(code, "promotion_code.updated");
            return code.Render(call.Account);
        });
    }

    /// <summary>The coupon of a code that can be redeemed.</summary>
    public static string CouponOf(Account account, string id)
    {
        var code = account.Objects.FindPlain("promotion_code", id) ?? throw StripeFault.NoSuchInParameter("promotion code", id, "discounts[0][promotion_code]");
        return code.Body.Flag("active") == true
            ? code.Body.Object("promotion")!.Text("coupon")!
            : throw StripeFault.Invalid("This promotion code is inactive.", "discounts[0][promotion_code]");
    }

    private static JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        var coupon = parameters.Object("promotion")?.Text("coupon") ?? parameters.Text("coupon") ?? throw StripeFault.Missing("promotion[coupon]");
        if (call.Objects.FindPlain("coupon", coupon) is null)
            throw StripeFault.NoSuchInParameter("coupon", coupon, "promotion[coupon]");

        var id = call.Objects.NewId("promo");
        var code = call.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = id,
            ["object"] = "promotion_code",
            ["active"] = parameters.Flag("active") ?? true,
            ["code"] = parameters.Text("code") ?? $"CODE{InMemory.Engine.EngineIds.Hash(id):X8}"[..10],
            ["created"] = call.Account.Now,
            ["customer"] = parameters.Text("customer"),
            ["customer_account"] = null,
            ["expires_at"] = parameters.Int("expires_at"),
            ["livemode"] = false,
            ["max_redemptions"] = parameters.Int("max_redemptions"),
            ["metadata"] = new JsonObject(),
            ["promotion"] = new JsonObject { ["coupon"] = coupon, ["type"] = "coupon" },
            ["restrictions"] = new JsonObject { ["first_time_transaction"] = false, ["minimum_amount"] = null, ["minimum_amount_currency"] = null },
            ["times_redeemed"] = 0,
        }));
        code.Body.TakeMetadata(parameters);
        call.Account.Events.TellNew(code, "promotion_code.created");
        return code.Render(call.Account);
    }
}
