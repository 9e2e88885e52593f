using SaasBilling.Queries;
using SaasBilling.Scheduling;
using SaasBilling.Storage;

namespace SaasBilling.Operations;

/// <summary>Looks into the queue and the inbox, and wakes the worker where there is something to do again.</summary>
internal sealed class BillingOperations(IBillingStore store, BillingClock clock, WorkerSignal signal) : IBillingOperations
{
    private const int RetriedTogether = 500;

    public async Task<QueueFigures> GetFiguresAsync(CancellationToken cancellationToken = default)
    {
        var kinds = await Paging.Queries(store).GetKindFiguresAsync(clock.Now, cancellationToken).ConfigureAwait(false);
        return new(
            kinds.Sum(kind => kind.Due),
            kinds.Sum(kind => kind.Leased),
            kinds.Sum(kind => kind.Retrying),
            kinds.Sum(kind => kind.Quarantined),
            kinds.Min(kind => kind.OldestDueAt),
            kinds);
    }

    public Task<Page<JobEntry>> ListJobsAsync(JobFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default)
    {
        filter = Check(filter);
        return Paging.PageAsync(
            "jobs",
            after,
            pageSize,
            (position, count) => Paging.Queries(store).ListJobsAsync(filter, position, count, cancellationToken),
            JobFilter.PositionOf,
            entry => entry);
    }

    public async Task<bool> RetryJobAsync(string jobKey, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(jobKey);
        var found = await store.Jobs.RequeueAsync(jobKey, cancellationToken).ConfigureAwait(false);
        signal.Set();
        return found;
    }

    public async Task<int> RetryJobsAsync(JobFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter = Check(filter);
        if (filter.Status is not (null or JobStatus.Quarantined))
            throw Checks.Invalid($"Jobs that are {filter.Status} cannot be taken out of quarantine. Leave Status out.");

        filter = filter with { Status = JobStatus.Quarantined };
        var retried = 0;
        for (ListPosition? last = null; ;)
        {
            var parked = await Paging.Queries(store).ListJobsAsync(filter, last, RetriedTogether, cancellationToken).ConfigureAwait(false);
            foreach (var entry in parked)
                retried += await store.Jobs.RequeueAsync(entry.Job.Key, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            signal.Set();
            if (parked.Count < RetriedTogether)
                return retried;
            last = JobFilter.PositionOf(parked[^1]);
        }
    }

    public Task<Page<InboxEntry>> ListWebhooksAsync(InboxFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default)
    {
        filter ??= new InboxFilter();
        if (filter.Status is { } status)
            Checks.Defined(status);

        return Paging.PageAsync(
            "webhooks",
            after,
            pageSize,
            (position, count) => Paging.Queries(store).ListWebhooksAsync(filter, position, count, cancellationToken),
            InboxFilter.PositionOf,
            entry => entry);
    }

    public async Task<int> ReplayAsync(InboxFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Status is { } status)
            Checks.Defined(status);

        var replayed = await store.Inbox.ReplayAsync(filter, clock.Now, cancellationToken).ConfigureAwait(false);
        signal.Set();
        return replayed;
    }

    public Task<InboxPurge> PurgeWebhooksAsync(DateTimeOffset bodiesBefore, DateTimeOffset webhooksBefore, CancellationToken cancellationToken = default) =>
        store.Inbox.PurgeAsync(bodiesBefore, webhooksBefore, cancellationToken);

    private static JobFilter Check(JobFilter? filter)
    {
        filter ??= new JobFilter();
        if (filter.Status is { } status)
            Checks.Defined(status);
        if (filter.Kind is { } kind)
            Checks.Defined(kind);
        return filter;
    }
}
