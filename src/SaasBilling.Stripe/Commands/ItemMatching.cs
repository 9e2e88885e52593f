using SaasBilling.Providers;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Commands;

/// <summary>
/// Which item of a subscription becomes which of the wanted ones? The same price stays; a plan's price takes the place of the price of the same kind,
/// an add-on's of the same add-on; and a flat price may give way to one per seat. What is left over goes. Pure.
/// </summary>
internal sealed class ItemMatching(PlanCatalog catalog, Func<WirePrice, string> keyOf, Func<WirePrice, bool> isFree)
{
    /// <param name="current">The items as they are.</param>
    /// <param name="wanted">The wanted items.</param>
    /// <param name="ids">Stripe's ids of the wanted prices.</param>
    /// <param name="freePriceId">The price of a plan without prices, where that is wanted; null otherwise.</param>
    public List<ItemChange> Match(IReadOnlyList<WireItem> current, IReadOnlyList<PriceQuantity> wanted, IReadOnlyDictionary<string, string> ids, string? freePriceId)
    {
        var left = current.ToList();
        var replaced = new WireItem?[wanted.Count];
        Take((price, item) => keyOf(item.Price) == price);
        Take((price, item) => catalog.GetPrice(price) is var now && catalog.FindPrice(keyOf(item.Price)) is { } old && TakesPlaceOf(now, old));
        Take((price, item) => catalog.GetPrice(price) is { AddOn: null, Price.Meter: null } && (isFree(item.Price) || catalog.FindPrice(keyOf(item.Price)) is { AddOn: null, Price.Meter: null }));

        var changes = new List<ItemChange>();
        for (var i = 0; i < wanted.Count; i++)
        {
            var isMetered = catalog.GetPrice(wanted[i].PriceKey).Price.Kind == PriceKind.Metered;
            changes.Add(new ItemChange(replaced[i]?.Id, ids[wanted[i].PriceKey], isMetered ? null : wanted[i].Quantity));
        }

        if (freePriceId is not null)
        {
            var kept = left.Find(item => isFree(item.Price)) ?? left.Find(item => !item.Price.IsMetered);
            if (kept is not null)
                left.Remove(kept);
            changes.Add(new ItemChange(kept?.Id, freePriceId, 1));
        }

        changes.AddRange(left.Select(item => new ItemChange(item.Id, null, null)));
        return changes;

        void Take(Func<string, WireItem, bool> matches)
        {
            for (var i = 0; i < wanted.Count; i++)
            {
                if (replaced[i] is not null || left.Find(item => matches(wanted[i].PriceKey, item)) is not { } found)
                    continue;
                replaced[i] = found;
                left.Remove(found);
            }
        }
    }

    private static bool TakesPlaceOf(CatalogPrice price, CatalogPrice old) =>
        price.Price.Kind == old.Price.Kind && price.Price.Meter == old.Price.Meter && price.AddOn?.Key == old.AddOn?.Key;
}
