using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queue;

/// <summary>Leases and ends leases with nothing but what every relational provider can do; each in a transaction, in a number of round trips that does not grow with the jobs.</summary>
internal static class LeaseWriter
{
    /// <summary>Stamps the first due jobs with a token, and reads what was stamped.</summary>
    public static async Task<List<JobWithPayload>> LeaseAsync(BillingDbContext context, LeaseRequest request, CancellationToken cancellationToken)
    {
        if (request.Suspects)
            await RunOutAsync(context, request.Kind, request.LeasedAt, cancellationToken).ConfigureAwait(false);

        Guid? token = Guid.NewGuid();
        UtcInstant now = request.Now, until = request.LeasedAt + request.Duration;
        var first = LeaseQueries.Due(context, request.Kind, now, request.Suspects).Take(request.Count);
        var due = first.Select(job => job.Id);
        if (request.Suspects)
        {
            var suspects = await first.Select(job => new { job.Id, job.Attempts }).ToListAsync(cancellationToken).ConfigureAwait(false);
            var together = JobRules.Together(suspects, suspect => suspect.Attempts).Select(suspect => suspect.Id).ToArray();
            due = context.Jobs.Where(job => together.Contains(job.Id)).Select(job => job.Id);
        }

        var leasable = context.Jobs.Where(job => due.Contains(job.Id) && job.Status == JobStatus.Pending);

        var leased = await leasable
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(job => job.Status, JobStatus.Leased)
                    .SetProperty(job => job.LeaseToken, token)
                    .SetProperty(job => job.LeasedCustomerId, job => job.CustomerId)
                    .SetProperty(job => job.LeasedUntil, until)
                    .SetProperty(job => job.LeasedDueAt, job => job.DueAt)
                    .SetProperty(job => job.ReadyAt, until),
                cancellationToken).ConfigureAwait(false);
        return leased == 0 ? [] : await JobEntries.ReadAsync(context, context.Jobs.Where(job => job.LeaseToken == token), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Frees jobs whose lease ran out, and makes them suspects.</summary>
    public static async Task RunOutAsync(BillingDbContext context, JobKind kind, UtcInstant now, CancellationToken cancellationToken)
    {
        var ranOut = context.Jobs.Where(job => job.Kind == kind && job.Status == JobStatus.Leased && job.ReadyAt <= now);

        // A wake-up that was moved or removed meanwhile starts afresh, as after any other end.
        await ranOut.Where(job => job.DueAt == null).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await ranOut.Where(job => job.DueAt != job.LeasedDueAt)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(job => job.Status, JobStatus.Pending)
                    .SetProperty(job => job.LeaseToken, (Guid?)null)
                    .SetProperty(job => job.LeasedCustomerId, (string?)null)
                    .SetProperty(job => job.LeasedUntil, (UtcInstant?)null)
                    .SetProperty(job => job.LeasedDueAt, (UtcInstant?)null)
                    .SetProperty(job => job.ReadyAt, job => job.DueAt!.Value)
                    .SetProperty(job => job.NotBefore, (UtcInstant?)null)
                    .SetProperty(job => job.Attempts, 0)
                    .SetProperty(job => job.IsSuspect, false)
                    .SetProperty(job => job.LastError, (string?)null),
                cancellationToken).ConfigureAwait(false);
        await ranOut
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(job => job.Status, JobStatus.Pending)
                    .SetProperty(job => job.LeaseToken, (Guid?)null)
                    .SetProperty(job => job.LeasedCustomerId, (string?)null)
                    .SetProperty(job => job.LeasedUntil, (UtcInstant?)null)
                    .SetProperty(job => job.LeasedDueAt, (UtcInstant?)null)
                    .SetProperty(job => job.ReadyAt, job => job.NotBefore != null && job.NotBefore > job.DueAt ? job.NotBefore.Value : job.DueAt!.Value)
                    .SetProperty(job => job.Attempts, job => job.IsSuspect ? job.Attempts + 1 : job.Attempts)
                    .SetProperty(job => job.IsSuspect, true)
                    .SetProperty(job => job.LastError, JobEntry.LeaseRanOut),
                cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Keeps leases.</summary>
    /// <returns>The ids of those that were held.</returns>
    public static async Task<HashSet<long>> RenewAsync(BillingDbContext context, LeaseToken?[] tokens, UtcInstant until, CancellationToken cancellationToken)
    {
        var held = Held(context, tokens);
        await held
            .ExecuteUpdateAsync(set => set.SetProperty(job => job.LeasedUntil, until).SetProperty(job => job.ReadyAt, until), cancellationToken).ConfigureAwait(false);
        return Matching(await held.Select(job => new LeaseToken(job.Id, job.LeaseToken!.Value)).ToListAsync(cancellationToken).ConfigureAwait(false), tokens);
    }

    /// <summary>Ends leases.</summary>
    /// <returns>The ids of those that were held.</returns>
    public static async Task<HashSet<long>> FinishAsync(BillingDbContext context, LeaseToken?[] tokens, IReadOnlyList<JobResult> results, CancellationToken cancellationToken)
    {
        // The first statement locks the rows, so that what is read then stays true to the end of the transaction.
        var held = Held(context, tokens);
        await held.ExecuteUpdateAsync(set => set.SetProperty(job => job.LeasedUntil, job => job.LeasedUntil), cancellationToken).ConfigureAwait(false);
        var rows = await held.AsTracking().ToDictionaryAsync(job => job.Id, cancellationToken).ConfigureAwait(false);
        var ended = Matching(rows.Values.Select(row => new LeaseToken(row.Id, row.LeaseToken!.Value)), tokens);
        var handled = new Dictionary<DateTimeOffset, List<string>>();
        var seen = new HashSet<long>();
        for (var i = 0; i < results.Count; i++)
        {
            if (tokens[i] is not { } token || !ended.Contains(token.Id) || !seen.Add(token.Id))
                continue;

            var row = rows[token.Id];
            if (!JobRules.Finish(row, results[i]))
                context.Remove(row);
            if (results[i].End == JobEnd.Done && row.Kind == JobKind.Doorbell)
                (handled.TryGetValue(results[i].At, out var keys) ? keys : handled[results[i].At] = []).Add(row.Key);
        }

        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (at, keys) in handled)
        {
            UtcInstant? instant = at;
            await context.Inbox.Where(row => keys.Contains(row.JobKey))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.HandledAt, instant), cancellationToken).ConfigureAwait(false);
        }

        return ended;
    }

    /// <summary>Jobs that are held with one of these tokens.</summary>
    public static IQueryable<JobRow> Held(BillingDbContext context, LeaseToken?[] tokens)
    {
        var ids = tokens.Where(token => token is not null).Select(token => token!.Value.Id).Distinct().ToArray();
        Guid?[] values = [.. tokens.Where(token => token is not null).Select(token => (Guid?)token!.Value.Value).Distinct()];
        return context.Jobs.Where(job => ids.Contains(job.Id) && job.Status == JobStatus.Leased && values.Contains(job.LeaseToken));
    }

    /// <summary>Takes jobs out of quarantine.</summary>
    /// <returns>How many.</returns>
    public static Task<int> RequeueAsync(IQueryable<JobRow> jobs, CancellationToken cancellationToken) => jobs
        .Where(job => job.Status == JobStatus.Quarantined)
        .ExecuteUpdateAsync(
            set => set
                .SetProperty(job => job.Status, JobStatus.Pending)
                .SetProperty(job => job.Attempts, 0)
                .SetProperty(job => job.NotBefore, (UtcInstant?)null)
                .SetProperty(job => job.LastError, (string?)null)
                .SetProperty(job => job.IsSuspect, false)
                .SetProperty(job => job.ReadyAt, job => job.DueAt!.Value),
            cancellationToken);

    // The query looks for any of the ids with any of the tokens; only the pairs count.
    private static HashSet<long> Matching(IEnumerable<LeaseToken> found, LeaseToken?[] tokens) =>
        [.. found.Where(token => tokens.Contains(token)).Select(token => token.Id)];
}
