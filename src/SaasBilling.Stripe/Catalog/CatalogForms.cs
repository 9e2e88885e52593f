using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Catalog;

/// <summary>What is declared, as requests. Pure. Each carries a fingerprint of itself, by which a sync sees what is as declared.</summary>
internal sealed class CatalogForms(CatalogNames names)
{
    private const int LongestName = 250;

    public static StripeForm Product(string key, string name, string? description, IReadOnlyDictionary<string, string> metadata)
    {
        var form = new StripeForm().Add("name", Cut(name)).Add("description", string.IsNullOrEmpty(description) ? null : description).Add("active", true);
        foreach (var (entry, value) in metadata)
            form.Add(Names.Metadata(entry), value);
        return Fingerprinted(form.Add(Names.Metadata(Names.Product), key));
    }

    /// <param name="price">The price.</param>
    /// <param name="ownerKey">The plan or add-on.</param>
    /// <param name="meterId">Stripe's id of the meter, of a metered price.</param>
    public StripeForm Price(Price price, string ownerKey, string? meterId)
    {
        var form = Recurring(price.Key, ownerKey, price.Currency, price.Interval);
        if (price.Kind == PriceKind.Metered)
            form.Add("recurring[usage_type]", "metered").Add("recurring[meter]", meterId);
        if (price.Tiers.Count > 0)
            AddTiers(form, price);
        else if (price.Package is { } package)
            form.Add("unit_amount_decimal", WireMoney.ToUnitAmount(package.Amount, price.Currency)).Add("transform_quantity[divide_by]", package.Units).Add("transform_quantity[round]", "up");
        else
            form.Add("unit_amount_decimal", WireMoney.ToUnitAmount(price.UnitAmount ?? 0, price.Currency));
        return Fingerprinted(form);
    }

    /// <summary>A plan without prices: a price of zero, a month.</summary>
    public StripeForm FreePrice(string planKey, Currency currency) => Fingerprinted(
        Recurring(CatalogNames.FreePriceKey(planKey, currency), planKey, currency, BillingInterval.Monthly).Add("unit_amount_decimal", "0").Add(Names.Metadata(Names.Free), Names.Yes));

    /// <param name="coupon">The coupon.</param>
    public StripeForm Coupon(Coupon coupon)
    {
        var form = new StripeForm().Add("id", names.CouponId(coupon.Key)).Add("name", coupon.Key.Length <= 40 ? coupon.Key : coupon.Key[..40]);
        if (coupon.PercentOff is { } percent)
            form.Add("percent_off", percent.ToString("0.####", CultureInfo.InvariantCulture));
        if (coupon.AmountOff is { } amount)
            form.Add("amount_off", WireMoney.ToWire(amount)).Add("currency", WireMoney.CodeOf(amount.Currency));
        form.Add("duration", coupon.Duration switch
        {
            CouponDuration.Repeating => "repeating",
            CouponDuration.Forever => "forever",
            _ => "once",
        })
            .Add("duration_in_months", coupon.DurationInMonths)
            .Add("max_redemptions", coupon.MaxRedemptions)
            .Add("redeem_by", coupon.RedeemBy);
        for (var i = 0; i < coupon.AppliesTo.Count; i++)
            form.Add($"applies_to[products][{i}]", names.ProductId(coupon.AppliesTo[i]));
        return Fingerprinted(form);
    }

    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSupportedByProvider"/>: Stripe cannot count so.</exception>
    public static StripeForm Meter(Meter meter) => new StripeForm()
        .Add("display_name", meter.Key)
        .Add("event_name", meter.Key)
        .Add("default_aggregation[formula]", FormulaOf(meter))
        .Add("customer_mapping[type]", "by_id")
        .Add("customer_mapping[event_payload_key]", "stripe_customer_id")
        .Add("value_settings[event_payload_key]", "value");

    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSupportedByProvider"/>: Stripe cannot count so.</exception>
    internal static string FormulaOf(Meter meter) => meter.Aggregation switch
    {
        UsageAggregation.Sum => "sum",
        UsageAggregation.Count => "count",
        UsageAggregation.Last => "last",
        _ => throw new BillingException(
            BillingErrorCode.NotSupportedByProvider,
            $"The billing provider 'stripe' cannot bill the meter '{meter.Key}': Stripe's meters have no maximum. Use UsageAggregation.Sum, Count or Last."),
    };

    internal static string FingerprintOf(StripeForm form) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(form.Encode())))[..16];

    private StripeForm Recurring(string priceKey, string ownerKey, Currency currency, BillingInterval interval) => new StripeForm()
        .Add("product", names.ProductId(ownerKey))
        .Add("currency", WireMoney.CodeOf(currency))
        .Add("nickname", priceKey)
        .Add("lookup_key", names.LookupKey(priceKey))
        .Add("transfer_lookup_key", true)
        .Add("recurring[interval]", Commands.SubscriptionForms.UnitOf(interval))
        .Add("recurring[interval_count]", interval.Count)
        .Add(Names.Metadata(Names.Price), priceKey);

    private static void AddTiers(StripeForm form, Price price)
    {
        form.Add("billing_scheme", "tiered").Add("tiers_mode", price.TierMode == TierMode.Volume ? "volume" : "graduated");
        for (var i = 0; i < price.Tiers.Count; i++)
        {
            var tier = price.Tiers[i];
            form.Add($"tiers[{i}][up_to]", tier.UpTo is { } last ? last.ToString(CultureInfo.InvariantCulture) : "inf")
                .Add($"tiers[{i}][unit_amount_decimal]", WireMoney.ToUnitAmount(tier.UnitAmount, price.Currency));
            if (tier.FlatAmount != 0)
                form.Add($"tiers[{i}][flat_amount_decimal]", WireMoney.ToUnitAmount(tier.FlatAmount, price.Currency));
        }
    }

    private static StripeForm Fingerprinted(StripeForm form) => form.Add(Names.Metadata(Names.Declared), FingerprintOf(form));

    private static string Cut(string name) => name.Length <= LongestName ? name : name[..LongestName];
}
