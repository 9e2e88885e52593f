using Microsoft.Extensions.Configuration;

namespace SaasBilling.Plans;

/// <summary>Reads plans, add-ons, coupons and meters from configuration; the form is described at <c>AddPlans</c>.</summary>
internal static class PlanConfiguration
{
    internal const string Key = "Key";

    private const string Plans = "Plans";
    private const string AddOns = "AddOns";
    private const string Coupons = "Coupons";
    private const string Meters = "Meters";

    private static readonly string[] Sections = [Plans, AddOns, Coupons, Meters];

    public static void Read(IConfiguration configuration, CatalogDraft draft)
    {
        var root = ConfigurationNode.Of(configuration, Sections, draft.Faults);
        var isSection = configuration is IConfigurationSection;
        if (!Sections.Any(name => root[name].Exists))
        {
            draft.Faults.Add((isSection ? $"Configuration section '{root.Path}'" : "The configuration")
                + " has no Plans, AddOns, Coupons or Meters. Pass the section that holds them, and check its name.");
            return;
        }

        // A root also holds what is not ours: environment variables, logging, connection strings.
        if (isSection)
            root.CheckProperties(Sections);

        foreach (var (key, meter) in Keyed(root[Meters], "a meter"))
            draft.Meters.Add(ReadMeter(key, meter));
        foreach (var (key, plan) in Keyed(root[Plans], "a plan"))
            draft.Offers.Add(OfferConfiguration.Read(new OfferDeclaration(key, isAddOn: false, plan.Path), plan, draft));
        foreach (var (key, addOn) in Keyed(root[AddOns], "an add-on"))
            draft.Offers.Add(OfferConfiguration.Read(new OfferDeclaration(key, isAddOn: true, addOn.Path), addOn, draft));
        foreach (var (key, coupon) in Keyed(root[Coupons], "a coupon"))
            draft.Coupons.Add(CouponConfiguration.Read(new CouponDeclaration(key, coupon.Path), coupon));
    }

    /// <summary>The entries of a list, which name their key, or of an object, whose keys they are.</summary>
    private static IEnumerable<(string Key, ConfigurationNode Entry)> Keyed(ConfigurationNode node, string what)
    {
        foreach (var entry in node.Entries($"an object with {what} for each key, or a list"))
        {
            var own = entry[Key].Text();
            if (!entry.IsListed)
            {
                // An environment variable in upper case makes configuration hand over the whole name so; Key says how it is really written.
                if (own is not null && !own.Equals(entry.Key, StringComparison.OrdinalIgnoreCase))
                    entry.Faults.Add($"{entry.Path}:{Key} is '{own}', but the key is already '{entry.Key}'. Remove {Key}.");
                yield return (own ?? entry.Key, entry);
            }
            else if (own is not null)
            {
                yield return (own, entry);
            }
            else if (node.Key.Equals(Meters, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(entry.Value))
            {
                yield return (entry.Value, entry);
            }
            else if (!entry[Key].Exists)
            {
                entry.Faults.Add($"{entry.Path} has no {Key}. Give each entry of a list its {Key}.");
            }
        }
    }

    // "api_calls": "Sum", or "api_calls": { "Aggregation": "Sum" }, or just "api_calls" in a list.
    private static MeterDeclaration ReadMeter(string key, ConfigurationNode meter)
    {
        const string Aggregation = "Aggregation";
        var isName = meter.IsListed && !meter.IsObject;
        if (meter.IsObject)
            meter.CheckProperties(Key, Aggregation);

        var aggregation = isName ? null : (meter.IsObject ? meter[Aggregation] : meter).Choice<UsageAggregation>();
        return new MeterDeclaration(key, aggregation ?? UsageAggregation.Sum, meter.Path);
    }
}
