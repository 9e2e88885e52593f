using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <content>Lists, and forgetting who somebody was.</content>
internal sealed partial class InMemoryBillingStore : IStoreQueries, IStoreErasure
{
    public Task<IReadOnlyList<CustomerState>> ListCustomersAsync(CustomerFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Read(
            () => InMemoryQueries.Page(
                _customers.Values.Select(customer => customer.State).Where(filter.Matches),
                state => CustomerFilter.PositionOf(state.Customer.Id),
                descending: false,
                after,
                count),
            cancellationToken);
    }

    public Task<IReadOnlyList<Subscription>> ListSubscriptionsAsync(SubscriptionFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Read(
            () => InMemoryQueries.Page(
                _customers.Values.SelectMany(customer => customer.State.Subscriptions).Where(filter.Matches),
                filter.PositionOf,
                filter.Order == SubscriptionOrder.Newest,
                after,
                count),
            cancellationToken);
    }

    public Task<IReadOnlyList<Invoice>> ListInvoicesAsync(InvoiceFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Read(
            () =>
            {
                IEnumerable<StoredCustomer> customers = filter.CustomerId is not { } id ? _customers.Values : Find(id) is { } one ? [one] : [];
                return InMemoryQueries.Page(customers.SelectMany(customer => customer.Invoices(null)).Where(filter.Matches), filter.PositionOf, filter.DueBefore is null, after, count);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<JobEntry>> ListJobsAsync(JobFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Read(() => InMemoryQueries.Page(_jobs.All().Where(filter.Matches), JobFilter.PositionOf, descending: false, after, count), cancellationToken);
    }

    public Task<IReadOnlyList<JobKindFigures>> GetKindFiguresAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Read(() => InMemoryQueries.Figures(_jobs.All(), now), cancellationToken);

    public Task<IReadOnlyList<InboxEntry>> ListWebhooksAsync(InboxFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Read(() => InMemoryQueries.Page(_inbox.All().Where(filter.Matches), InboxFilter.PositionOf, descending: true, after, count), cancellationToken);
    }

    public Task<CommitOutcome> EraseAsync(BillingErasure erasure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(erasure);
        return Read(
            () =>
            {
                if (Find(erasure.Customer.Customer.Id) is not { } customer || customer.State.Version != erasure.ExpectedVersion)
                    return CommitOutcome.Conflict;

                customer.State = erasure.Customer;
                foreach (var billingEvent in erasure.Events)
                    customer.Overwrite(billingEvent);
                _jobs.Overwrite(customer, erasure.Events.ToDictionary(billingEvent => billingEvent.Id));
                return CommitOutcome.Committed;
            },
            cancellationToken);
    }

    public Task<int> ForgetWebhooksAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Read(() => _inbox.Forget(ids.ToHashSet(StringComparer.Ordinal)), cancellationToken);
    }
}
