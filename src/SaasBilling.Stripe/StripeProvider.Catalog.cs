using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Diagnostics;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe;

/// <content>The catalog on Stripe.</content>
internal sealed partial class StripeProvider
{
    public async Task<CatalogSyncReport> SyncCatalogAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        var steps = await new CatalogPlanning(_api, _names).PlanAsync(catalog, cancellationToken).ConfigureAwait(false);
        var report = await new CatalogSync(_api, _names).ApplyAsync(steps, cancellationToken).ConfigureAwait(false);
        _prices.Forget();
        StripeLog.CatalogChanged(_logger, report.Created, report.Updated, report.Archived, report.Unchanged);
        return report;
    }

    public async Task<CatalogSyncPreview> PreviewCatalogSyncAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        var items = new List<CatalogSyncItem>();
        foreach (var step in await new CatalogPlanning(_api, _names).PlanAsync(catalog, cancellationToken).ConfigureAwait(false))
        {
            var isLeaving = step is { Kind: CatalogSyncKind.Price, Action: not CatalogSyncAction.Keep, PresentId: not null };
            items.Add(new CatalogSyncItem(step.Kind, step.Key, step.Action)
            {
                ProviderId = step.PresentId,
                Staying = isLeaving ? await CustomersOnAsync(step.PresentId!, cancellationToken).ConfigureAwait(false) : [],
                Explanation = step.Action == CatalogSyncAction.Refuse ? step.Refusal : null,
            });
        }

        return new CatalogSyncPreview(items);
    }

    // Subscriptions that ended are left out by Stripe.
    private async Task<IReadOnlyList<string>> CustomersOnAsync(string priceId, CancellationToken cancellationToken)
    {
        var customers = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var subscription in _api.ListAsync("/v1/subscriptions", new StripeForm().Add("price", priceId), cancellationToken).ConfigureAwait(false))
        {
            var appId = subscription.Metadata(Names.Customer) ?? await _customers.AppIdAsync(subscription.RequiredIdOf("customer"), cancellationToken).ConfigureAwait(false);
            if (appId is not null)
                customers.Add(appId);
        }

        return [.. customers];
    }
}
