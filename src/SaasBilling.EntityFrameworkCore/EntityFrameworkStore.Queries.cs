using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Commits;
using SaasBilling.EntityFrameworkCore.Documents;
using SaasBilling.EntityFrameworkCore.Queries;
using SaasBilling.EntityFrameworkCore.Queue;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore;

/// <content>Lists, and forgetting who somebody was.</content>
internal sealed partial class EntityFrameworkStore : IStoreQueries, IStoreErasure
{
    public Task<IReadOnlyList<CustomerState>> ListCustomersAsync(CustomerFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        Check(filter, count);
        return runner.ReadAsync((context, token) => CustomerLists.CustomersAsync(context, filter, after, count, token), cancellationToken);
    }

    public Task<IReadOnlyList<Subscription>> ListSubscriptionsAsync(SubscriptionFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        Check(filter, count);
        return runner.ReadAsync((context, token) => CustomerLists.SubscriptionsAsync(context, filter, after, count, token), cancellationToken);
    }

    public Task<IReadOnlyList<Invoice>> ListInvoicesAsync(InvoiceFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        Check(filter, count);
        return runner.ReadAsync((context, token) => CustomerLists.InvoicesAsync(context, filter, after, count, token), cancellationToken);
    }

    public Task<IReadOnlyList<JobEntry>> ListJobsAsync(JobFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        Check(filter, count);
        return runner.ReadAsync((context, token) => QueueLists.JobsAsync(context, filter, after, count, token), cancellationToken);
    }

    public Task<IReadOnlyList<InboxEntry>> ListWebhooksAsync(InboxFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        Check(filter, count);
        return runner.ReadAsync((context, token) => EntityFrameworkInbox.ListAsync(context, filter, after, count, token), cancellationToken);
    }

    public Task<IReadOnlyList<JobKindFigures>> GetKindFiguresAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        runner.ReadAsync((context, token) => QueueLists.FiguresAsync(context, now, token), cancellationToken);

    public Task<CommitOutcome> EraseAsync(BillingErasure erasure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(erasure);
        return runner.WriteAsync(
            async (context, token) =>
            {
                var row = CommitRows.Customer(erasure.Customer);
                if (!await CommitWriter.UpdateAsync(context, row, erasure.ExpectedVersion, token).ConfigureAwait(false))
                    return CommitOutcome.Conflict;

                foreach (var billingEvent in erasure.Events)
                {
                    var (id, data) = (billingEvent.Id, BillingDocuments.Write(billingEvent));
                    await context.Events.Where(told => told.CustomerId == row.Id && told.Id == id)
                        .ExecuteUpdateAsync(set => set.SetProperty(told => told.Data, data), token).ConfigureAwait(false);
                }

                return CommitOutcome.Committed;
            },
            cancellationToken);
    }

    public Task<int> ForgetWebhooksAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var known = ids.ToArray();
        return runner.WriteAsync(
            async (context, token) =>
            {
                var subjects = await context.Inbox.Where(row => known.Contains(row.Subject)).Select(row => row.Subject)
                    .Union(context.Inbox.Where(row => row.ObjectId != null && known.Contains(row.ObjectId)).Select(row => row.Subject))
                    .ToListAsync(token).ConfigureAwait(false);
                return await context.Inbox.Where(row => row.Body != null && subjects.Contains(row.Subject))
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Body, (string?)null), token).ConfigureAwait(false);
            },
            cancellationToken);
    }

    private static void Check(object filter, int count)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
    }
}
