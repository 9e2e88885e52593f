using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace SaasBilling.Access;

/// <summary>
/// What each combination of plans and add-ons lets a customer use: every feature of the catalog, granted or not. Worked out once a combination and
/// shared by all who have it.
/// </summary>
internal sealed class FeatureGrants
{
    // A catalog has a handful of plans, but quantities of add-ons are the customers' choice; past this many combinations the rest is worked out anew.
    private const int MaxCached = 4096;

    private readonly PlanCatalog _catalog;
    private readonly FrozenDictionary<string, FrozenDictionary<string, FeatureGrant>> _plans;
    private readonly ConcurrentDictionary<string, FrozenDictionary<string, FeatureGrant>> _combinations = new(StringComparer.Ordinal);

    internal FeatureGrants(PlanCatalog catalog)
    {
        _catalog = catalog;
        None = Grant([], []);
        _plans = catalog.Plans.ToFrozenDictionary(plan => plan.Key, plan => Grant([plan], []));
    }

    /// <summary>No access: every feature is there, none is granted.</summary>
    internal FrozenDictionary<string, FeatureGrant> None { get; }

    /// <summary>What one subscription gives.</summary>
    internal FrozenDictionary<string, FeatureGrant> Of(Subscription subscription)
    {
        if (HasAddOns(subscription))
            return OfAll([subscription]);

        return _plans.GetValueOrDefault(subscription.PlanKey) ?? None;
    }

    /// <summary>
    /// What several subscriptions give together. Of a feature that several plans limit, the highest limit counts; every add-on's limit is added to
    /// it, times its quantity; where one says that there is no limit, there is none.
    /// </summary>
    internal FrozenDictionary<string, FeatureGrant> OfAll(IReadOnlyList<Subscription> subscriptions)
    {
        var plans = new List<Plan>(subscriptions.Count);
        var addOns = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var subscription in subscriptions)
        {
            if (_catalog.TryGet(subscription.PlanKey, out var plan) && !plans.Contains(plan))
                plans.Add(plan);

            foreach (var (key, quantity) in AddOnsOf(subscription))
                addOns[key] = Saturate((Int128)addOns.GetValueOrDefault(key) + quantity);
        }

        var combination = KeyOf(plans, addOns);
        if (_combinations.TryGetValue(combination, out var known))
            return known;

        var grants = Grant(plans, addOns);
        if (_combinations.Count < MaxCached)
            _combinations.TryAdd(combination, grants);

        return grants;
    }

    /// <summary>A subscription's add-ons with their quantities. One that only has metered prices counts once: its price has no quantity.</summary>
    internal Dictionary<string, long> AddOnsOf(Subscription subscription)
    {
        var addOns = new Dictionary<string, long>(StringComparer.Ordinal);
        Dictionary<string, long>? licensed = null;
        foreach (var item in subscription.Items)
        {
            if (_catalog.FindPrice(item.PriceKey) is not { AddOn: { } addOn } entry)
                continue;

            if (entry.Price.Kind != PriceKind.Metered)
                (licensed ??= [])[addOn.Key] = Math.Max(item.Quantity, licensed.GetValueOrDefault(addOn.Key));

            addOns[addOn.Key] = licensed is not null && licensed.TryGetValue(addOn.Key, out var quantity) ? quantity : 1;
        }

        return addOns;
    }

    private bool HasAddOns(Subscription subscription)
    {
        var items = subscription.Items;
        for (var i = 0; i < items.Count; i++)
        {
            if (_catalog.FindPrice(items[i].PriceKey) is { AddOn: not null })
                return true;
        }

        return false;
    }

    private FrozenDictionary<string, FeatureGrant> Grant(IReadOnlyList<Plan> plans, IEnumerable<KeyValuePair<string, long>> addOns)
    {
        var grants = _catalog.Features.ToDictionary(feature => feature, _ => default(FeatureGrant), StringComparer.Ordinal);
        foreach (var plan in plans)
        {
            foreach (var (feature, limit) in plan.Features)
            {
                var sofar = grants[feature];
                grants[feature] = new(true, limit is null || sofar is { IsGranted: true, Limit: null } ? null : Math.Max(limit.Value, sofar.Limit ?? 0));
            }
        }

        foreach (var (key, quantity) in addOns)
        {
            if (quantity <= 0)
                continue;

            foreach (var (feature, limit) in _catalog.GetAddOn(key).Features)
            {
                var sofar = grants[feature];
                grants[feature] = new(
                    true,
                    limit is null || sofar is { IsGranted: true, Limit: null } ? null : Saturate((Int128)limit.Value * quantity + (sofar.Limit ?? 0)));
            }
        }

        return grants.ToFrozenDictionary(StringComparer.Ordinal);
    }

    // Each part carries its length, so that no two combinations read the same.
    private static string KeyOf(List<Plan> plans, SortedDictionary<string, long> addOns)
    {
        plans.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        var key = new StringBuilder();
        foreach (var plan in plans)
            key.Append(CultureInfo.InvariantCulture, $"{plan.Key.Length}:{plan.Key}|");

        foreach (var (addOn, quantity) in addOns)
            key.Append(CultureInfo.InvariantCulture, $"{addOn.Length}:{addOn}*{quantity}|");

        return key.ToString();
    }

    private static long Saturate(Int128 value) => value > long.MaxValue ? long.MaxValue : (long)value;
}
