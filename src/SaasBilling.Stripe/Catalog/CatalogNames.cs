using System.Text;

namespace SaasBilling.Stripe.Catalog;

/// <summary>What the application's keys are called on Stripe.</summary>
/// <param name="prefix">Stands before each of them.</param>
internal sealed class CatalogNames(string prefix)
{
    // Ids that are chosen have letters, digits, '-' and '_' alone: https://docs.stripe.com/upgrades#2018-05-21.
    private readonly string _idPrefix = string.Concat(prefix.Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '-'));

    /// <summary>By which a price is found; it moves on to a new price when the amount changes.</summary>
    public string LookupKey(string priceKey) => prefix + priceKey;

    public string CouponId(string couponKey) => _idPrefix + Escape(couponKey);

    /// <summary>Products are of our own id, so that many instances that make one make the same.</summary>
    public string ProductId(string ownerKey) => _idPrefix + Escape(ownerKey);

    /// <summary>The key of a coupon's id; a coupon that was made elsewhere keeps its id.</summary>
    public string CouponKey(string couponId) => couponId.StartsWith(_idPrefix, StringComparison.Ordinal) ? Unescape(couponId[_idPrefix.Length..]) : couponId;

    /// <summary>Our key of a price; null: it was made elsewhere.</summary>
    public string? PriceKey(string? lookupKey) => lookupKey?.StartsWith(prefix, StringComparison.Ordinal) == true ? lookupKey[prefix.Length..] : null;

    /// <summary>A plan without prices has a price of zero on Stripe, in each currency that is sold in, since a subscription there needs an item.</summary>
    public static string FreePriceKey(string planKey, Currency currency) => $"{planKey}/free/{Wire.WireMoney.CodeOf(currency)}";

    // Keys may have a dot, which ids may not: it is written '_-', and '_' is written twice.
    private static string Escape(string key) => key.Replace("_", "__", StringComparison.Ordinal).Replace(".", "_-", StringComparison.Ordinal);

    private static string Unescape(string id)
    {
        var key = new StringBuilder(id.Length);
        for (var i = 0; i < id.Length; i++)
        {
            var escaped = id[i] == '_' && i + 1 < id.Length ? id[i + 1] : ' ';
            if (escaped is '_' or '-')
                i++;
            key.Append(escaped switch
            {
                '_' => '_',
                '-' => '.',
                _ => id[i],
            });
        }

        return key.ToString();
    }
}
