using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Objects;

/// <summary>How payment intents and charges are written.</summary>
internal static class PaymentJson
{
    public static PlainResource NewIntent(Account account, long now, long amount, string currency, string? customer, string? description)
    {
        var id = account.Objects.NewId("pi");
        return account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = id,
            ["object"] = "payment_intent",
            ["amount"] = amount,
            ["amount_capturable"] = 0,
            ["amount_details"] = new JsonObject { ["tip"] = new JsonObject() },
            ["amount_received"] = 0,
            ["application"] = null,
            ["application_fee_amount"] = null,
            ["automatic_payment_methods"] = null,
            ["canceled_at"] = null,
            ["cancellation_reason"] = null,
            ["capture_method"] = "automatic",
            ["client_secret"] = $"{id}_secret_{SaasBilling.InMemory.Engine.EngineIds.Hash(id):x16}",
            ["confirmation_method"] = "automatic",
            ["created"] = now,
            ["currency"] = currency,
            ["customer"] = customer,
            ["customer_account"] = null,
            ["description"] = description,
            ["excluded_payment_method_types"] = null,
            ["last_payment_error"] = null,
            ["latest_charge"] = null,
            ["livemode"] = false,
            ["managed_payments"] = null,
            ["metadata"] = new JsonObject(),
            ["next_action"] = null,
            ["on_behalf_of"] = null,
            ["payment_method"] = null,
            ["payment_method_configuration_details"] = null,
            ["payment_method_options"] = new JsonObject(),
            ["payment_method_types"] = new JsonArray("card"),
            ["processing"] = null,
            ["receipt_email"] = null,
            ["review"] = null,
            ["setup_future_usage"] = null,
            ["shipping"] = null,
            ["source"] = null,
            ["statement_descriptor"] = null,
            ["statement_descriptor_suffix"] = null,
            ["status"] = "requires_payment_method",
            ["transfer_data"] = null,
            ["transfer_group"] = null,
        }));
    }

    /// <summary>An attempt that reached the bank.</summary>
    /// <param name="account">The account.</param>
    /// <param name="intent">What it was for.</param>
    /// <param name="paymentMethod">The card.</param>
    /// <param name="now">When.</param>
    /// <param name="declineCode">Null: it was paid.</param>
    public static PlainResource NewCharge(Account account, PlainResource intent, string? paymentMethod, long now, string? declineCode)
    {
        var amount = intent.Body.Int("amount");
        var isPaid = declineCode is null;
        var id = account.Objects.NewId("ch");
        var card = account.Objects.FindPlain("payment_method", paymentMethod)?.Body;
        intent.Body["latest_charge"] = id;
        return account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = id,
            ["object"] = "charge",
            ["amount"] = amount,
            ["amount_captured"] = isPaid ? amount : 0,
            ["amount_refunded"] = 0,
            ["application"] = null,
            ["application_fee"] = null,
            ["application_fee_amount"] = null,
            ["balance_transaction"] = null,
            ["billing_details"] = card?["billing_details"]?.DeepClone() ?? PaymentMethodJson.NoBillingDetails(),
            ["calculated_statement_descriptor"] = null,
            ["captured"] = isPaid,
            ["created"] = now,
            ["currency"] = intent.Body.Text("currency"),
            ["customer"] = intent.Body.Text("customer"),
            ["description"] = intent.Body.Text("description"),
            ["disputed"] = false,
            ["failure_balance_transaction"] = null,
            ["failure_code"] = isPaid ? null : declineCode is "expired_card" or "incorrect_cvc" or "processing_error" ? declineCode : "card_declined",
            ["failure_message"] = isPaid ? null : Declines.MessageOf(declineCode),
            ["fraud_details"] = new JsonObject(),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["on_behalf_of"] = null,
            ["outcome"] = new JsonObject
            {
                ["advice_code"] = null,
                ["network_advice_code"] = null,
                ["network_decline_code"] = null,
                ["network_status"] = isPaid ? "approved_by_network" : "declined_by_network",
                ["reason"] = declineCode,
                ["seller_message"] = isPaid ? "Payment complete." : "The bank returned the decline code.",
                ["type"] = isPaid ? "authorized" : declineCode == "highest_risk_level" ? "blocked" : "issuer_declined",
            },
            ["paid"] = isPaid,
            ["payment_intent"] = intent.Id,
            ["payment_method"] = paymentMethod,
            ["payment_method_details"] = new JsonObject { ["card"] = PaymentMethodJson.ChargedCard(card), ["type"] = "card" },
            ["receipt_email"] = null,
            ["receipt_number"] = null,
            ["receipt_url"] = isPaid ? $"{account.BaseAddress}/receipts/{id}" : null,
            ["refunded"] = false,
            ["review"] = null,
            ["shipping"] = null,
            ["source"] = null,
            ["source_transfer"] = null,
            ["statement_descriptor"] = null,
            ["statement_descriptor_suffix"] = null,
            ["status"] = isPaid ? "succeeded" : "failed",
            ["transfer_data"] = null,
            ["transfer_group"] = null,
        }));
    }

    /// <summary>Why the last attempt failed, as it stands on an intent and in an error.</summary>
    public static JsonObject ErrorOf(Account account, string? code, string? paymentMethod)
    {
        var isOfCard = code is "expired_card" or "incorrect_cvc" or "processing_error" or "incorrect_number" or "authentication_required";
        var stripeCode = isOfCard ? code : "card_declined";
        return new JsonObject
        {
            ["code"] = stripeCode,
            ["decline_code"] = code,
            ["doc_url"] = $"https://stripe.com/docs/error-codes/{stripeCode!.Replace('_', '-')}",
            ["message"] = Declines.MessageOf(code),
            ["payment_method"] = account.Objects.FindPlain("payment_method", paymentMethod)?.Render(account),
            ["type"] = "card_error",
        };
    }

    public static JsonObject NextAction(string id) => new()
    {
        ["type"] = "use_stripe_sdk",
        ["use_stripe_sdk"] = new JsonObject { ["type"] = "three_d_secure_redirect", ["stripe_js"] = $"https://hooks.stripe.com/3d_secure_2/{id}", ["source"] = $"payatt_{id}" },
    };

    public static PlainResource NewDispute(Account account, PlainResource charge, long now)
    {
        const int daysToAnswer = 21;
        charge.Body["disputed"] = true;
        return account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("dp"),
            ["object"] = "dispute",
            ["amount"] = charge.Body.Int("amount"),
            ["balance_transactions"] = new JsonArray(),
            ["charge"] = charge.Id,
            ["created"] = now,
            ["currency"] = charge.Body.Text("currency"),
            ["enhanced_eligibility_types"] = new JsonArray(),
            ["evidence"] = new JsonObject(),
            ["evidence_details"] = new JsonObject { ["due_by"] = now + daysToAnswer * 86_400, ["enhanced_eligibility"] = new JsonObject(), ["has_evidence"] = false, ["past_due"] = false, ["submission_count"] = 0 },
            ["is_charge_refundable"] = false,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = charge.Body.Text("payment_intent"),
            ["payment_method_details"] = new JsonObject { ["card"] = new JsonObject { ["brand"] = "visa", ["case_type"] = "chargeback", ["network"] = "visa", ["network_reason_code"] = "10.4" }, ["type"] = "card" },
            ["reason"] = "fraudulent",
            ["status"] = "needs_response",
        }));
    }
}
