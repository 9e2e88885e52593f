namespace SaasBilling.Plans;

/// <summary>What is wrong with a plan or an add-on, apart from its single prices.</summary>
internal static class OfferFaults
{
    public static void Check(OfferDeclaration offer, IReadOnlyList<string> meterKeys, CatalogFaults faults)
    {
        foreach (var fault in PricingFaults(offer)
            .Concat(MeterFaults(offer, meterKeys))
            .Concat(TrialFaults(offer))
            .Concat(FeatureFaults(offer))
            .Concat(MetadataFaults(offer)))
        {
            faults.Add($"{offer.Subject} {fault}");
        }
    }

    private static IEnumerable<string> PricingFaults(OfferDeclaration offer)
    {
        var hasPrice = offer.Prices.Count > 0 || offer.HasUnreadablePrice;
        if (offer.IsAddOn && offer.IsFree)
            yield return "is Free, which only a plan can be. Give it a price, of zero if it costs nothing.";
        else if (offer.IsFree && hasPrice)
            yield return "is Free and has prices. Remove Free, or the prices.";
        else if (!offer.IsFree && !hasPrice)
            yield return offer.IsAddOn ? "has no price. Give it one." : "has no price. Give it one, or make it Free.";
    }

    private static IEnumerable<string> MeterFaults(OfferDeclaration offer, IReadOnlyList<string> meterKeys)
    {
        foreach (var meter in offer.Prices.Select(price => price.Meter).OfType<string>().Distinct().Except(meterKeys))
        {
            var add = offer.Path is null ? $"Add it with AddMeter(\"{meter}\")" : "Add it to Meters";
            yield return meterKeys.Count == 0
                ? $"has a price for meter '{meter}', but there are no meters. {add}."
                : $"has a price for meter '{meter}', which there is not. {add}, or use one of {CatalogKeys.Quote(meterKeys)}.";
        }
    }

    private static IEnumerable<string> TrialFaults(OfferDeclaration offer)
    {
        if (offer.Trial is not { } trial)
            yield break;

        if (offer.IsAddOn)
            yield return "has a trial, which only a plan can have. Remove it: add-ons are free while the plan is on trial.";
        else if (offer.IsFree)
            yield return $"is Free and has a trial, which would end in {trial.WhenNoPaymentMethod} with nothing to pay for. Remove the trial, or give the plan a price in place of Free.";

        if (trial.Days is < 1 or > TrialTerms.MaxDays)
            yield return $"has a trial of {trial.Days} days. Give it 1 to {TrialTerms.MaxDays} days, or leave the trial out.";
    }

    private static IEnumerable<string> FeatureFaults(OfferDeclaration offer)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, limit) in offer.Features)
        {
            if (!CatalogKeys.IsValid(key))
                yield return $"has a feature '{key}', and a key cannot be written so. {CatalogKeys.Rule}";
            if (!seen.Add(key))
                yield return $"has feature '{key}' twice. Keep one.";
            if (limit < 0)
                yield return $"limits feature '{key}' to {limit}. Give a limit of zero or more, or none if it is unlimited.";
        }
    }

    private static IEnumerable<string> MetadataFaults(OfferDeclaration offer)
    {
        if (offer.Metadata.Count > Bounds.MetadataEntries)
            yield return $"has {offer.Metadata.Count} entries of metadata. Keep at most {Bounds.MetadataEntries}.";
        foreach (var (key, value) in offer.Metadata)
        {
            if (key.Length > Bounds.MetadataKey || key.AsSpan().ContainsAny('[', ']'))
                yield return $"has metadata '{key}', and a key cannot be written so. Use at most {Bounds.MetadataKey} characters, and no square brackets.";
            if (value.Length > Bounds.MetadataValue)
                yield return $"has metadata '{key}' with {value.Length} characters. Use at most {Bounds.MetadataValue}.";
        }
    }
}
