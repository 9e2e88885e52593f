using System.Runtime.CompilerServices;
using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <summary>
/// Keeps everything in this process, and forgets it with the process. One lock over short work: a commit costs the logarithm of the number of customers.
/// </summary>
internal sealed partial class InMemoryBillingStore : IBillingStore
{
    private static readonly Task<CommitOutcome> Committed = Task.FromResult(CommitOutcome.Committed);
    private static readonly Task<CommitOutcome> Conflict = Task.FromResult(CommitOutcome.Conflict);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredCustomer> _customers = [];
    private readonly Dictionary<string, InstantLog> _eventTimes = [];
    private readonly List<MrrMovement> _movements = [];
    private readonly InMemoryJobQueue _jobs;
    private readonly InMemoryInbox _inbox;

    public InMemoryBillingStore()
    {
        _jobs = new InMemoryJobQueue(_gate, _customers);
        _inbox = new InMemoryInbox(_gate, _jobs);
    }

    public bool IsShared => false;

    public IJobQueue Jobs => _jobs;

    public IInbox Inbox => _inbox;

    public Task<CustomerState?> FindCustomerAsync(string customerId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        return Read(() => Find(customerId)?.State, cancellationToken);
    }

    public Task<CommitOutcome> CommitAsync(BillingCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<CommitOutcome>(cancellationToken);

        BillingCommit.ThrowIfInconsistent(commit);
        var usage = commit.Usage;
        lock (_gate)
        {
            var customer = Find(commit.Customer.Customer.Id);
            if ((customer?.State.Version ?? 0) != commit.ExpectedVersion || (usage is not null && customer is not null && customer.HasUsage(usage.Meter, usage.Key)))
                return Conflict;

            if (customer is null)
                _customers.Add(commit.Customer.Customer.Id, customer = new StoredCustomer(commit.Customer));
            else
                customer.State = commit.Customer;

            for (var i = 0; i < commit.Invoices.Count; i++)
                customer.Put(commit.Invoices[i]);
            for (var i = 0; i < commit.Events.Count; i++)
                Append(customer, commit.Events[i]);
            for (var i = 0; i < commit.Movements.Count; i++)
                Append(commit.Movements[i]);
            if (usage is not null)
                customer.AddUsage(usage.Meter, usage.Key);
            _jobs.Commit(customer, commit.Jobs);
        }

        return Committed;
    }

    public Task<IReadOnlyList<Invoice>> GetInvoicesAsync(string customerId, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        return Read<IReadOnlyList<Invoice>>(() => Find(customerId)?.Invoices(ids) ?? [], cancellationToken);
    }

    public Task<IReadOnlyList<BillingEvent>> GetEventsAsync(string customerId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        return Read<IReadOnlyList<BillingEvent>>(() => Find(customerId)?.Events() ?? [], cancellationToken);
    }

    public Task<bool> HasUsageAsync(string customerId, string meter, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(key);
        return Read(() => Find(customerId)?.HasUsage(meter, key) ?? false, cancellationToken);
    }

    public async IAsyncEnumerable<string> ListCustomersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var id in await Read<string[]>(() => [.. _customers.Keys], cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return id;
        }
    }

    public async IAsyncEnumerable<MrrMovement> GetMovementsAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var movement in await Read<MrrMovement[]>(() => [.. _movements.Take(FirstMovementFrom(before))], cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return movement;
        }
    }

    public Task<int> CountEventsAsync(string eventType, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        return Read(() => _eventTimes.TryGetValue(eventType, out var times) ? times.Count(from, to) : 0, cancellationToken);
    }

    public Task<TrialCounts> CountTrialsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => Read(
        () =>
        {
            var (ended, converted) = (0, 0);
            foreach (var customer in _customers.Values)
            {
                foreach (var trial in customer.State.Trials)
                {
                    ended += trial.EndedAt >= from && trial.EndedAt < to ? 1 : 0;
                    converted += trial.ConvertedAt >= from && trial.ConvertedAt < to ? 1 : 0;
                }
            }

            return new TrialCounts(ended, converted);
        },
        cancellationToken);

    private StoredCustomer? Find(string customerId) => _customers.GetValueOrDefault(customerId);

    private void Append(StoredCustomer customer, BillingEvent billingEvent)
    {
        customer.Append(billingEvent);
        var type = billingEvent.GetType().Name;
        if (!_eventTimes.TryGetValue(type, out var times))
            _eventTimes.Add(type, times = new InstantLog());
        times.Add(billingEvent.OccurredAt);
    }

    // Movements come nearly in the order of time, so that the place is nearly always the end.
    private void Append(MrrMovement movement)
    {
        if (_movements.Count == 0 || _movements[^1].At <= movement.At)
            _movements.Add(movement);
        else
            _movements.Insert(FirstMovementFrom(movement.At.AddTicks(1)), movement);
    }

    private int FirstMovementFrom(DateTimeOffset instant)
    {
        var (low, high) = (0, _movements.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_movements[middle].At < instant)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private Task<T> Read<T>(Func<T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);

        lock (_gate)
            return Task.FromResult(read());
    }
}
