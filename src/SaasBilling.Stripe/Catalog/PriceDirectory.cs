using System.Collections.Concurrent;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Catalog;

/// <summary>
/// Which price of Stripe's is which key of ours, and the other way. What a price is called never changes while it is current, so that both are kept;
/// ids are never in an application's code or configuration (B-25).
/// </summary>
internal sealed class PriceDirectory(StripeApi api, CatalogNames names)
{
    // Stripe looks for at most ten keys at once.
    private const int KeysAtOnce = 10;

    private readonly ConcurrentDictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PriceName> _names = new(StringComparer.Ordinal);

    /// <summary>What Stripe showed on the way.</summary>
    public PriceName Learn(WirePrice price) => _names[price.Id] = new PriceName(price.Key ?? names.PriceKey(price.LookupKey) ?? price.Id, price.IsFree, price.IsMetered, price.Key is not null || names.PriceKey(price.LookupKey) is not null);

    /// <summary>What a price is called; null: nobody asked yet.</summary>
    public PriceName? Find(string priceId) => _names.GetValueOrDefault(priceId);

    /// <summary>Makes the names of all of these known.</summary>
    public async Task LearnAsync(IEnumerable<string> priceIds, CancellationToken cancellationToken)
    {
        foreach (var id in priceIds.Distinct(StringComparer.Ordinal).Where(id => !_names.ContainsKey(id)).ToList())
        {
            var price = await api.FindAsync($"/v1/prices/{Uri.EscapeDataString(id)}", StripeForm.Empty, cancellationToken).ConfigureAwait(false);
            if (price is { } found)
                Learn(WirePrice.Read(found));
            else
                _names[id] = new PriceName(id, IsFree: false, IsMetered: false, IsOurs: false);
        }
    }

    /// <summary>The ids of the current prices of these keys.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownPrice"/>: Stripe does not have one of them yet.</exception>
    public async Task<IReadOnlyDictionary<string, string>> IdsAsync(IEnumerable<string> priceKeys, CancellationToken cancellationToken)
    {
        var wanted = priceKeys.Distinct(StringComparer.Ordinal).ToList();
        foreach (var chunk in wanted.Where(key => !_ids.ContainsKey(key)).Chunk(KeysAtOnce))
            await LookUpAsync(chunk, cancellationToken).ConfigureAwait(false);

        return wanted.ToDictionary(key => key, key => _ids.TryGetValue(key, out var id) ? id : throw new BillingException(
            BillingErrorCode.UnknownPrice,
            $"Stripe has no price '{key}' (lookup key '{names.LookupKey(key)}') in this account and mode. Run IBilling.SyncCatalogAsync, so that Stripe knows the plans."));
    }

    /// <summary>After the catalog was changed: what was current may be so no longer.</summary>
    public void Forget() => _ids.Clear();

    private async Task LookUpAsync(string[] keys, CancellationToken cancellationToken)
    {
        var form = new StripeForm().Add("active", true);
        for (var i = 0; i < keys.Length; i++)
            form.Add($"lookup_keys[{i}]", names.LookupKey(keys[i]));

        await foreach (var found in api.ListAsync("/v1/prices", form, cancellationToken).ConfigureAwait(false))
        {
            var price = WirePrice.Read(found);
            Learn(price);
            if (names.PriceKey(price.LookupKey) is { } key)
                _ids[key] = price.Id;
        }
    }
}

/// <summary>What a price of Stripe's is called here.</summary>
/// <param name="Key">Our key, or Stripe's id where it was made elsewhere.</param>
/// <param name="IsFree">It stands for a plan without prices.</param>
/// <param name="IsMetered">It bills usage.</param>
/// <param name="IsOurs">It was made by us.</param>
internal sealed record PriceName(string Key, bool IsFree, bool IsMetered, bool IsOurs);
