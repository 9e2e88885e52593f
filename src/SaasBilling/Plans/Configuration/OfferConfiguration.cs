using Microsoft.Extensions.Configuration;

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

        offer.Name = node.Text("Name");
        offer.Description = node.Text("Description");
        if (!offer.IsAddOn)
        {
            offer.IsFree = node.Flag("Free") ?? false;
            offer.Trial = ReadTrial(node, draft.Faults);
        }

        foreach (var price in node.Entries("Prices", "a list of prices"))
        {
            if (PriceConfiguration.Read(new ConfigurationNode(price, draft.Faults), draft.Faults) is { } declared)
                offer.Prices.Add(declared);
            else
                offer.HasUnreadablePrice = true;
        }

        ReadFeatures(offer, node, draft);
        foreach (var entry in node.Entries("Metadata", "an object with a text for each key"))
        {
            if (node.Child("Metadata").AnyText(entry.Key) is { } value)
                offer.Metadata[entry.Key] = value;
        }

        return offer;
    }

    // "Trial": 14, or "Trial": { "Days": 14, … }.
    private static TrialTerms? ReadTrial(ConfigurationNode offer, CatalogFaults faults)
    {
        if (!offer.Has("Trial"))
            return null;

        var trial = offer.Child("Trial");
        if (!trial.IsObject)
            return offer.SmallWhole("Trial") is { } length ? new TrialTerms { Days = length } : null;

        trial.CheckProperties("Days", "RequirePaymentMethod", "WhenNoPaymentMethod");
        var requirePaymentMethod = trial.Flag("RequirePaymentMethod") ?? false;
        var whenNoPaymentMethod = trial.Choice<TrialEndBehavior>("WhenNoPaymentMethod") ?? TrialEndBehavior.Cancel;
        if (!trial.Has("Days"))
            faults.Add($"{trial.Path} has no Days. Write how long the trial is, such as \"Days\": 14.");
        return trial.SmallWhole("Days") is { } days
            ? new TrialTerms { Days = days, RequirePaymentMethod = requirePaymentMethod, WhenNoPaymentMethod = whenNoPaymentMethod }
            : null;
    }

    // { "export": true, "projects": 50 }, or [ "export", { "Key": "projects", "Limit": 50 } ].
    private static void ReadFeatures(OfferDeclaration offer, ConfigurationNode node, CatalogDraft draft)
    {
        var features = node.Child("Features");
        foreach (var entry in node.Entries("Features", "an object with true or a limit for each key, or a list"))
        {
            if (!entry.Key.All(char.IsAsciiDigit))
            {
                ReadFeature(entry.Key, entry.Key, features);
            }
            else if (string.IsNullOrEmpty(entry.Value))
            {
                var listed = features.Child(entry.Key);
                listed.CheckProperties(PlanConfiguration.Key, "Limit");
                if (listed.RequiredText(PlanConfiguration.Key) is not { } key)
                    continue;
                if (listed.Has("Limit"))
                    ReadFeature(key, "Limit", listed);
                else
                    offer.Features.Add((key, null));
            }
            else
            {
                offer.Features.Add((entry.Value, null));
            }
        }

        void ReadFeature(string key, string name, ConfigurationNode from)
        {
            switch (from.Feature(name))
            {
                case { IsOn: true } feature:
                    offer.Features.Add((key, feature.Limit));
                    break;
                case { IsOn: false }:
                    draft.FeaturesOff.Add((offer.Subject, key));
                    break;
            }
        }
    }
}
