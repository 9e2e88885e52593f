using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Queue;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queries;

/// <summary>Lists and figures of jobs: one query, or part of one, for each status and kind, because that is how the queue's index is made.</summary>
internal static class QueueLists
{
    public static async Task<IReadOnlyList<JobEntry>> JobsAsync(BillingDbContext context, JobFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        var parts =
            from kind in Enum.GetValues<JobKind>()
            where filter.Kind is null || filter.Kind == kind
            from status in Enum.GetValues<JobStatus>()
            where filter.Status is null || filter.Status == status
            select First(Narrowed(context, filter, kind).Where(job => job.Status == status), after, count);

        // Put together by the database: only it knows in which order its collation has the keys.
        var rows = await Ordered(parts.Aggregate(Queryable.Concat)).Take(count).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(JobEntries.Entry);
    }

    public static async Task<IReadOnlyList<JobKindFigures>> FiguresAsync(BillingDbContext context, UtcInstant now, CancellationToken cancellationToken)
    {
        var figures = new List<JobKindFigures>();
        foreach (var kind in Enum.GetValues<JobKind>())
        {
            var jobs = context.Jobs.Where(job => job.Kind == kind);
            var due = jobs.Where(job => job.Status == JobStatus.Pending && job.ReadyAt <= now);
            figures.Add(new JobKindFigures(
                kind,
                await due.CountAsync(cancellationToken).ConfigureAwait(false),
                await jobs.CountAsync(job => job.Status == JobStatus.Leased, cancellationToken).ConfigureAwait(false),
                await jobs.CountAsync(job => job.Attempts > 0 && job.Status == JobStatus.Pending && job.ReadyAt > now, cancellationToken).ConfigureAwait(false),
                await jobs.CountAsync(job => job.Status == JobStatus.Quarantined, cancellationToken).ConfigureAwait(false),
                await due.OrderBy(job => job.DueAt).Select(job => job.DueAt).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } oldest ? oldest : null));
        }

        return figures;
    }

    private static IQueryable<JobRow> First(IQueryable<JobRow> jobs, ListPosition? after, int count)
    {
        if (after is not null)
        {
            UtcInstant at = after.At;
            var key = after.Owner;
            jobs = jobs.Where(job => job.ReadyAt >= at && (job.ReadyAt > at || string.Compare(job.Key, key) > 0));
        }

        return Ordered(jobs).Take(count);
    }

    private static IQueryable<JobRow> Ordered(IQueryable<JobRow> jobs) => jobs.OrderBy(job => job.ReadyAt).ThenBy(job => job.Key);

    private static IQueryable<JobRow> Narrowed(BillingDbContext context, JobFilter filter, JobKind kind)
    {
        var jobs = context.Jobs.AsNoTracking().Where(job => job.Kind == kind);
        if (filter.CustomerId is { } customerId)
            jobs = jobs.Where(job => job.CustomerId == customerId);
        if (filter.ReadyBefore is { } readyBefore)
        {
            UtcInstant end = readyBefore;
            jobs = jobs.Where(job => job.ReadyAt < end);
        }

        return filter.HasFailed switch
        {
            true => jobs.Where(job => job.Attempts > 0),
            false => jobs.Where(job => job.Attempts == 0),
            null => jobs,
        };
    }
}
