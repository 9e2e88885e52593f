using SaasBilling.Providers;
using SaasBilling.Reconciliation;

namespace SaasBilling;

/// <summary>The entry point.</summary>
internal sealed class Billing(BillingServices services, IBillingReports reports, IBillingQueries queries, IBillingOperations operations) : IBilling
{
    public PlanCatalog Plans => services.Catalog;

    public IBillingReports Reports => reports;

    public IBillingQueries Queries => queries;

    public IBillingOperations Operations => operations;

    public ICustomerBilling For(string customerId, string subscription = "default") => new CustomerBilling(
        services,
        Checks.Identifier(customerId, Bounds.CustomerId),
        Checks.Identifier(subscription, Bounds.SubscriptionName));

    public Task<CatalogSyncReport> SyncCatalogAsync(CancellationToken cancellationToken = default)
    {
        var provider = services.Ability<ICatalogProvider>("catalog of its own");
        return services.Telemetry.MeasureAsync(services.Provider.Name, "sync-catalog", () => provider.SyncCatalogAsync(services.Catalog, cancellationToken));
    }

    public Task<CatalogSyncPreview> PreviewCatalogSyncAsync(CancellationToken cancellationToken = default)
    {
        var provider = services.Ability<ICatalogProvider>("catalog of its own");
        return services.Telemetry.MeasureAsync(services.Provider.Name, "preview-catalog", () => provider.PreviewCatalogSyncAsync(services.Catalog, cancellationToken));
    }

    public async Task<WebhookReceipt> ReceiveWebhookAsync(ReadOnlyMemory<byte> body, Func<string, string?> header, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(header);
        var message = services.Ability<IWebhookProvider>("webhooks").ReadWebhook(body, header, services.Clock.Now);
        if (message is null)
            return WebhookReceipt.Ignored;
        if (!await services.Store.Inbox.AddAsync(message, cancellationToken).ConfigureAwait(false))
            return WebhookReceipt.Duplicate;

        services.Signal.Set();
        return WebhookReceipt.Stored;
    }

    public Task<ReconciliationReport> ReconcileAsync(ReconcileOptions? options = null, CancellationToken cancellationToken = default) =>
        new Reconciler(services).RunAsync(options ?? new ReconcileOptions(), cancellationToken);
}
