using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Catalog;

/// <summary>
/// Makes Stripe's catalog equal to the declared one. Nothing is ever deleted. A price cannot be changed on Stripe: another amount is a new price, which
/// takes over the lookup key; the old one is archived, and customers who are on it stay there. The keys of the requests are made of what they say, so that
/// ten instances that start at once make each thing once.
/// </summary>
internal sealed class CatalogSync(StripeApi api, CatalogNames names)
{
    private readonly CatalogForms _forms = new(names);
    private int _created;
    private int _updated;
    private int _archived;
    private int _unchanged;

    /// <summary>The currencies that are sold in, in the order of declaration; at least one.</summary>
    public static IReadOnlyList<Currency> CurrenciesOf(PlanCatalog catalog)
    {
        var currencies = catalog.Plans.SelectMany(plan => plan.Prices).Concat(catalog.AddOns.SelectMany(addOn => addOn.Prices)).Select(price => price.Currency).Distinct().ToList();
        return currencies.Count > 0 ? currencies : [Currency.Of("USD")];
    }

    public async Task<CatalogSyncReport> RunAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        // What Stripe cannot count is said before anything is made.
        foreach (var meter in catalog.Meters)
            CatalogForms.FormulaOf(meter);

        var meters = await SyncMetersAsync(catalog, cancellationToken).ConfigureAwait(false);
        var (present, archived) = await PricesAsync(cancellationToken).ConfigureAwait(false);
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var plan in catalog.Plans)
        {
            await SyncProductAsync(plan.Key, plan.Name, plan.Description, plan.Metadata, cancellationToken).ConfigureAwait(false);
            if (plan.Prices.Count == 0)
            {
                foreach (var currency in CurrenciesOf(catalog))
                    await SyncPriceAsync(CatalogNames.FreePriceKey(plan.Key, currency), _forms.FreePrice(plan.Key, currency)).ConfigureAwait(false);
            }

            foreach (var price in plan.Prices)
                await SyncPriceAsync(price.Key, _forms.Price(price, plan.Key, MeterOf(price))).ConfigureAwait(false);
        }

        foreach (var addOn in catalog.AddOns)
        {
            await SyncProductAsync(addOn.Key, addOn.Name, addOn.Description, addOn.Metadata, cancellationToken).ConfigureAwait(false);
            foreach (var price in addOn.Prices)
                await SyncPriceAsync(price.Key, _forms.Price(price, addOn.Key, MeterOf(price))).ConfigureAwait(false);
        }

        foreach (var coupon in catalog.Coupons)
            await SyncCouponAsync(coupon, cancellationToken).ConfigureAwait(false);
        foreach (var (key, price) in present.Where(entry => !wanted.Contains(entry.Key)))
            await ArchiveAsync(price, cancellationToken).ConfigureAwait(false);
        return new CatalogSyncReport(_created, _updated, _archived, _unchanged);

        string? MeterOf(Price price) => price.Meter is { } meter ? meters[meter] : null;

        async Task SyncPriceAsync(string key, StripeForm form)
        {
            wanted.Add(key);
            var declared = DeclaredIn(form);
            if (present.TryGetValue(key, out var price) && price.Declared == declared)
            {
                _unchanged++;
                return;
            }

            // What was sold once, and is sold again, is the same price; the lookup key moves to it.
            if (archived.TryGetValue((key, declared), out var former))
            {
                var revive = new StripeForm().Add("active", true).Add("lookup_key", names.LookupKey(key)).Add("transfer_lookup_key", true);
                await UpdateAsync($"/v1/prices/{Uri.EscapeDataString(former)}", revive, cancellationToken).ConfigureAwait(false);
                _updated++;
            }
            else
            {
                await api.PostAsync("/v1/prices", form, $"{names.LookupKey(key)}:{declared}", cancellationToken).ConfigureAwait(false);
                _created++;
            }

            if (price is not null)
                await ArchiveAsync(price, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(Dictionary<string, WirePrice> Present, Dictionary<(string Key, string? Declared), string> Archived)> PricesAsync(CancellationToken cancellationToken)
    {
        var present = new Dictionary<string, WirePrice>(StringComparer.Ordinal);
        var archived = new Dictionary<(string, string?), string>();
        await foreach (var found in api.ListAsync("/v1/prices", StripeForm.Empty, cancellationToken).ConfigureAwait(false))
        {
            var price = WirePrice.Read(found);
            if (price.IsActive && names.PriceKey(price.LookupKey) is { } key)
                present[key] = price;
            else if (!price.IsActive && price is { Key: { } former, Product: { } product } && product == names.ProductId(former.Split('/')[0]))
                archived.TryAdd((former, price.Declared), price.Id);
        }

        return (present, archived);
    }

    private async Task SyncProductAsync(string key, string name, string? description, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var form = CatalogForms.Product(key, name, description, metadata);
        var id = names.ProductId(key);
        var path = $"/v1/products/{Uri.EscapeDataString(id)}";
        if (await api.FindAsync(path, StripeForm.Empty, cancellationToken).ConfigureAwait(false) is not { } present)
        {
            try
            {
                await api.PostAsync("/v1/products", WithId(form, id), $"{id}:{DeclaredIn(form)}:new", cancellationToken).ConfigureAwait(false);
                _created++;
                return;
            }
            catch (StripeException exists) when (exists.Error.Code == "resource_already_exists")
            {
                present = await api.GetAsync(path, StripeForm.Empty, cancellationToken).ConfigureAwait(false);
            }
        }

        if (present.Metadata(Names.Declared) == DeclaredIn(form) && present.Flag("active"))
        {
            _unchanged++;
            return;
        }

        await UpdateAsync(path, form, cancellationToken).ConfigureAwait(false);
        _updated++;
    }

    // A coupon cannot be changed on Stripe either, and its id is taken: what differs is said, and left.
    private async Task SyncCouponAsync(Coupon coupon, CancellationToken cancellationToken)
    {
        var form = _forms.Coupon(coupon);
        var id = names.CouponId(coupon.Key);
        var present = await api.FindAsync($"/v1/coupons/{Uri.EscapeDataString(id)}", StripeForm.Empty, cancellationToken).ConfigureAwait(false);
        if (present is null)
        {
            try
            {
                await api.PostAsync("/v1/coupons", form, $"{id}:{DeclaredIn(form)}", cancellationToken).ConfigureAwait(false);
                _created++;
                return;
            }
            catch (StripeException exists) when (exists.Error.Code == "resource_already_exists")
            {
                present = await api.GetAsync($"/v1/coupons/{Uri.EscapeDataString(id)}", StripeForm.Empty, cancellationToken).ConfigureAwait(false);
            }
        }

        if (present.Value.Metadata(Names.Declared) != DeclaredIn(form))
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"Coupon '{coupon.Key}' is on Stripe with other terms ('{id}'), and coupons cannot be changed there. Give the new terms a new key, or delete the coupon in Stripe's dashboard: discounts that customers have go on.");
        }

        _unchanged++;
    }

    private async Task<Dictionary<string, string>> SyncMetersAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        if (catalog.Meters.Count == 0)
            return ids;

        var present = new Dictionary<string, StripeObject>(StringComparer.Ordinal);
        await foreach (var meter in api.ListAsync("/v1/billing/meters", new StripeForm().Add("status", "active"), cancellationToken).ConfigureAwait(false))
            present[meter.RequiredText("event_name")] = meter;

        foreach (var meter in catalog.Meters)
        {
            if (!present.TryGetValue(meter.Key, out var known))
            {
                known = await api.PostAsync("/v1/billing/meters", CatalogForms.Meter(meter), $"{names.LookupKey(meter.Key)}:meter:{CatalogForms.FormulaOf(meter)}", cancellationToken).ConfigureAwait(false);
                _created++;
            }
            else if (known.Object("default_aggregation")?.Text("formula") is { } formula && formula != CatalogForms.FormulaOf(meter))
            {
                throw new BillingException(
                    BillingErrorCode.InvalidState,
                    $"Meter '{meter.Key}' is on Stripe with the formula '{formula}', which cannot be changed there. Declare it so, or give the meter another key.");
            }
            else
            {
                _unchanged++;
            }

            ids[meter.Key] = known.Id;
        }

        return ids;
    }

    private async Task ArchiveAsync(WirePrice price, CancellationToken cancellationToken)
    {
        await UpdateAsync($"/v1/prices/{Uri.EscapeDataString(price.Id)}", new StripeForm().Add("active", false), cancellationToken).ConfigureAwait(false);
        _archived++;
    }

    // Doing it twice is doing it once; a key of its own lets it be undone and done again on one day.
    private Task<StripeObject> UpdateAsync(string path, StripeForm form, CancellationToken cancellationToken) => api.PostAsync(path, form, $"sync:{Guid.NewGuid():N}", cancellationToken);

    private static string DeclaredIn(StripeForm form) => form.Parameters.Last(parameter => parameter.Key == Names.Metadata(Names.Declared)).Value;

    private static StripeForm WithId(StripeForm form, string id)
    {
        var made = new StripeForm().Add("id", id);
        foreach (var (key, value) in form.Parameters)
            made.Add(key, value);
        return made;
    }
}
