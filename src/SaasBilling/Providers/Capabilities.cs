namespace SaasBilling.Providers;

/// <summary>A provider with a card form.</summary>
public interface ICheckoutProvider
{
    /// <summary>Opens a card form; an older open one of the same customer and name expires.</summary>
    /// <param name="request">What is sold when it is paid.</param>
    /// <param name="options">Where it leads.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<CheckoutSession> CreateCheckoutAsync(CreateSubscriptionRequest request, CheckoutOptions options, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>What became of a card form. The result's id is the subscription's; it is null while the form is not paid.</summary>
    /// <param name="customerId">The application's id of the customer.</param>
    /// <param name="checkoutSessionId">The session.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: no such session of this customer.</exception>
    Task<ProviderResult> ReadCheckoutAsync(string customerId, string checkoutSessionId, CancellationToken cancellationToken);
}

/// <summary>A provider with a page on which customers manage card, plan and invoices.</summary>
public interface IPortalProvider
{
    /// <summary>Makes a link to the page.</summary>
    /// <param name="customerId">The application's id of the customer.</param>
    /// <param name="returnUrl">Where the page leads back to.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Uri> CreatePortalUrlAsync(string customerId, Uri returnUrl, CancellationToken cancellationToken);
}

/// <summary>A provider that keeps a catalog of its own.</summary>
public interface ICatalogProvider
{
    /// <summary>Makes the provider's catalog equal to the declared one.</summary>
    /// <param name="catalog">What is declared.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<CatalogSyncReport> SyncCatalogAsync(PlanCatalog catalog, CancellationToken cancellationToken);

    /// <summary>What <see cref="SyncCatalogAsync"/> would do. Changes nothing.</summary>
    /// <param name="catalog">What is declared.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<CatalogSyncPreview> PreviewCatalogSyncAsync(PlanCatalog catalog, CancellationToken cancellationToken);
}

/// <summary>A provider that does nothing by itself: time passes for it when somebody runs what is due.</summary>
public interface IClockedProvider
{
    /// <summary>When the next thing is due, UTC; null: nothing is.</summary>
    DateTimeOffset? NextDueAt { get; }

    /// <summary>Runs the one thing that is due next, if it is due at <paramref name="now"/>.</summary>
    /// <param name="now">The present, UTC.</param>
    /// <returns>What changed; null when nothing was due.</returns>
    CustomerSnapshot? RunNext(DateTimeOffset now);
}

/// <summary>A provider that can run one customer ahead on a copy.</summary>
public interface IForecastProvider
{
    /// <summary>A copy of one customer that can be run ahead without changing anything.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <returns>Null when the provider does not know the customer.</returns>
    ICustomerFuture? Fork(string customerId);
}

/// <summary>One customer's future, on a copy.</summary>
public interface ICustomerFuture : IClockedProvider
{
    /// <summary>What the next renewal of a subscription would invoice as things then stand.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    Invoice? PreviewNextInvoice(string subscriptionId);
}
