namespace SaasBilling.Stripe.Tests.Provider;

/// <summary>Objects in Stripe's shapes, with made-up contents. The current one unless a name says otherwise.</summary>
internal static class Shapes
{
    public const long Start = 1_785_542_400; // 2026-08-01 00:00:00Z
    public const long End = 1_788_220_800; // 2026-09-01 00:00:00Z

    public const string Customer = """
        {"id":"cus_1","object":"customer","created":1785542400,"currency":"usd","balance":-1500,"email":"billing@acme.example","name":"Acme",
         "preferred_locales":["de-AT"],"invoice_settings":{"default_payment_method":"pm_1"},
         "metadata":{"saasbilling_customer":"acme","saasbilling_time_zone":"Europe/Vienna","tenant":"7"}}
        """;

    public static string Price(string id = "price_pro", string key = "pro/usd/month", string interval = "month", string usage = "licensed", string extra = "") => $$"""
        {"id":"{{id}}","object":"price","active":true,"currency":"usd","lookup_key":"saasbilling:{{key}}","product":"saasbilling-pro",
         "recurring":{"interval":"{{interval}}","interval_count":1,"usage_type":"{{usage}}"},"unit_amount":2900,"metadata":{"saasbilling_price":"{{key}}"{{extra}} } }
        """;

    public static string Item(string id = "si_1", string? price = null, long quantity = 1) => $$"""
        {"id":"{{id}}","object":"subscription_item","price":{{price ?? Price()}},"quantity":{{quantity}},"current_period_start":{{Start}},"current_period_end":{{End}}}
        """;

    public static string Subscription(string status = "active", string? items = null, string more = "", string id = "sub_1", string metadata = "\"saasbilling_name\":\"default\",\"saasbilling_plan\":\"pro\",\"saasbilling_customer\":\"acme\"") => $$"""
        {"id":"{{id}}","object":"subscription","customer":"cus_1","status":"{{status}}","created":{{Start}},"billing_cycle_anchor":{{Start}},"currency":"usd",
         "collection_method":"charge_automatically","items":{"object":"list","data":[{{items ?? Item()}}]},"metadata":{ {{metadata}} },"discounts":[],
         "latest_invoice":{"id":"in_1","object":"invoice","status":"paid"}{{more}}}
        """;

    /// <summary>acacia (2024): the period, the subscription and the payment stand beside the rest.</summary>
    public const string AcaciaSubscription = """
        {"id":"sub_1","object":"subscription","customer":"cus_1","status":"past_due","created":1785542400,"billing_cycle_anchor":1785542400,"currency":"usd",
         "current_period_start":1785542400,"current_period_end":1788220800,"collection_method":"charge_automatically",
         "items":{"object":"list","data":[{"id":"si_1","object":"subscription_item","quantity":2,
           "plan":{"id":"price_seat","object":"plan","active":true,"currency":"usd","interval":"month","interval_count":1,"usage_type":"licensed","metadata":{"saasbilling_price":"team/seat/usd/month"}}}]},
         "discount":{"id":"di_1","object":"discount","coupon":{"id":"saasbilling-five-forever","object":"coupon"},"start":1785542400,"end":null},
         "metadata":{}}
        """;

    public const string AcaciaInvoice = """
        {"id":"in_1","object":"invoice","customer":"cus_1","subscription":"sub_1","status":"open","billing_reason":"subscription_cycle","currency":"usd","created":1785542400,
         "subtotal":1600,"tax":80,"total":1180,"total_discount_amounts":[{"amount":500,"discount":"di_1"}],"amount_due":1180,"amount_paid":0,"amount_remaining":1180,
         "attempt_count":1,"attempted":true,"collection_method":"charge_automatically","next_payment_attempt":1785801600,"number":"A-0002",
         "status_transitions":{"finalized_at":1785546000},"payment_intent":"pi_1","hosted_invoice_url":"https://invoice.stripe.com/i/1",
         "lines":{"object":"list","has_more":false,"data":[{"id":"il_1","object":"line_item","amount":1600,"description":"2 seats","quantity":2,"type":"subscription","proration":false,
           "price":{"id":"price_seat","object":"price"},"period":{"start":1785542400,"end":1788220800}}]}}
        """;

    /// <summary>basil (2025), clover and dahlia: each in its parent, its pricing, its list of payments.</summary>
    public const string Invoice = """
        {"id":"in_1","object":"invoice","customer":"cus_1","parent":{"type":"subscription_details","subscription_details":{"subscription":"sub_1","metadata":{}}},
         "status":"paid","billing_reason":"subscription_create","currency":"usd","created":1785542400,"subtotal":2900,"total":2900,"total_taxes":[{"amount":0}],
         "total_discount_amounts":[],"amount_due":2900,"amount_paid":2900,"amount_remaining":0,"attempt_count":1,"attempted":true,"auto_advance":false,
         "collection_method":"charge_automatically","next_payment_attempt":null,"number":"A-0001","hosted_invoice_url":"https://invoice.stripe.com/i/1",
         "status_transitions":{"finalized_at":1785542400,"paid_at":1785542401},
         "payments":{"object":"list","data":[{"id":"inpay_1","object":"invoice_payment","status":"paid","payment":{"type":"payment_intent","payment_intent":"pi_1"}}]},
         "lines":{"object":"list","has_more":false,"data":[{"id":"il_1","object":"line_item","amount":2900,"description":"1 × Pro","quantity":1,
           "parent":{"type":"subscription_item_details","subscription_item_details":{"proration":false,"subscription":"sub_1","subscription_item":"si_1"}},
           "pricing":{"type":"price_details","price_details":{"price":"price_pro","product":"saasbilling-pro"}},"period":{"start":1785542400,"end":1788220800}}]}}
        """;

    public static string Charge(string id, bool failed, string? reason = null, string more = "") => $$"""
        {"id":"{{id}}","object":"charge","payment_intent":"pi_1","status":"{{(failed ? "failed" : "succeeded")}}","created":1785546000,"currency":"usd","amount":2900,
         "failure_code":{{(failed ? "\"card_declined\"" : "null")}},"outcome":{"reason":{{(reason is null ? "null" : $"\"{reason}\"")}} }{{more}}}
        """;

    public const string Card = """
        {"id":"pm_1","object":"payment_method","type":"card","customer":"cus_1","card":{"brand":"visa","last4":"4242","exp_month":8,"exp_year":2030}}
        """;

    public static string List(params IEnumerable<string> data) => $$"""{"object":"list","has_more":false,"data":[{{string.Join(",", data)}}]}""";
}
