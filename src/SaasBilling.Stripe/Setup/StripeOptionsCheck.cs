using System.Buffers;
using System.Globalization;
using System.Text;

namespace SaasBilling.Stripe.Setup;

/// <summary>What is wrong with the options, in sentences that say the mend and repeat no secret.</summary>
internal static class StripeOptionsCheck
{
    private const string Type = nameof(StripeBillingOptions);
    private const int LongestPrefix = 40;
    private const string KeyPlace = "the secret key of the account's API keys page (sk_test_… or sk_live_…) or a restricted key (rk_test_… or rk_live_…)";

    private static readonly SearchValues<char> PrefixCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:");

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: every fault, in one message.</exception>
    public static void ThrowIfWrong(StripeBillingOptions options)
    {
        var faults = Faults(options);
        if (faults.Count == 0)
            return;

        var text = new StringBuilder(faults.Count == 1 ? "A billing option is wrong:" : $"{faults.Count} billing options are wrong:");
        foreach (var sentence in faults)
            text.Append("\n- ").Append(sentence);
        throw new BillingException(BillingErrorCode.InvalidArgument, text.ToString());
    }

    internal static List<string> Faults(StripeBillingOptions options)
    {
        var faults = new List<string>();
        if (KeyFault(options.ApiKey) is { } key)
            faults.Add($"{Type}.{nameof(options.ApiKey)} {key}.");
        AddSecretFaults(options.WebhookSecrets, faults);
        if (BaseFault(options.ApiBase) is { } address)
            faults.Add($"{Type}.{nameof(options.ApiBase)} {address}.");
        AddDuration(nameof(options.TimeBudget), options.TimeBudget, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), faults);
        AddDuration(nameof(options.AttemptTimeout), options.AttemptTimeout, TimeSpan.FromMilliseconds(100), Max(options.TimeBudget, TimeSpan.FromSeconds(1)), faults);
        AddDuration(nameof(options.WebhookTolerance), options.WebhookTolerance, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), faults);
        AddDuration(nameof(options.CheckoutExpiry), options.CheckoutExpiry, TimeSpan.FromMinutes(30), TimeSpan.FromHours(24), faults);
        if (options.MaxRetries is < 0 or > 10)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{Type}.{nameof(options.MaxRetries)} is {options.MaxRetries}; it must be from 0 to 10."));
        if (!IsPrefix(options.CatalogPrefix))
            faults.Add($"{Type}.{nameof(options.CatalogPrefix)} must have 1 to {LongestPrefix} letters, digits, '-', '_', '.' and ':', such as 'saasbilling:'.");
        if (options.PortalConfiguration is { } portal && !portal.StartsWith("bpc_", StringComparison.Ordinal))
            faults.Add($"{Type}.{nameof(options.PortalConfiguration)} must be the id of a portal configuration (bpc_…), or null for the account's default.");
        return faults;
    }

    /// <summary>Whether a key is of live mode; the other mode is test, sandboxes included.</summary>
    internal static bool IsLive(string apiKey) => apiKey.StartsWith("sk_live_", StringComparison.Ordinal) || apiKey.StartsWith("rk_live_", StringComparison.Ordinal);

    private static string? KeyFault(string? key)
    {
        if (string.IsNullOrWhiteSpace(key))
            return $"is missing; set it to {KeyPlace}, from configuration and not from source code";
        if (key.StartsWith("pk_", StringComparison.Ordinal))
            return $"is a publishable key (pk_…), which is for browsers; set it to {KeyPlace}";
        if (key.StartsWith("whsec_", StringComparison.Ordinal))
            return $"is a webhook's signing secret (whsec_…), which belongs in {nameof(StripeBillingOptions.WebhookSecrets)}; set it to {KeyPlace}";
        if (key.AsSpan().ContainsAny(" \t\r\n") || !key.All(char.IsAscii))
            return "has a blank or a character that no key has; copy it again, without what stands around it";
        return IsSecretKey(key) ? null : $"is no key of Stripe's; set it to {KeyPlace}";
    }

    private static bool IsSecretKey(string key) =>
        key is ['s' or 'r', 'k', '_', .. var rest]
        && (rest.StartsWith("test_", StringComparison.Ordinal) || rest.StartsWith("live_", StringComparison.Ordinal))
        && rest.Length > "test_".Length;

    private static void AddSecretFaults(IList<string> secrets, List<string> faults)
    {
        const string Property = $"{Type}.{nameof(StripeBillingOptions.WebhookSecrets)}";
        if (secrets.Count == 0)
        {
            faults.Add($"{Property} is empty; add the signing secret of the webhook endpoint (whsec_…), from its page in Stripe's dashboard or from 'stripe listen'. Without one, anybody could send webhooks.");
            return;
        }

        for (var i = 0; i < secrets.Count; i++)
        {
            if (secrets[i] is not { Length: > 6 } secret || !secret.StartsWith("whsec_", StringComparison.Ordinal) || secret.Any(char.IsWhiteSpace))
                faults.Add($"{Property}[{i}] is no signing secret; use the whole of it, with its whsec_ and without blanks.");
        }
    }

    private static string? BaseFault(Uri? address)
    {
        if (address is null || !address.IsAbsoluteUri)
            return "is not an absolute address; leave it out for Stripe, or use one such as 'http://127.0.0.1:12111'";
        if (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            return address.AbsolutePath == "/" && address.Query.Length == 0 ? null : "has a path; use the scheme, the host and the port alone";
        return "would send the key unencrypted; use https, or http to this machine alone";
    }

    private static bool IsPrefix(string? prefix) => prefix is { Length: > 0 and <= LongestPrefix } && !prefix.AsSpan().ContainsAnyExcept(PrefixCharacters);

    private static void AddDuration(string property, TimeSpan value, TimeSpan shortest, TimeSpan longest, List<string> faults)
    {
        if (value < shortest || value > longest)
            faults.Add($"{Type}.{property} is {value}; it must be from {shortest} to {longest}.");
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
