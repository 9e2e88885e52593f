using SaasBilling.InMemory;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Road;

/// <summary>The in-memory store, whose commits a test can have fail, or be overtaken.</summary>
internal sealed class FaultyStore : IBillingStore
{
    private readonly InMemoryBillingStore _inner = new();

    /// <summary>Runs before a commit reaches the store; what it throws is what the store throws.</summary>
    public Func<BillingCommit, Task>? BeforeCommit { get; set; }

    /// <summary>Runs before a customer is read; what it throws is what the store throws.</summary>
    public Action? BeforeFind { get; set; }

    public int Commits { get; private set; }

    public bool IsShared { get; init; }

    public IJobQueue Jobs => _inner.Jobs;

    public IInbox Inbox => _inner.Inbox;

    public Task<CustomerState?> FindCustomerAsync(string customerId, CancellationToken cancellationToken)
    {
        BeforeFind?.Invoke();
        return _inner.FindCustomerAsync(customerId, cancellationToken);
    }

    public async Task<CommitOutcome> CommitAsync(BillingCommit commit, CancellationToken cancellationToken)
    {
        if (BeforeCommit is { } before)
            await before(commit);

        var outcome = await _inner.CommitAsync(commit, cancellationToken);
        if (outcome == CommitOutcome.Committed)
            Commits++;
        return outcome;
    }

    public Task<IReadOnlyList<Invoice>> GetInvoicesAsync(string customerId, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken) => _inner.GetInvoicesAsync(customerId, ids, cancellationToken);

    public Task<IReadOnlyList<BillingEvent>> GetEventsAsync(string customerId, CancellationToken cancellationToken) => _inner.GetEventsAsync(customerId, cancellationToken);

    public Task<bool> HasUsageAsync(string customerId, string meter, string key, CancellationToken cancellationToken) => _inner.HasUsageAsync(customerId, meter, key, cancellationToken);

    public IAsyncEnumerable<string> ListCustomersAsync(CancellationToken cancellationToken) => _inner.ListCustomersAsync(cancellationToken);

    public IAsyncEnumerable<MrrMovement> GetMovementsAsync(DateTimeOffset before, CancellationToken cancellationToken) => _inner.GetMovementsAsync(before, cancellationToken);

    public Task<int> CountEventsAsync(string eventType, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => _inner.CountEventsAsync(eventType, from, to, cancellationToken);

    public Task<TrialCounts> CountTrialsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => _inner.CountTrialsAsync(from, to, cancellationToken);

    /// <summary>Somebody else writes the customer: nothing but the version is different.</summary>
    public async Task OvertakeAsync(string customerId)
    {
        var state = await _inner.FindCustomerAsync(customerId, CancellationToken.None);
        await _inner.CommitAsync(
            new()
            {
                Customer = state! with { Version = state!.Version + 1, Milestones = [.. state.Milestones, $"somebody-{state.Version}"] },
                ExpectedVersion = state.Version,
            },
            CancellationToken.None);
    }
}
