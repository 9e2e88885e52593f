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
    private readonly Dictionary<string, string> _meters = new(StringComparer.Ordinal);
    private int _created;
    private int _updated;
    private int _archived;
    private int _unchanged;

    /// <param name="steps">What is to be done; a refusal among them keeps all of it from being done.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<CatalogSyncReport> ApplyAsync(IReadOnlyList<CatalogStep> steps, CancellationToken cancellationToken)
    {
        if (steps.FirstOrDefault(step => step.Action == CatalogSyncAction.Refuse) is { } refused)
            throw new BillingException(BillingErrorCode.InvalidState, refused.Refusal!);

        foreach (var step in steps)
        {
            if (step is { Kind: CatalogSyncKind.Meter, PresentId: { } meter })
                _meters[step.Key] = meter;
            if (step.Action == CatalogSyncAction.Keep)
                _unchanged++;
            else
                await ApplyAsync(step, cancellationToken).ConfigureAwait(false);
        }

        return new CatalogSyncReport(_created, _updated, _archived, _unchanged);
    }

    private Task ApplyAsync(CatalogStep step, CancellationToken cancellationToken) => step.Kind switch
    {
        CatalogSyncKind.Meter => MakeMeterAsync(step, cancellationToken),
        CatalogSyncKind.Product => MakeProductAsync(step, cancellationToken),
        CatalogSyncKind.Price => MakePriceAsync(step, cancellationToken),
        _ => MakeCouponAsync(step, cancellationToken),
    };

    private async Task MakeMeterAsync(CatalogStep step, CancellationToken cancellationToken)
    {
        var form = step.Form(_meters);
        var formula = form.Parameters.Single(parameter => parameter.Key == "default_aggregation[formula]").Value;
        var made = await api.PostAsync("/v1/billing/meters", form, $"{names.LookupKey(step.Key)}:meter:{formula}", cancellationToken).ConfigureAwait(false);
        _meters[step.Key] = made.Id;
        _created++;
    }

    private async Task MakeProductAsync(CatalogStep step, CancellationToken cancellationToken)
    {
        var form = step.Form(_meters);
        var id = names.ProductId(step.Key);
        if (step.Action == CatalogSyncAction.Create && await TryCreateAsync("/v1/products", WithId(form, id), $"{id}:{CatalogPlanning.DeclaredIn(form)}:new", cancellationToken).ConfigureAwait(false))
            return;

        await UpdateAsync($"/v1/products/{Uri.EscapeDataString(id)}", form, cancellationToken).ConfigureAwait(false);
        _updated++;
    }

    private async Task MakePriceAsync(CatalogStep step, CancellationToken cancellationToken)
    {
        if (step.FormerId is { } former)
        {
            var revive = new StripeForm().Add("active", true).Add("lookup_key", names.LookupKey(step.Key)).Add("transfer_lookup_key", true);
            await UpdateAsync($"/v1/prices/{Uri.EscapeDataString(former)}", revive, cancellationToken).ConfigureAwait(false);
            _updated++;
        }
        else if (step.Action != CatalogSyncAction.Archive)
        {
            var form = step.Form(_meters);
            await api.PostAsync("/v1/prices", form, $"{names.LookupKey(step.Key)}:{CatalogPlanning.DeclaredIn(form)}", cancellationToken).ConfigureAwait(false);
            _created++;
        }

        if (step.PresentId is not { } present)
            return;

        await UpdateAsync($"/v1/prices/{Uri.EscapeDataString(present)}", new StripeForm().Add("active", false), cancellationToken).ConfigureAwait(false);
        _archived++;
    }

    private async Task MakeCouponAsync(CatalogStep step, CancellationToken cancellationToken)
    {
        var form = step.Form(_meters);
        var id = names.CouponId(step.Key);
        if (await TryCreateAsync("/v1/coupons", form, $"{id}:{CatalogPlanning.DeclaredIn(form)}", cancellationToken).ConfigureAwait(false))
            return;

        var present = await api.GetAsync($"/v1/coupons/{Uri.EscapeDataString(id)}", StripeForm.Empty, cancellationToken).ConfigureAwait(false);
        if (present.Metadata(Names.Declared) != CatalogPlanning.DeclaredIn(form))
            throw new BillingException(BillingErrorCode.InvalidState, $"Coupon '{step.Key}' was made on Stripe with other terms meanwhile ('{id}'). Run the same version of the application everywhere, and sync again.");
        _unchanged++;
    }

    /// <returns>False: another instance was first.</returns>
    private async Task<bool> TryCreateAsync(string path, StripeForm form, string key, CancellationToken cancellationToken)
    {
        try
        {
            await api.PostAsync(path, form, key, cancellationToken).ConfigureAwait(false);
            _created++;
            return true;
        }
        catch (StripeException exists) when (exists.Error.Code == "resource_already_exists")
        {
            return false;
        }
    }

    // Doing it twice is doing it once; a key of its own lets it be undone and done again on one day.
    private Task<StripeObject> UpdateAsync(string path, StripeForm form, CancellationToken cancellationToken) => api.PostAsync(path, form, $"sync:{Guid.NewGuid():N}", cancellationToken);

    private static StripeForm WithId(StripeForm form, string id)
    {
        var made = new StripeForm().Add("id", id);
        foreach (var (key, value) in form.Parameters)
            made.Add(key, value);
        return made;
    }
}
