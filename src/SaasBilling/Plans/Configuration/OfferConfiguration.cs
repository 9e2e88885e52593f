namespace SaasBilling.Plans;

/// <summary>Reads a plan or an add-on from configuration.</summary>
internal static class OfferConfiguration
{
    private static readonly string[] PlanProperties = [PlanConfiguration.Key, "Name", "Description", "Free", "Trial", "Prices", "Features", "Metadata"];
    private static readonly string[] AddOnProperties = [PlanConfiguration.Key, "Name", "Description", "Prices", "Features", "Metadata"];

    public static OfferDeclaration Read(OfferDeclaration offer, ConfigurationNode node, CatalogDraft draft)
    {
        if (!node.CheckProperties(offer.IsAddOn ? AddOnProperties : PlanProperties))
        {
            offer.HasUnreadablePrice = true;
            return offer;
        }

        offer.Name = node["Name"].Text();
        offer.Description = node["Description"].Text();
        if (!offer.IsAddOn)
        {
            offer.IsFree = node["Free"].Flag() ?? false;
            offer.Trial = ReadTrial(node["Trial"]);
        }

        foreach (var price in node["Prices"].Entries("a list of prices"))
        {
            if (PriceConfiguration.Read(price) is { } declared)
                offer.Prices.Add(declared);
            else
                offer.HasUnreadablePrice = true;
        }

        foreach (var entry in node["Features"].Entries("an object with true or a limit for each key, or a list"))
            ReadFeature(entry, offer, draft);

        foreach (var entry in node["Metadata"].Entries("an object with a text for each key"))
        {
            if (entry.AnyText() is { } value)
                offer.Metadata[entry.Key] = value;
        }

        return offer;
    }

    // "Trial": 14, or "Trial": { "Days": 14, … }.
    private static TrialTerms? ReadTrial(ConfigurationNode trial)
    {
        if (!trial.Exists)
            return null;

        if (!trial.IsObject)
            return trial.Int() is { } length ? new TrialTerms { Days = length } : null;

        trial.CheckProperties("Days", "RequirePaymentMethod", "WhenNoPaymentMethod");
        if (!trial["Days"].Exists)
            trial.Faults.Add($"{trial.Path} has no Days. Write how long the trial is, such as \"Days\": 14.");

        var requirePaymentMethod = trial["RequirePaymentMethod"].Flag() ?? false;
        var whenNoPaymentMethod = trial["WhenNoPaymentMethod"].Choice<TrialEndBehavior>() ?? TrialEndBehavior.Cancel;
        return trial["Days"].Int() is { } days
            ? new TrialTerms { Days = days, RequirePaymentMethod = requirePaymentMethod, WhenNoPaymentMethod = whenNoPaymentMethod }
            : null;
    }

    // "export": true and "projects": 50 of an object, "export" and { "Key": "projects", "Limit": 50 } of a list.
    private static void ReadFeature(ConfigurationNode entry, OfferDeclaration offer, CatalogDraft draft)
    {
        if (!entry.IsListed)
        {
            Add(entry.Key, entry.Feature());
        }
        else if (entry.IsObject)
        {
            entry.CheckProperties(PlanConfiguration.Key, "Limit");
            if (entry[PlanConfiguration.Key].RequiredText() is { } key)
                Add(key, entry["Limit"].Exists ? entry["Limit"].Feature() : (true, null));
        }
        else
        {
            Add(entry.Value!, (true, null));
        }

        void Add(string key, (bool IsOn, long? Limit)? feature)
        {
            if (feature is { IsOn: true } on)
                offer.Features.Add((key, on.Limit));
            else if (feature is not null)
                draft.FeaturesOff.Add((offer.Subject, key));
        }
    }
}
