using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Catalog;

/// <summary>What has to be done so that Stripe's catalog equals the declared one? Reads, and changes nothing.</summary>
internal sealed class CatalogPlanning(StripeApi api, CatalogNames names)
{
    private readonly CatalogForms _forms = new(names);
    private readonly List<CatalogStep> _steps = [];
    private readonly Dictionary<string, string> _meters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WirePrice> _present = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Key, string? Declared), string> _archived = [];
    private readonly List<WirePrice> _orphans = [];

    /// <summary>The currencies that are sold in, in the order of declaration; at least one.</summary>
    public static IReadOnlyList<Currency> CurrenciesOf(PlanCatalog catalog)
    {
        var currencies = catalog.Plans.SelectMany(plan => plan.Prices).Concat(catalog.AddOns.SelectMany(addOn => addOn.Prices)).Select(price => price.Currency).Distinct().ToList();
        return currencies.Count > 0 ? currencies : [Currency.Of("USD")];
    }

    /// <returns>The steps in their order, those included that have nothing to do.</returns>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSupportedByProvider"/>: a meter that Stripe cannot count.</exception>
    public async Task<IReadOnlyList<CatalogStep>> PlanAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        foreach (var meter in catalog.Meters)
            CatalogForms.FormulaOf(meter);

        await PlanMetersAsync(catalog, cancellationToken).ConfigureAwait(false);
        await ReadPricesAsync(cancellationToken).ConfigureAwait(false);
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var plan in catalog.Plans)
        {
            await PlanProductAsync(plan.Key, plan.Name, plan.Description, plan.Metadata, cancellationToken).ConfigureAwait(false);
            if (plan.Prices.Count == 0)
            {
                foreach (var currency in CurrenciesOf(catalog))
                    PlanPrice(wanted, CatalogNames.FreePriceKey(plan.Key, currency), _ => _forms.FreePrice(plan.Key, currency));
            }

            PlanPrices(wanted, plan.Key, plan.Prices);
        }

        foreach (var addOn in catalog.AddOns)
        {
            await PlanProductAsync(addOn.Key, addOn.Name, addOn.Description, addOn.Metadata, cancellationToken).ConfigureAwait(false);
            PlanPrices(wanted, addOn.Key, addOn.Prices);
        }

        foreach (var coupon in catalog.Coupons)
            await PlanCouponAsync(coupon, cancellationToken).ConfigureAwait(false);
        foreach (var (key, price) in _present.Where(entry => !wanted.Contains(entry.Key)))
            _steps.Add(new CatalogStep(CatalogSyncKind.Price, key, CatalogSyncAction.Archive) { PresentId = price.Id });

        // Somebody made its successor, and did not come to archive it.
        foreach (var price in _orphans)
            _steps.Add(new CatalogStep(CatalogSyncKind.Price, price.Key!, CatalogSyncAction.Archive) { PresentId = price.Id });
        return _steps;
    }

    internal static string DeclaredIn(StripeForm form) => form.Parameters.Last(parameter => parameter.Key == Names.Metadata(Names.Declared)).Value;

    private void PlanPrices(HashSet<string> wanted, string ownerKey, IReadOnlyList<Price> prices)
    {
        foreach (var price in prices)
            PlanPrice(wanted, price.Key, meters => _forms.Price(price, ownerKey, price.Meter is { } meter ? meters.GetValueOrDefault(meter) : null));
    }

    private void PlanPrice(HashSet<string> wanted, string key, Func<IReadOnlyDictionary<string, string>, StripeForm> form)
    {
        wanted.Add(key);
        var declared = DeclaredIn(form(_meters));
        var present = _present.GetValueOrDefault(key);
        var former = _archived.GetValueOrDefault((key, declared));

        // What was sold once, and is sold again, is the same price; the lookup key moves to it.
        var action = present is not null && present.Declared == declared ? CatalogSyncAction.Keep
            : former is not null ? CatalogSyncAction.Revive
            : present is not null ? CatalogSyncAction.Replace
            : CatalogSyncAction.Create;
        _steps.Add(new CatalogStep(CatalogSyncKind.Price, key, action) { PresentId = present?.Id, FormerId = former, Form = form });
    }

    private async Task ReadPricesAsync(CancellationToken cancellationToken)
    {
        await foreach (var found in api.ListAsync("/v1/prices", StripeForm.Empty, cancellationToken).ConfigureAwait(false))
        {
            var price = WirePrice.Read(found);
            if (price.IsActive && names.PriceKey(price.LookupKey) is { } key)
                _present[key] = price;
            else if (price is { Key: { } former, Product: { } product } && product == names.ProductId(former.Split('/')[0]))
            {
                if (!price.IsActive)
                    _archived.TryAdd((former, price.Declared), price.Id);
                else if (price is { LookupKey: null, Declared: not null })
                    _orphans.Add(price);
            }
        }
    }

    private async Task PlanProductAsync(string key, string name, string? description, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var form = CatalogForms.Product(key, name, description, metadata);
        var id = names.ProductId(key);
        var present = await api.FindAsync($"/v1/products/{Uri.EscapeDataString(id)}", StripeForm.Empty, cancellationToken).ConfigureAwait(false);
        var action = present is not { } found ? CatalogSyncAction.Create
            : found.Metadata(Names.Declared) == DeclaredIn(form) && found.Flag("active") ? CatalogSyncAction.Keep
            : CatalogSyncAction.Update;
        _steps.Add(new CatalogStep(CatalogSyncKind.Product, key, action) { PresentId = present is null ? null : id, Form = _ => form });
    }

    // A coupon cannot be changed on Stripe either, and its id is taken: what differs is said, and left.
    private async Task PlanCouponAsync(Coupon coupon, CancellationToken cancellationToken)
    {
        var form = _forms.Coupon(coupon);
        var id = names.CouponId(coupon.Key);
        var step = new CatalogStep(CatalogSyncKind.Coupon, coupon.Key, CatalogSyncAction.Create) { Form = _ => form };
        if (await api.FindAsync($"/v1/coupons/{Uri.EscapeDataString(id)}", StripeForm.Empty, cancellationToken).ConfigureAwait(false) is { } present)
        {
            step = step with
            {
                PresentId = id,
                Action = present.Metadata(Names.Declared) == DeclaredIn(form) ? CatalogSyncAction.Keep : CatalogSyncAction.Refuse,
                Refusal = $"Coupon '{coupon.Key}' is on Stripe with other terms ('{id}'), and coupons cannot be changed there. Give the new terms a new key, or delete the coupon in Stripe's dashboard: discounts that customers have go on.",
            };
        }

        _steps.Add(step);
    }

    private async Task PlanMetersAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        if (catalog.Meters.Count == 0)
            return;

        var present = new Dictionary<string, StripeObject>(StringComparer.Ordinal);
        await foreach (var meter in api.ListAsync("/v1/billing/meters", new StripeForm().Add("status", "active"), cancellationToken).ConfigureAwait(false))
            present[meter.RequiredText("event_name")] = meter;

        foreach (var meter in catalog.Meters)
        {
            var step = new CatalogStep(CatalogSyncKind.Meter, meter.Key, CatalogSyncAction.Create) { Form = _ => CatalogForms.Meter(meter) };
            if (present.TryGetValue(meter.Key, out var known))
            {
                _meters[meter.Key] = known.Id;
                var formula = known.Object("default_aggregation")?.Text("formula");
                step = step with
                {
                    PresentId = known.Id,
                    Action = formula is null || formula == CatalogForms.FormulaOf(meter) ? CatalogSyncAction.Keep : CatalogSyncAction.Refuse,
                    Refusal = $"Meter '{meter.Key}' is on Stripe with the formula '{formula}', which cannot be changed there. Declare it so, or give the meter another key.",
                };
            }

            _steps.Add(step);
        }
    }
}
