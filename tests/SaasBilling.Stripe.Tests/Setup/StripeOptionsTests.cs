using Microsoft.Extensions.Configuration;
using SaasBilling.Stripe.Setup;

namespace SaasBilling.Stripe.Tests.Setup;

public sealed class StripeOptionsTests
{
    private const string Sold = "the secret key of the account's API keys page (sk_test_… or sk_live_…) or a restricted key (rk_test_… or rk_live_…)";

    [Fact]
    public void Sound_options_have_no_faults() => Assert.Empty(StripeOptionsCheck.Faults(Sound()));

    [Theory]
    [InlineData("rk_live_abc")]
    [InlineData("sk_live_abc")]
    [InlineData("rk_test_abc")]
    public void Every_kind_of_secret_key_is_sound(string key)
    {
        var options = Sound();
        options.ApiKey = key;

        Assert.Empty(StripeOptionsCheck.Faults(options));
    }

    [Theory]
    [InlineData(null, $"is missing; set it to {Sold}, from configuration and not from source code.")]
    [InlineData(" ", $"is missing; set it to {Sold}, from configuration and not from source code.")]
    [InlineData("pk_test_abc", $"is a publishable key (pk_…), which is for browsers; set it to {Sold}.")]
    [InlineData("whsec_abc", $"is a webhook's signing secret (whsec_…), which belongs in WebhookSecrets; set it to {Sold}.")]
    [InlineData("sk_test_abc\n", "has a blank or a character that no key has; copy it again, without what stands around it.")]
    [InlineData("sk_test_", $"is no key of Stripe's; set it to {Sold}.")]
    [InlineData("secret", $"is no key of Stripe's; set it to {Sold}.")]
    public void A_wrong_key_says_the_mend(string? key, string expected)
    {
        var options = Sound();
        options.ApiKey = key;

        Assert.Equal([$"StripeBillingOptions.ApiKey {expected}"], StripeOptionsCheck.Faults(options));
    }

    /// <summary>B-24: a webhook endpoint without a secret was open to anyone. No secret, no start.</summary>
    [Fact]
    public void Without_a_webhook_secret_there_is_no_start()
    {
        var options = Sound();
        options.WebhookSecrets.Clear();

        var fault = Assert.Throws<BillingException>(() => StripeOptionsCheck.ThrowIfWrong(options));

        Assert.Equal(
            "A billing option is wrong:\n- StripeBillingOptions.WebhookSecrets is empty; add the signing secret of the webhook endpoint (whsec_…), from its page in Stripe's dashboard or from 'stripe listen'. Without one, anybody could send webhooks.",
            fault.Message);
    }

    [Fact]
    public void Every_fault_is_named_at_once_and_no_secret_is_repeated()
    {
        var options = new StripeBillingOptions
        {
            ApiKey = "pk_live_hidden",
            WebhookSecrets = ["hidden"],
            ApiBase = new Uri("http://stripe.example"),
            TimeBudget = TimeSpan.Zero,
            AttemptTimeout = TimeSpan.FromMinutes(1),
            MaxRetries = 11,
            WebhookTolerance = TimeSpan.FromDays(1),
            CatalogPrefix = "my prefix",
            PortalConfiguration = "default",
            CheckoutExpiry = TimeSpan.FromDays(2),
        };

        var fault = Assert.Throws<BillingException>(() => StripeOptionsCheck.ThrowIfWrong(options));

        Assert.Equal(BillingErrorCode.InvalidArgument, fault.Code);
        Assert.Equal(
            $"""
            10 billing options are wrong:
            - StripeBillingOptions.ApiKey is a publishable key (pk_…), which is for browsers; set it to {Sold}.
            - StripeBillingOptions.WebhookSecrets[0] is no signing secret; use the whole of it, with its whsec_ and without blanks.
            - StripeBillingOptions.ApiBase would send the key unencrypted; use https, or http to this machine alone.
            - StripeBillingOptions.TimeBudget is 00:00:00; it must be from 00:00:01 to 00:10:00.
            - StripeBillingOptions.AttemptTimeout is 00:01:00; it must be from 00:00:00.1000000 to 00:00:01.
            - StripeBillingOptions.WebhookTolerance is 1.00:00:00; it must be from 00:00:01 to 01:00:00.
            - StripeBillingOptions.CheckoutExpiry is 2.00:00:00; it must be from 00:30:00 to 1.00:00:00.
            - StripeBillingOptions.MaxRetries is 11; it must be from 0 to 10.
            - StripeBillingOptions.CatalogPrefix must have 1 to 40 letters, digits, '-', '_', '.' and ':', such as 'saasbilling:'.
            - StripeBillingOptions.PortalConfiguration must be the id of a portal configuration (bpc_…), or null for the account's default.
            """.ReplaceLineEndings("\n"),
            fault.Message);
        Assert.DoesNotContain("hidden", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:12111", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("https://proxy.example", true)]
    [InlineData("https://proxy.example/v1", false)]
    [InlineData("ftp://127.0.0.1", false)]
    public void The_key_is_sent_encrypted_or_to_this_machine_alone(string address, bool sound)
    {
        var options = Sound();
        options.ApiBase = new Uri(address);

        Assert.Equal(sound, StripeOptionsCheck.Faults(options).Count == 0);
    }

    [Fact]
    public void Configuration_sets_every_option()
    {
        var options = Bind("""
            {
              "ApiKey": "rk_test_1", "WebhookSecret": "whsec_1", "WebhookSecrets": ["whsec_2", "whsec_3"], "ApiBase": "http://127.0.0.1:12111",
              "TimeBudget": "00:01:00", "AttemptTimeout": "00:00:05", "MaxRetries": 2, "WebhookTolerance": "00:10:00", "CatalogPrefix": "acme:",
              "AutomaticTax": true, "PortalConfiguration": "bpc_1", "CheckoutExpiry": "01:00:00", "AllowPromotionCodes": true
            }
            """);

        Assert.Equal(("rk_test_1", "http://127.0.0.1:12111/", "acme:", "bpc_1"), (options.ApiKey, options.ApiBase.AbsoluteUri, options.CatalogPrefix, options.PortalConfiguration));
        Assert.Equal(["whsec_1", "whsec_2", "whsec_3"], options.WebhookSecrets);
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), 2), (options.TimeBudget, options.AttemptTimeout, options.MaxRetries));
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), true, true), (options.WebhookTolerance, options.CheckoutExpiry, options.AutomaticTax, options.AllowPromotionCodes));
    }

    [Fact]
    public void Configuration_that_is_silent_leaves_the_defaults()
    {
        var options = Bind("""{ "WebhookSecrets": "whsec_1" }""");

        Assert.Equal(["whsec_1"], options.WebhookSecrets);
        Assert.Equal((4, "saasbilling:", TimeSpan.FromSeconds(30)), (options.MaxRetries, options.CatalogPrefix, options.TimeBudget));
    }

    [Theory]
    [InlineData("""{ "APIKy": "x" }""", "A billing option is wrong:\n- The configuration's 'Stripe:APIKy' is not an option of Stripe's; use one of these: ApiKey, WebhookSecret, WebhookSecrets, ApiBase, TimeBudget, AttemptTimeout, MaxRetries, WebhookTolerance, CatalogPrefix, AutomaticTax, PortalConfiguration, CheckoutExpiry, AllowPromotionCodes.")]
    [InlineData("""{ "MaxRetries": "many" }""", "A billing option is wrong:\n- The configuration's 'Stripe:MaxRetries' cannot be read; use a whole number.")]
    [InlineData("""{ "ApiBase": "stripe" }""", "A billing option is wrong:\n- The configuration's 'Stripe:ApiBase' cannot be read; use an address such as 'http://127.0.0.1:12111'.")]
    public void Configuration_that_cannot_be_read_says_where(string json, string expected) =>
        Assert.Equal(expected, Assert.Throws<BillingException>(() => Bind(json)).Message);

    private static StripeBillingOptions Bind(string json)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{ "Stripe": {{json}} }"""));
        var options = new StripeBillingOptions();
        StripeOptionsBinding.Bind(new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("Stripe"), options);
        return options;
    }

    private static StripeBillingOptions Sound() => new() { ApiKey = "sk_test_1", WebhookSecrets = ["whsec_1"] };
}
