using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SaasBilling.Conformance.Providers;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Tests.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Tests.Provider;

/// <summary>A provider on a Stripe that has one customer, and answers every list with what the test gave.</summary>
internal sealed class Given
{
    private readonly Dictionary<string, Func<SeenRequest, string>> _answers = [];

    public Given()
    {
        Stripe = new FakeStripe { Otherwise = Answer };
        Options = new StripeBillingOptions { ApiKey = "sk_test_1", WebhookSecrets = ["whsec_1"], HttpHandler = Stripe };
        On("GET /v1/customers/search", Shapes.List(Shapes.Customer));
        On("GET /v1/customers/cus_1", Shapes.Customer);
        On("GET /v1/subscriptions", Shapes.List(Shapes.Subscription()));
        On("GET /v1/subscriptions/sub_1", Shapes.Subscription());
        On("GET /v1/invoices", Shapes.List(Shapes.Invoice));
        On("GET /v1/invoices/in_1", Shapes.Invoice);
        On("GET /v1/customers/cus_1/payment_methods", Shapes.List(Shapes.Card));
        On("GET /v1/prices", request => Shapes.List(request.Form.Where(pair => pair.Key.StartsWith("lookup_keys", StringComparison.Ordinal))
            .Select(pair => pair.Value["saasbilling:".Length..]).Select(key => Shapes.Price($"price_{key.Replace('/', '_')}", key))));
        On("GET /v1/prices/price_pro", Shapes.Price());
        On("GET /v1/prices/price_seat", Shapes.Price("price_seat", "team/seat/usd/month"));
        On("GET /v1/payment_intents/pi_1", """{"id":"pi_1","status":"requires_payment_method"}""");
        On("GET /v1/payment_methods/pm_1", Shapes.Card);
        On("POST /v1/payment_methods/pm_card_visa/attach", Shapes.Card);
        On("POST /v1/invoices/in_1/finalize", Shapes.Invoice);
        On("GET /v1/invoice_payments", Shapes.List("""{"id":"inpay_1","object":"invoice_payment","payment":{"type":"payment_intent","payment_intent":"pi_1"}}"""));
        On("POST /v1/checkout/sessions", """{"id":"cs_2","object":"checkout.session","url":"https://checkout.stripe.com/c/2","created":20,"expires_at":1785542500,"customer":"cus_1"}""");
        On("GET /v1/checkout/sessions", Shapes.List("""{"id":"cs_1","object":"checkout.session","created":10,"metadata":{"saasbilling_name":"default"}}""", """{"id":"cs_0","object":"checkout.session","created":10,"metadata":{"saasbilling_name":"side"}}"""));
        On("POST /v1/billing_portal/sessions", """{"id":"bps_1","url":"https://billing.stripe.com/p/1"}""");
        On("POST /v1/invoices/create_preview", Shapes.Invoice);
        On("POST /v1/subscription_schedules", Schedule(""));
        Provider = StripeProvider.Create(new HttpStripeTransport(Options), Options, Catalog, Time, NullLoggerFactory.Instance);
    }

    public static PlanCatalog Catalog { get; } = ConformanceCatalog.Build();

    public SkippingTime Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(Shapes.Start).AddDays(10));

    public DateTimeOffset Now => Time.GetUtcNow();

    public FakeStripe Stripe { get; }

    public StripeBillingOptions Options { get; }

    public StripeProvider Provider { get; }

    public IEnumerable<SeenRequest> Posts => Stripe.Seen.Where(seen => seen.Method != "GET");

    public static string Schedule(string metadata) => $$"""
        {"id":"sub_sched_1","object":"subscription_schedule","status":"active","metadata":{ {{metadata}} },
         "phases":[{"start_date":{{Shapes.Start}},"end_date":{{Shapes.End}},"items":[{"price":"price_pro","quantity":1}],"metadata":{} },
                   {"start_date":{{Shapes.End}},"end_date":{{Shapes.End + 2592000}},"items":[{"price":"price_solo_usd_month","quantity":1}],"metadata":{"saasbilling_plan":"solo"} }]}
        """;

    public static StripeObject Read(string json) => StripeObject.Of(JsonDocument.Parse(json).RootElement);

    public Given On(string request, string answer) => On(request, _ => answer);

    public Given On(string request, Func<SeenRequest, string> answer)
    {
        _answers[request] = answer;
        return this;
    }

    /// <summary>Answers with an error.</summary>
    public Given Refuse(string request, int status, string error) => On(request, _ => $"{status}{error}");

    private (int Status, string Body) Answer(SeenRequest request)
    {
        if (_answers.TryGetValue($"{request.Method} {request.Path}", out var answer))
        {
            var text = answer(request);
            return char.IsAsciiDigit(text[0]) ? (int.Parse(text[..3], System.Globalization.CultureInfo.InvariantCulture), $$"""{"error":{{text[3..]}}}""") : (200, text);
        }

        // What is made has an id; lists of which the test says nothing are empty.
        return request.Method == "GET"
            ? (200, Shapes.List())
            : (200, $$"""{"id":"{{IdOf(request.Path)}}","object":"thing","customer":"cus_1","status":"open"}""");
    }

    private static string IdOf(string path) => path.Split('/') switch
    {
        [_, _, "invoiceitems"] => "ii_1",
        [_, _, "invoices"] => "in_1",
        [_, _, "subscriptions"] => "sub_1",
        [_, _, "refunds"] => "re_1",
        [_, _, "customers"] => "cus_1",
        [_, _, _, var id, ..] => id,
        _ => "obj_1",
    };
}
