namespace SaasBilling.Storage;

/// <summary>
/// Where state is kept. The store never decides: it reads, and it commits what the transition decided, atomically and guarded by a version.
/// Every store must pass the store conformance suite.
/// </summary>
public interface IBillingStore
{
    /// <summary>Whether other processes write to it: what is known of a customer's access is then read again after <see cref="SaasBillingOptions.AccessCacheDuration"/>.</summary>
    bool IsShared { get; }

    /// <summary>The queue of jobs, in the same database.</summary>
    IJobQueue Jobs { get; }

    /// <summary>The webhooks that came in, in the same database.</summary>
    IInbox Inbox { get; }

    /// <summary>The customer's state; null when there is none.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<CustomerState?> FindCustomerAsync(string customerId, CancellationToken cancellationToken);

    /// <summary>Writes state, invoices, events, jobs, movements and usage at once, or nothing.</summary>
    /// <param name="commit">What to write.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<CommitOutcome> CommitAsync(BillingCommit commit, CancellationToken cancellationToken);

    /// <summary>Invoices of one customer, newest first.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="ids">Only these; null: all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<Invoice>> GetInvoicesAsync(string customerId, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken);

    /// <summary>Events of one customer, in the order in which they were committed.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<BillingEvent>> GetEventsAsync(string customerId, CancellationToken cancellationToken);

    /// <summary>Whether usage with this key was committed.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="meter">The meter.</param>
    /// <param name="key">The idempotency key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<bool> HasUsageAsync(string customerId, string meter, string key, CancellationToken cancellationToken);

    /// <summary>Ids of all customers.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    IAsyncEnumerable<string> ListCustomersAsync(CancellationToken cancellationToken);

    /// <summary>Movements before an instant, in the order of time.</summary>
    /// <param name="before">Exclusive, UTC.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    IAsyncEnumerable<MrrMovement> GetMovementsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>How many events of a type happened in a span of time.</summary>
    /// <param name="eventType">The record's name, such as <c>TrialConverted</c>.</param>
    /// <param name="from">Inclusive, UTC.</param>
    /// <param name="to">Exclusive, UTC.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<int> CountEventsAsync(string eventType, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>What became of trials in a span of time, over all customers, from <see cref="CustomerState.Trials"/>.</summary>
    /// <param name="from">Inclusive, UTC.</param>
    /// <param name="to">Exclusive, UTC.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<TrialCounts> CountTrialsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}

/// <summary>What became of trials.</summary>
/// <param name="Ended">Trials whose <see cref="TrialRecord.EndedAt"/> lies in the span.</param>
/// <param name="Converted">Trials whose <see cref="TrialRecord.ConvertedAt"/> lies in the span.</param>
public sealed record TrialCounts(int Ended, int Converted);
