namespace SaasBilling;

/// <summary>The entry point; a singleton. An interface, so that an application's own tests can mock it.</summary>
public interface IBilling
{
    /// <summary>What is sold.</summary>
    PlanCatalog Plans { get; }

    /// <summary>A handle on one customer's subscription of one name. No I/O; cheap to make.</summary>
    /// <param name="customerId">The application's own id of the tenant or user; 1 to 200 characters.</param>
    /// <param name="subscription">The subscription's name; 1 to 64 characters.</param>
    /// <exception cref="ArgumentException">An argument is null, blank or too long.</exception>
    ICustomerBilling For(string customerId, string subscription = "default");

    /// <summary>How the business does.</summary>
    IBillingReports Reports { get; }

    /// <summary>Lists over all customers, in pages.</summary>
    IBillingQueries Queries { get; }

    /// <summary>The queue of jobs and the webhooks that came in, as an operator sees them.</summary>
    IBillingOperations Operations { get; }

    /// <summary>Pushes the code-first catalog to the provider. Safe to run at every start, in any number of processes at once.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What changed.</returns>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSupportedByProvider"/>: the provider keeps no catalog of its own; and what the provider reports.</exception>
    Task<CatalogSyncReport> SyncCatalogAsync(CancellationToken cancellationToken = default);

    /// <summary>What <see cref="SyncCatalogAsync"/> would do now, thing by thing, and who would stay on a price that is no longer sold. Changes nothing.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSupportedByProvider"/>: the provider keeps no catalog of its own; and what the provider reports.</exception>
    Task<CatalogSyncPreview> PreviewCatalogSyncAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes a webhook of the provider in: verifies it, stores it, and lets the worker read what changed. Answer the sender with success only when this
    /// returns; when it throws, with an error, so that the webhook is delivered again.
    /// </summary>
    /// <param name="body">The body, exactly as it came in.</param>
    /// <param name="header">Gives the value of a header by its name, case ignored; null where it is missing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What became of it: success in every case.</returns>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidWebhookSignature"/>, <see cref="BillingErrorCode.MalformedWebhook"/>;
    /// <see cref="BillingErrorCode.NotSupportedByProvider"/>: the provider sends no webhooks.
    /// </exception>
    Task<WebhookReceipt> ReceiveWebhookAsync(ReadOnlyMemory<byte> body, Func<string, string?> header, CancellationToken cancellationToken = default);

    /// <summary>
    /// Compares local state with the provider's and repairs it, raising the life-cycle events that were missed, each once. A customer who fails is reported,
    /// and the others are gone on with. Run it regularly: webhooks can be lost for good.
    /// </summary>
    /// <param name="options">Which customers; null: all.</param>
    /// <param name="cancellationToken">Cancels the call; what was repaired so far stays.</param>
    /// <returns>How many customers were compared, and what differed.</returns>
    /// <exception cref="BillingException">
    /// The provider cannot tell which customers there are; or ten customers in a row failed because provider or store is not to be reached. What was
    /// repaired so far stays, and the call can be repeated.
    /// </exception>
    Task<ReconciliationReport> ReconcileAsync(ReconcileOptions? options = null, CancellationToken cancellationToken = default);
}

/// <summary>What a catalog synchronization did at the provider, in prices, coupons and products together.</summary>
/// <param name="Created">Made anew.</param>
/// <param name="Updated">Changed in place.</param>
/// <param name="Archived">No longer sold; existing subscriptions keep them.</param>
/// <param name="Unchanged">Were as declared.</param>
public sealed record CatalogSyncReport(int Created, int Updated, int Archived, int Unchanged);

/// <summary>What became of a webhook that was genuine.</summary>
public enum WebhookReceipt
{
    /// <summary>It is stored, and will be handled.</summary>
    Stored,

    /// <summary>It was delivered before.</summary>
    Duplicate,

    /// <summary>It is of a kind that changes nothing here.</summary>
    Ignored,
}
