using SaasBilling.InMemory;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Scheduling;

/// <summary>A store that fails when a test says so, and counts what it is asked.</summary>
internal sealed class FaultyStore : IBillingStore, IJobQueue
{
    private readonly InMemoryBillingStore _inner = new();
    private int _looks;

    /// <summary>Nothing works.</summary>
    public bool IsDown { get; set; }

    /// <summary>This customer cannot be written.</summary>
    public string? Unwritable { get; set; }

    /// <summary>The outcome of this many jobs is not taken.</summary>
    public int LostOutcomes { get; set; }

    /// <summary>Leases cannot be kept.</summary>
    public bool AreRenewalsLost { get; set; }

    public int Looks => Volatile.Read(ref _looks);

    public bool IsShared => false;

    public IJobQueue Jobs => this;

    public IInbox Inbox => _inner.Inbox;

    public Task<CustomerState?> FindCustomerAsync(string customerId, CancellationToken cancellationToken) => Up(() => _inner.FindCustomerAsync(customerId, cancellationToken));

    public Task<CommitOutcome> CommitAsync(BillingCommit commit, CancellationToken cancellationToken) => Up(() => commit.Customer.Customer.Id == Unwritable
        ? throw new InvalidDataException("The row is broken.")
        : _inner.CommitAsync(commit, cancellationToken));

    public Task<IReadOnlyList<Invoice>> GetInvoicesAsync(string customerId, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken) => Up(() => _inner.GetInvoicesAsync(customerId, ids, cancellationToken));

    public Task<IReadOnlyList<BillingEvent>> GetEventsAsync(string customerId, CancellationToken cancellationToken) => _inner.GetEventsAsync(customerId, cancellationToken);

    public Task<bool> HasUsageAsync(string customerId, string meter, string key, CancellationToken cancellationToken) => _inner.HasUsageAsync(customerId, meter, key, cancellationToken);

    public IAsyncEnumerable<string> ListCustomersAsync(CancellationToken cancellationToken) => _inner.ListCustomersAsync(cancellationToken);

    public IAsyncEnumerable<MrrMovement> GetMovementsAsync(DateTimeOffset before, CancellationToken cancellationToken) => _inner.GetMovementsAsync(before, cancellationToken);

    public Task<int> CountEventsAsync(string eventType, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => _inner.CountEventsAsync(eventType, from, to, cancellationToken);

    public Task<TrialCounts> CountTrialsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => _inner.CountTrialsAsync(from, to, cancellationToken);

    public Task<IReadOnlyList<JobEntry>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken) => Up(() => _inner.Jobs.LeaseAsync(request, cancellationToken));

    public Task<IReadOnlyList<LeaseOutcome>> RenewAsync(IReadOnlyList<JobEntry> entries, DateTimeOffset until, CancellationToken cancellationToken) => Up(() => AreRenewalsLost
        ? throw new IOException("The connection was cut.")
        : _inner.Jobs.RenewAsync(entries, until, cancellationToken));

    public Task<IReadOnlyList<LeaseOutcome>> FinishAsync(IReadOnlyList<JobResult> results, CancellationToken cancellationToken) => Up(() => results.Any(result => result.End == JobEnd.Done) && LostOutcomes-- > 0
        ? throw new IOException("The connection was cut.")
        : _inner.Jobs.FinishAsync(results, cancellationToken));

    public Task<DateTimeOffset?> NextDueAsync(JobKind kind, CancellationToken cancellationToken)
    {
        if (kind == JobKind.Hook)
            Interlocked.Increment(ref _looks);
        return Up(() => _inner.Jobs.NextDueAsync(kind, cancellationToken));
    }

    public Task<JobFigures> GetFiguresAsync(CancellationToken cancellationToken) => Up(() => _inner.Jobs.GetFiguresAsync(cancellationToken));

    public Task<IReadOnlyList<JobEntry>> GetQuarantinedAsync(CancellationToken cancellationToken) => _inner.Jobs.GetQuarantinedAsync(cancellationToken);

    public Task<bool> RequeueAsync(string key, CancellationToken cancellationToken) => _inner.Jobs.RequeueAsync(key, cancellationToken);

    private async Task<T> Up<T>(Func<Task<T>> call)
    {
        if (IsDown)
            throw new IOException("The database is down.");
        return await call();
    }
}
