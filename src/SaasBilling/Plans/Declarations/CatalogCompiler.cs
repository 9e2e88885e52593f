namespace SaasBilling.Plans;

/// <summary>Makes the catalog from what was declared, or says everything that is wrong with it.</summary>
internal static class CatalogCompiler
{
    public static PlanCatalog Compile(CatalogDraft draft)
    {
        var faults = draft.Faults;

        CheckKeys(draft.Meters.Select(meter => (meter.Key, meter.Subject)), "meters", faults);
        var meters = draft.Meters.Select(meter => new Meter { Key = meter.Key, Aggregation = meter.Aggregation }).ToList();

        CheckKeys(draft.Offers.Select(offer => (offer.Key, offer.Subject)), "plans and add-ons", faults);
        CheckFeatureKeys(draft, faults);
        var meterKeys = meters.Select(meter => meter.Key).ToList();
        foreach (var offer in draft.Offers)
            OfferFaults.Check(offer, meterKeys, faults);

        var prices = draft.Offers.ToDictionary(offer => offer, offer => PriceCompiler.Compile(offer, faults));
        CheckAddOnsFitPlans(draft.Offers, prices, faults);

        CheckKeys(draft.Coupons.Select(coupon => (coupon.Key, coupon.Subject)), "coupons", faults);
        var offerKeys = draft.Offers.Select(offer => offer.Key).ToList();
        var coupons = draft.Coupons.Select(coupon => CouponCompiler.Compile(coupon, offerKeys, faults)).ToList();

        faults.ThrowIfAny();
        return new PlanCatalog(
            draft.Offers.Where(offer => !offer.IsAddOn).Select(plan => PlanOf(plan, prices[plan])),
            draft.Offers.Where(offer => offer.IsAddOn).Select(addOn => AddOnOf(addOn, prices[addOn])),
            coupons,
            meters,
            draft.Offers.SelectMany(offer => offer.Features).Select(feature => feature.Key).Concat(draft.FeaturesOff.Select(feature => feature.Key)));
    }

    private static void CheckKeys(IEnumerable<(string Key, string Subject)> declared, string among, CatalogFaults faults)
    {
        // Configuration does not tell upper from lower case, so two keys that differ only in it would be one there.
        var first = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, subject) in declared)
        {
            if (!CatalogKeys.IsValid(key))
                faults.Add($"{subject}: a key cannot be written so. {CatalogKeys.Rule}");
            if (!first.TryAdd(key, subject))
                faults.Add($"{subject} has the same key as {Lower(first[key])}. Rename or remove one: keys are unique among {among}, also when upper and lower case are not told apart.");
        }
    }

    // One feature that is written in two ways would be off where the application asks for the other.
    private static void CheckFeatureKeys(CatalogDraft draft, CatalogFaults faults)
    {
        var spelled = new Dictionary<string, (string Key, string Subject)>(StringComparer.OrdinalIgnoreCase);
        var declared = draft.Offers
            .SelectMany(offer => offer.Features.Select(feature => (feature.Key, offer.Subject)))
            .Concat(draft.FeaturesOff.Select(feature => (feature.Key, feature.Subject)));
        foreach (var (key, subject) in declared)
        {
            if (!spelled.TryAdd(key, (key, subject)) && spelled[key].Key != key)
                faults.Add($"{subject} writes feature '{key}' as {Lower(spelled[key].Subject)} does not: '{spelled[key].Key}'. Write it one way.");
        }
    }

    // An add-on is billed with its plan, in the same currency and at the same interval.
    private static void CheckAddOnsFitPlans(List<OfferDeclaration> offers, Dictionary<OfferDeclaration, IReadOnlyList<Price>> prices, CatalogFaults faults)
    {
        var plans = offers.Where(offer => !offer.IsAddOn).ToList();
        if (plans.Any(plan => prices[plan].Count < plan.Prices.Count || plan.HasUnreadablePrice))
            return;

        var sold = plans.SelectMany(plan => prices[plan]).Select(Terms).Distinct().ToList();
        foreach (var addOn in offers.Where(offer => offer.IsAddOn && prices[offer].Count > 0))
        {
            var own = prices[addOn].Select(Terms).Distinct().ToList();
            if (own.Intersect(sold).Any())
                continue;

            faults.Add($"{addOn.Subject} is sold in {string.Join(", ", own)}, "
                + (sold.Count == 0 ? "but no plan has a price" : $"but plans are sold in {string.Join(", ", sold)}")
                + ", so that nobody could have it. Give it a price in a currency and interval of a plan.");
        }

        static string Terms(Price price) => $"{price.Currency}/{price.Interval}";
    }

    private static string Lower(string subject) => char.ToLowerInvariant(subject[0]) + subject[1..];

    private static Plan PlanOf(OfferDeclaration plan, IReadOnlyList<Price> prices) => new()
    {
        Key = plan.Key,
        Name = plan.Name ?? plan.Key,
        Description = plan.Description,
        IsFree = plan.IsFree,
        Prices = prices,
        Trial = plan.Trial,
        Features = FeaturesOf(plan),
        Metadata = plan.Metadata,
    };

    private static AddOn AddOnOf(OfferDeclaration addOn, IReadOnlyList<Price> prices) => new()
    {
        Key = addOn.Key,
        Name = addOn.Name ?? addOn.Key,
        Description = addOn.Description,
        Prices = prices,
        Features = FeaturesOf(addOn),
        Metadata = addOn.Metadata,
    };

    private static KeyedValues<long?> FeaturesOf(OfferDeclaration offer) =>
        KeyedValues<long?>.From(offer.Features.Select(feature => KeyValuePair.Create(feature.Key, feature.Limit)));
}
