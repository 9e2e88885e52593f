using System.Security.Cryptography;
using System.Text;
using SaasBilling.Stripe.Webhooks;

namespace SaasBilling.Stripe.Tests.Webhooks;

/// <summary>Webhooks as Stripe signs them, and a reader that knows the secret.</summary>
internal static class Signed
{
    public const string Secret = "whsec_of_the_tests";

    public static readonly DateTimeOffset Now = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    public const string InvoicePaid = """
        {"id":"evt_1","object":"event","api_version":"2026-07-29.dahlia","created":1785585600,"data":{"object":{"id":"in_1","object":"invoice","customer":"cus_1","lines":{"data":[{"id":"il_1","object":"line_item","customer":"cus_nobody"}]}},"previous_attributes":{"status":"open"}},"livemode":false,"pending_webhooks":1,"type":"invoice.paid"}
        """;

    public static WebhookReader Reader(params string[] secrets) => Reader("sk_test_1", secrets.Length == 0 ? [Secret] : secrets);

    public static WebhookReader Reader(string key, string[] secrets) => new(new StripeBillingOptions { ApiKey = key, WebhookSecrets = [.. secrets] });

    public static string Header(byte[] body, string secret = Secret, DateTimeOffset? at = null)
    {
        var instant = (at ?? Now).ToUnixTimeSeconds();
        return $"t={instant},v1={Mac(body, secret, instant)}";
    }

    public static string Mac(byte[] body, string secret, long instant) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"{instant}."), .. body]));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.Trim());
}
