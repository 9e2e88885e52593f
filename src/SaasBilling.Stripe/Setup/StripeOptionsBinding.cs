using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SaasBilling.Stripe.Setup;

/// <summary>Reads the options from configuration, member by member: nothing is found by reflection, so that trimming takes nothing away.</summary>
internal static class StripeOptionsBinding
{
    /// <summary>The one secret that most applications have.</summary>
    internal const string WebhookSecret = "WebhookSecret";

    private static readonly string[] Known =
    [
        nameof(StripeBillingOptions.ApiKey), WebhookSecret, nameof(StripeBillingOptions.WebhookSecrets), nameof(StripeBillingOptions.ApiBase),
        nameof(StripeBillingOptions.TimeBudget), nameof(StripeBillingOptions.AttemptTimeout), nameof(StripeBillingOptions.MaxRetries),
        nameof(StripeBillingOptions.WebhookTolerance), nameof(StripeBillingOptions.CatalogPrefix), nameof(StripeBillingOptions.AutomaticTax),
        nameof(StripeBillingOptions.PortalConfiguration), nameof(StripeBillingOptions.CheckoutExpiry), nameof(StripeBillingOptions.AllowPromotionCodes),
    ];

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: a value cannot be read, or a name is not one of ours.</exception>
    public static void Bind(IConfiguration section, StripeBillingOptions options)
    {
        if (section.GetChildren().FirstOrDefault(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw Wrong(unknown.Path, $"is not an option of Stripe's; use one of these: {string.Join(", ", Known)}");

        options.ApiKey = Text(section, nameof(options.ApiKey)) ?? options.ApiKey;
        AddSecrets(section, options.WebhookSecrets);
        options.ApiBase = Value(section, nameof(options.ApiBase), options.ApiBase, static text => new Uri(text), "an address such as 'http://127.0.0.1:12111'");
        options.TimeBudget = Duration(section, nameof(options.TimeBudget), options.TimeBudget);
        options.AttemptTimeout = Duration(section, nameof(options.AttemptTimeout), options.AttemptTimeout);
        options.MaxRetries = Value(section, nameof(options.MaxRetries), options.MaxRetries, static text => int.Parse(text, CultureInfo.InvariantCulture), "a whole number");
        options.WebhookTolerance = Duration(section, nameof(options.WebhookTolerance), options.WebhookTolerance);
        options.CatalogPrefix = Text(section, nameof(options.CatalogPrefix)) ?? options.CatalogPrefix;
        options.AutomaticTax = Value(section, nameof(options.AutomaticTax), options.AutomaticTax, bool.Parse, "true or false");
        options.PortalConfiguration = Text(section, nameof(options.PortalConfiguration)) ?? options.PortalConfiguration;
        options.CheckoutExpiry = Duration(section, nameof(options.CheckoutExpiry), options.CheckoutExpiry);
        options.AllowPromotionCodes = Value(section, nameof(options.AllowPromotionCodes), options.AllowPromotionCodes, bool.Parse, "true or false");
    }

    private static void AddSecrets(IConfiguration section, IList<string> secrets)
    {
        if (Text(section, WebhookSecret) is { } one)
            secrets.Add(one);
        var several = section.GetSection(nameof(StripeBillingOptions.WebhookSecrets));
        if (Text(section, nameof(StripeBillingOptions.WebhookSecrets)) is { } alone)
            secrets.Add(alone);
        foreach (var secret in several.GetChildren())
        {
            if (!string.IsNullOrEmpty(secret.Value))
                secrets.Add(secret.Value);
        }
    }

    private static string? Text(IConfiguration section, string name) => section[name] is { Length: > 0 } text ? text : null;

    private static TimeSpan Duration(IConfiguration section, string name, TimeSpan fallback) =>
        Value(section, name, fallback, static text => TimeSpan.Parse(text, CultureInfo.InvariantCulture), "a duration such as '00:00:30'");

    private static T Value<T>(IConfiguration section, string name, T fallback, Func<string, T> parse, string form)
    {
        if (Text(section, name) is not { } text)
            return fallback;

        try
        {
            return parse(text);
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            throw Wrong(section.GetSection(name).Path, $"cannot be read; use {form}");
        }
    }

    private static BillingException Wrong(string path, string what) => new(BillingErrorCode.InvalidArgument, $"A billing option is wrong:\n- The configuration's '{path}' {what}.");
}
