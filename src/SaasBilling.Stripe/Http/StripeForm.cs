using System.Globalization;
using System.Text;

namespace SaasBilling.Stripe.Http;

/// <summary>The parameters of a request, in order, in the form that Stripe reads: <c>items[0][price]=price_1</c>.</summary>
internal sealed class StripeForm
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    public static StripeForm Empty { get; } = new();

    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    /// <summary>Null is left out; an empty text unsets what is there.</summary>
    public StripeForm Add(string key, string? value)
    {
        if (value is not null)
            _parameters.Add(new(key, value));
        return this;
    }

    public StripeForm Add(string key, long? value) => Add(key, value?.ToString(CultureInfo.InvariantCulture));

    public StripeForm Add(string key, bool value) => Add(key, value ? "true" : "false");

    public StripeForm Add(string key, DateTimeOffset? instant) => Add(key, instant?.ToUnixTimeSeconds());

    /// <summary>Asks for objects instead of their ids.</summary>
    public StripeForm Expand(params ReadOnlySpan<string> paths)
    {
        for (var i = 0; i < paths.Length; i++)
            Add($"expand[{i}]", paths[i]);
        return this;
    }

    /// <summary>application/x-www-form-urlencoded, which is also how it stands in a query.</summary>
    public string Encode()
    {
        var text = new StringBuilder();
        foreach (var (key, value) in _parameters)
        {
            if (text.Length > 0)
                text.Append('&');
            text.Append(Escape(key)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }

    // Stripe takes brackets as they are or escaped; as they are, a log of the account can be read.
    private static string Escape(string key) => Uri.EscapeDataString(key).Replace("%5B", "[", StringComparison.Ordinal).Replace("%5D", "]", StringComparison.Ordinal);
}
