using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Postgres;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queue;

/// <summary>The queue in the application's database: leases make any number of processes workers of it, without a leader.</summary>
internal sealed class EntityFrameworkJobs(StoreRunner runner) : IJobQueue
{
    public async Task<IReadOnlyList<JobEntry>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Duration <= TimeSpan.Zero || request.Count <= 0)
            throw new ArgumentOutOfRangeException(nameof(request), request, "A lease lasts longer than zero, and is on at least one job.");
        while (true)
        {
            var leased = await runner.RunAsync(
                new StoreWork<List<JobWithPayload>>((context, token) => LeaseWriter.LeaseAsync(context, request, token))
                {
                    IsWrite = true,
                    Postgres = (statements, context, token) => statements.Leases.LeaseAsync(context, request, token),
                    Sqlite = (statements, line) => statements.Leases.Lease(line, request),
                },
                cancellationToken).ConfigureAwait(false);
            var entries = new List<JobEntry>(leased.Count);
            var unreadable = new List<JobResult>();
            foreach (var found in leased)
            {
                try
                {
                    entries.Add(JobEntries.ToEntry(found));
                }
                catch (BillingException damaged)
                {
                    // Its customer's deliveries wait for a person; those of others go on.
                    unreadable.Add(JobResult.Quarantine(JobEntries.Entry(found.Row), request.Now, damaged.Message));
                }
            }

            if (unreadable.Count > 0)
                await FinishAsync(unreadable, cancellationToken).ConfigureAwait(false);
            if (entries.Count > 0 || leased.Count == 0)
                return entries;
        }
    }

    public async Task<IReadOnlyList<LeaseOutcome>> RenewAsync(IReadOnlyList<JobEntry> entries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var tokens = entries.Select(LeaseToken.Of).ToArray();
        if (!tokens.Any(token => token is not null))
            return Array.ConvertAll(tokens, _ => LeaseOutcome.Lost);

        var held = await runner.RunAsync(
            new StoreWork<HashSet<long>>((context, token) => LeaseWriter.RenewAsync(context, tokens, until, token))
            {
                IsWrite = true,
                Postgres = (statements, context, token) => statements.Leases.RenewAsync(context, tokens, until, token),
                Sqlite = (statements, line) => statements.Leases.Renew(line, tokens, until),
            },
            cancellationToken).ConfigureAwait(false);
        return Outcomes(tokens, held);
    }

    public async Task<IReadOnlyList<LeaseOutcome>> FinishAsync(IReadOnlyList<JobResult> results, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(results);
        var tokens = results.Select(result => LeaseToken.Of(result.Entry)).ToArray();
        if (!tokens.Any(token => token is not null))
            return Array.ConvertAll(tokens, _ => LeaseOutcome.Lost);

        var held = await runner.RunAsync(
            new StoreWork<HashSet<long>>((context, token) => LeaseWriter.FinishAsync(context, tokens, results, token))
            {
                IsWrite = true,
                Postgres = PostgresLeases.Takes(results) ? (statements, context, token) => statements.Leases.CompleteAsync(context, tokens, token) : null,
                Sqlite = (statements, line) => statements.Leases.Finish(line, tokens, results),
            },
            cancellationToken).ConfigureAwait(false);
        return Outcomes(tokens, held);
    }

    public Task<DateTimeOffset?> NextDueAsync(JobKind kind, CancellationToken cancellationToken) => runner.RunAsync(
        new StoreWork<DateTimeOffset?>((context, token) => LeaseQueries.NextDueAsync(context, kind, token))
        {
            IsWrite = false,
            Postgres = (statements, context, token) => statements.Leases.NextDueAsync(context, kind, token),
            Sqlite = (statements, line) => statements.Leases.NextDue(line, kind),
        },
        cancellationToken);

    public Task<JobFigures> GetFiguresAsync(CancellationToken cancellationToken) => runner.ReadAsync(
        async (context, token) =>
        {
            var waiting = context.Jobs.Where(job => job.Status != JobStatus.Quarantined);
            var pending = await waiting.CountAsync(token).ConfigureAwait(false);
            var quarantined = await context.Jobs.CountAsync(job => job.Status == JobStatus.Quarantined, token).ConfigureAwait(false);
            var oldest = await waiting.MinAsync(job => job.DueAt, token).ConfigureAwait(false);
            return new JobFigures(pending, quarantined, oldest is { } due ? due : null);
        },
        cancellationToken);

    public Task<IReadOnlyList<JobEntry>> GetQuarantinedAsync(CancellationToken cancellationToken) => runner.ReadAsync<IReadOnlyList<JobEntry>>(
        async (context, token) =>
        {
            var found = await JobEntries.ReadAsync(context, context.Jobs.Where(job => job.Status == JobStatus.Quarantined), token).ConfigureAwait(false);
            return found.ConvertAll(Readable);
        },
        cancellationToken);

    public Task<bool> RequeueAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return runner.WriteAsync(
            async (context, token) => await LeaseWriter.RequeueAsync(context.Jobs.Where(job => job.Key == key), token).ConfigureAwait(false) > 0,
            cancellationToken);
    }

    // What cannot be read is why it is here: an operator must see it all the same.
    private static JobEntry Readable(JobWithPayload found)
    {
        try
        {
            return JobEntries.ToEntry(found);
        }
        catch (BillingException)
        {
            return JobEntries.Entry(found.Row);
        }
    }

    private static LeaseOutcome[] Outcomes(LeaseToken?[] tokens, HashSet<long> held)
    {
        var told = new HashSet<long>();
        return Array.ConvertAll(tokens, token => token is { } known && held.Contains(known.Id) && told.Add(known.Id) ? LeaseOutcome.Held : LeaseOutcome.Lost);
    }
}
