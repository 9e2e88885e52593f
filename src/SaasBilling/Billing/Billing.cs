using SaasBilling.Providers;

namespace SaasBilling;

/// <summary>The entry point.</summary>
internal sealed class Billing(BillingServices services, IBillingReports reports) : IBilling
{
    public PlanCatalog Plans => services.Catalog;

    public IBillingReports Reports => reports;

    public ICustomerBilling For(string customerId, string subscription = "default") => new CustomerBilling(
        services,
        Checks.Identifier(customerId, Bounds.CustomerId),
        Checks.Identifier(subscription, Bounds.SubscriptionName));

    public Task<CatalogSyncReport> SyncCatalogAsync(CancellationToken cancellationToken = default) =>
        services.Ability<ICatalogProvider>("catalog of its own").SyncCatalogAsync(services.Catalog, cancellationToken);

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

    public async Task<ReconciliationReport> ReconcileAsync(CancellationToken cancellationToken = default)
    {
        // Whom the store knows and the provider does not is compared too: the provider may have forgotten, or never been told.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var repaired = 0;
        await foreach (var id in services.Provider.ListCustomersAsync(cancellationToken).ConfigureAwait(false))
        {
            if (seen.Add(id) && await services.Road.ReconcileAsync(id, cancellationToken).ConfigureAwait(false))
                repaired++;
        }

        await foreach (var id in services.Store.ListCustomersAsync(cancellationToken).ConfigureAwait(false))
        {
            if (seen.Add(id) && await services.Road.ReconcileAsync(id, cancellationToken).ConfigureAwait(false))
                repaired++;
        }

        return new(seen.Count, repaired);
    }
}
