using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Diagnostics;

namespace SaasBilling.Stripe;

/// <content>The catalog on Stripe.</content>
internal sealed partial class StripeProvider
{
    public async Task<CatalogSyncReport> SyncCatalogAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        var report = await new CatalogSync(_api, _names).RunAsync(catalog, cancellationToken).ConfigureAwait(false);
        _prices.Forget();
        StripeLog.CatalogChanged(_logger, report.Created, report.Updated, report.Archived, report.Unchanged);
        return report;
    }
}
