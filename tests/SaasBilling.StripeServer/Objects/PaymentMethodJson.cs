using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Objects;

/// <summary>How payment methods are written.</summary>
internal static class PaymentMethodJson
{
    private const string CardNote = "token";

    public static PlainResource New(Account account, TestCard card, long now)
    {
        var month = Instants.At(now).Month;
        var year = Instants.At(now).Year + 3;
        var made = account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("pm"),
            ["object"] = "payment_method",
            ["allow_redisplay"] = "unspecified",
            ["billing_details"] = NoBillingDetails(),
            ["card"] = new JsonObject
            {
                ["brand"] = card.Brand,
                ["checks"] = new JsonObject { ["address_line1_check"] = null, ["address_postal_code_check"] = null, ["cvc_check"] = "pass" },
                ["country"] = "US",
                ["display_brand"] = card.Brand,
                ["exp_month"] = month,
                ["exp_year"] = year,
                ["fingerprint"] = $"{EngineIds.Hash(card.Token):x16}",
                ["funding"] = "credit",
                ["generated_from"] = null,
                ["last4"] = card.Last4,
                ["networks"] = new JsonObject { ["available"] = new JsonArray(card.Brand), ["preferred"] = null },
                ["regulated_status"] = "unregulated",
                ["three_d_secure_usage"] = new JsonObject { ["supported"] = true },
                ["wallet"] = null,
            },
            ["created"] = now,
            ["customer"] = null,
            ["customer_account"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["type"] = "card",
        }));
        made.Notes[CardNote] = card.Token;
        return made;
    }

    public static TestCard CardOf(PlainResource paymentMethod) => TestCards.Find(paymentMethod.Notes[CardNote]);

    public static JsonObject NoBillingDetails() => new()
    {
        ["address"] = new JsonObject { ["city"] = null, ["country"] = null, ["line1"] = null, ["line2"] = null, ["postal_code"] = null, ["state"] = null },
        ["email"] = null,
        ["name"] = null,
        ["phone"] = null,
        ["tax_id"] = null,
    };

    /// <summary>A card as it stands on a charge.</summary>
    public static JsonObject ChargedCard(JsonObject? paymentMethod)
    {
        var card = paymentMethod?.Object("card") ?? [];
        return new JsonObject
        {
            ["amount_authorized"] = null,
            ["authorization_code"] = null,
            ["brand"] = card.Text("brand"),
            ["checks"] = new JsonObject { ["address_line1_check"] = null, ["address_postal_code_check"] = null, ["cvc_check"] = "pass" },
            ["country"] = card.Text("country"),
            ["exp_month"] = card.Int("exp_month") ?? 1,
            ["exp_year"] = card.Int("exp_year") ?? 2000,
            ["extended_authorization"] = new JsonObject { ["status"] = "disabled" },
            ["fingerprint"] = card.Text("fingerprint"),
            ["funding"] = card.Text("funding"),
            ["incremental_authorization"] = new JsonObject { ["status"] = "unavailable" },
            ["installments"] = null,
            ["last4"] = card.Text("last4"),
            ["mandate"] = null,
            ["multicapture"] = new JsonObject { ["status"] = "unavailable" },
            ["network"] = card.Text("brand"),
            ["network_token"] = new JsonObject { ["used"] = false },
            ["network_transaction_id"] = null,
            ["overcapture"] = new JsonObject { ["maximum_amount_capturable"] = 0, ["status"] = "unavailable" },
            ["regulated_status"] = "unregulated",
            ["three_d_secure"] = null,
            ["transaction_link_id"] = null,
            ["wallet"] = null,
        };
    }
}
