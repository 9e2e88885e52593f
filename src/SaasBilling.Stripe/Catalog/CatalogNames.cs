namespace SaasBilling.Stripe.Catalog;

/// <summary>What the application's keys are called on Stripe.</summary>
/// <param name="prefix">Stands before each of them.</param>
internal sealed class CatalogNames(string prefix)
{
    /// <summary>By which a price is found; it moves on to a new price when the amount changes.</summary>
    public string LookupKey(string priceKey) => prefix + priceKey;

    public string CouponId(string couponKey) => prefix + couponKey;

    /// <summary>Products are of our own id, so that many instances that make one make the same.</summary>
    public string ProductId(string ownerKey) => prefix + ownerKey;

    /// <summary>The key of a coupon's id; a coupon that was made elsewhere keeps its id.</summary>
    public string CouponKey(string couponId) => WithoutPrefix(couponId) ?? couponId;

    /// <summary>Our key of a price; null: it was made elsewhere.</summary>
    public string? PriceKey(string? lookupKey) => lookupKey is null ? null : WithoutPrefix(lookupKey);

    /// <summary>A plan without prices has a price of zero on Stripe, in each currency that is sold in, since a subscription there needs an item.</summary>
    public static string FreePriceKey(string planKey, Currency currency) => $"{planKey}/free/{Wire.WireMoney.CodeOf(currency)}";

    private string? WithoutPrefix(string name) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;
}
