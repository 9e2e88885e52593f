using Microsoft.Extensions.Configuration;

namespace SaasBilling.Plans;

/// <summary>Reads plans, add-ons, coupons and meters from configuration; the form is described at <c>AddPlans</c>.</summary>
internal static class PlanConfiguration
{
    private const string Plans = "Plans";
    private const string AddOns = "AddOns";
    private const string Coupons = "Coupons";
    private const string Meters = "Meters";
    internal const string Key = "Key";

    private static readonly string[] Sections = [Plans, AddOns, Coupons, Meters];

    public static void Read(IConfiguration configuration, CatalogDraft draft)
    {
        var node = new ConfigurationNode(configuration, draft.Faults);
        if (!Sections.Any(node.Has))
        {
            var place = configuration is IConfigurationSection ? $"Configuration section '{node.Path}'" : "The configuration";
            draft.Faults.Add($"{place} has no Plans, AddOns, Coupons or Meters. Pass the section that holds them, and check its name.");
            return;
        }

        // A root also holds what is not ours: environment variables, logging, connection strings.
        if (configuration is IConfigurationSection)
            node.CheckProperties(Sections);

        foreach (var (key, meter) in Keyed(node, Meters, "a meter", draft.Faults))
            draft.Meters.Add(ReadMeter(node.Child(Meters), key, meter));
        foreach (var (key, plan) in Keyed(node, Plans, "a plan", draft.Faults))
            draft.Offers.Add(OfferConfiguration.Read(new OfferDeclaration(key, isAddOn: false, plan.Path), new ConfigurationNode(plan, draft.Faults), draft));
        foreach (var (key, addOn) in Keyed(node, AddOns, "an add-on", draft.Faults))
            draft.Offers.Add(OfferConfiguration.Read(new OfferDeclaration(key, isAddOn: true, addOn.Path), new ConfigurationNode(addOn, draft.Faults), draft));
        foreach (var (key, coupon) in Keyed(node, Coupons, "a coupon", draft.Faults))
            draft.Coupons.Add(CouponConfiguration.Read(new CouponDeclaration(key, coupon.Path), new ConfigurationNode(coupon, draft.Faults), draft.Faults));
    }

    /// <summary>The entries of a list, which name their key, or of an object, whose keys they are.</summary>
    private static IEnumerable<(string Key, IConfigurationSection Entry)> Keyed(ConfigurationNode node, string name, string what, CatalogFaults faults)
    {
        foreach (var entry in node.Entries(name, $"an object with {what} for each key, or a list"))
        {
            var own = new ConfigurationNode(entry, faults).Text(Key);
            if (!entry.Key.All(char.IsAsciiDigit))
            {
                // An environment variable in upper case makes configuration hand over the whole name so; Key says how it is really written.
                if (own is not null && !own.Equals(entry.Key, StringComparison.OrdinalIgnoreCase))
                    faults.Add($"{entry.Path}:{Key} is '{own}', but the key is already '{entry.Key}'. Remove {Key}.");
                yield return (own ?? entry.Key, entry);
            }
            else if (own is not null)
            {
                yield return (own, entry);
            }
            else if (name == Meters && !string.IsNullOrWhiteSpace(entry.Value))
            {
                yield return (entry.Value, entry);
            }
            else if (!entry.GetSection(Key).Exists())
            {
                faults.Add($"{entry.Path} has no {Key}. Give each entry of a list its {Key}.");
            }
        }
    }

    // "api_calls": "Sum", or "api_calls": { "Aggregation": "Sum" }, or just "api_calls" in a list.
    private static MeterDeclaration ReadMeter(ConfigurationNode meters, string key, IConfigurationSection entry)
    {
        const string Aggregation = "Aggregation";
        UsageAggregation? aggregation = null;
        if (string.IsNullOrEmpty(entry.Value))
        {
            var node = meters.Child(entry.Key);
            node.CheckProperties(Key, Aggregation);
            aggregation = node.Choice<UsageAggregation>(Aggregation);
        }
        else if (entry.Value != key)
        {
            aggregation = meters.Choice<UsageAggregation>(entry.Key);
        }

        return new MeterDeclaration(key, aggregation ?? UsageAggregation.Sum, entry.Path);
    }
}
