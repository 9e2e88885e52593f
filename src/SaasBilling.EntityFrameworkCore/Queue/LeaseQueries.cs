using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queue;

/// <summary>Which jobs can be leased, in queries that every relational provider can run.</summary>
internal static class LeaseQueries
{
    /// <summary>Pending jobs that are their lane's first and whose customer has no leased one of the kind.</summary>
    public static IQueryable<JobRow> Heads(BillingDbContext context, JobKind kind) => context.Jobs.Where(job =>
        job.Kind == kind && job.Status == JobStatus.Pending
        && !context.Jobs.Any(held => held.Kind == kind && held.CustomerId == job.CustomerId && held.Status == JobStatus.Leased)
        && !context.Jobs.Any(earlier => earlier.CustomerId == job.CustomerId && earlier.Kind == kind && earlier.Lane == job.Lane && earlier.Status == JobStatus.Pending
            && (earlier.Sequence < job.Sequence
                || (earlier.Sequence == job.Sequence && (earlier.DueAt < job.DueAt || (earlier.DueAt == job.DueAt && earlier.Id < job.Id))))));

    /// <summary>Of the heads that are due, the first of each customer.</summary>
    public static IQueryable<JobRow> Due(BillingDbContext context, JobKind kind, UtcInstant now, bool suspects) => Heads(context, kind)
        .Where(job => job.ReadyAt <= now && job.IsSuspect == suspects
            && !context.Jobs.Any(other => other.CustomerId == job.CustomerId && other.Kind == kind && other.Lane != job.Lane && other.Status == JobStatus.Pending
                && (other.ReadyAt < job.ReadyAt || (other.ReadyAt == job.ReadyAt && other.Id < job.Id))
                && !context.Jobs.Any(earlier => earlier.CustomerId == other.CustomerId && earlier.Kind == kind && earlier.Lane == other.Lane && earlier.Status == JobStatus.Pending
                    && (earlier.Sequence < other.Sequence
                        || (earlier.Sequence == other.Sequence && (earlier.DueAt < other.DueAt || (earlier.DueAt == other.DueAt && earlier.Id < other.Id)))))))
        .OrderBy(job => job.ReadyAt).ThenBy(job => job.Id);

    /// <summary>When the next job can be leased, or a lease runs out; null: none.</summary>
    public static async Task<DateTimeOffset?> NextDueAsync(BillingDbContext context, JobKind kind, CancellationToken cancellationToken)
    {
        // In one statement: a job that is leased between two would be seen by neither.
        var leased = context.Jobs.Where(job => job.Kind == kind && job.Status == JobStatus.Leased).OrderBy(job => job.ReadyAt).Select(job => job.ReadyAt).Take(1);
        var waiting = Heads(context, kind).OrderBy(job => job.ReadyAt).Select(job => job.ReadyAt).Take(1);
        var instants = await leased.Concat(waiting).ToListAsync(cancellationToken).ConfigureAwait(false);
        return instants.Count == 0 ? null : instants.Min();
    }
}
