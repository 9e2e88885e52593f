using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Commits;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queue;

/// <summary>The inbox in the application's database. A message waits while its job is there.</summary>
internal sealed class EntityFrameworkInbox(StoreRunner runner) : IInbox
{
    private const int PageSize = 500;

    public Task<bool> AddAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return runner.RunAsync(
            new StoreWork<bool>((context, token) => AddAsync(context, message, token))
            {
                IsWrite = true,
                Postgres = (statements, context, token) => statements.Inbox.ReceiveAsync(context, InboxRows.Row(message), CommitRows.Job(message.ToJob(message.ReceivedAt)), token),
                Sqlite = (statements, line) => statements.Receive(line, InboxRows.Row(message), CommitRows.Job(message.ToJob(message.ReceivedAt))),
                SqliteHas = (statements, line) => statements.HasReceived(line, message),
                AlreadyThere = static () => false,
            },
            cancellationToken);
    }

    public Task<InboxEntry?> FindAsync(string provider, string eventId, bool isLive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(eventId);
        return runner.ReadAsync(
            async (context, token) =>
            {
                var filter = new InboxFilter { Provider = provider, EventId = eventId, IsLive = isLive };
                var found = await Matching(context, filter).FirstOrDefaultAsync(token).ConfigureAwait(false);
                return found is null ? null : ToEntry(found);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<InboxEntry>> ListAsync(InboxFilter filter, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return runner.ReadAsync<IReadOnlyList<InboxEntry>>(
            async (context, token) =>
            {
                var found = await Matching(context, filter)
                    .OrderByDescending(found => found.Message.ReceivedAt).ThenByDescending(found => found.Message.Id)
                    .Take(count)
                    .ToListAsync(token).ConfigureAwait(false);
                return found.ConvertAll(ToEntry);
            },
            cancellationToken);
    }

    /// <summary>Messages after a place, newest first.</summary>
    public static async Task<IReadOnlyList<InboxEntry>> ListAsync(BillingDbContext context, InboxFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        var found = Matching(context, filter);
        if (after is not null)
        {
            UtcInstant at = after.At;
            var key = after.Owner;
            found = found.Where(pair => pair.Message.ReceivedAt <= at && (pair.Message.ReceivedAt < at || string.Compare(pair.Message.JobKey, key) < 0));
        }

        var page = await found
            .OrderByDescending(pair => pair.Message.ReceivedAt).ThenByDescending(pair => pair.Message.JobKey)
            .Take(count)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return page.ConvertAll(ToEntry);
    }

    public async Task<int> ReplayAsync(InboxFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var replayed = 0;
        if (filter.Status is null or InboxStatus.Quarantined)
        {
            replayed += await runner.WriteAsync(
                (context, token) =>
                {
                    var keys = Matching(context, filter with { Status = InboxStatus.Quarantined }).Select(found => found.Message.JobKey);
                    return LeaseWriter.RequeueAsync(context.Jobs.Where(job => keys.Contains(job.Key)), token);
                },
                cancellationToken).ConfigureAwait(false);
        }

        if (filter.Status is null or InboxStatus.Handled)
        {
            var (last, more) = (0L, true);
            while (more)
            {
                var after = last;
                var page = await runner.WriteAsync((context, token) => RingAgainAsync(context, filter, after, now, token), cancellationToken).ConfigureAwait(false);
                replayed += page.Count;
                (last, more) = (page.Last, page.Count == PageSize);
            }
        }

        return replayed;
    }

    public async Task<InboxPurge> PurgeAsync(DateTimeOffset bodiesBefore, DateTimeOffset messagesBefore, CancellationToken cancellationToken)
    {
        var gone = await PurgeAsync(messagesBefore, row => true, (rows, token) => rows.ExecuteDeleteAsync(token), cancellationToken).ConfigureAwait(false);
        var forgotten = await PurgeAsync(
            bodiesBefore,
            row => row.Body != null,
            (rows, token) => rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.Body, (string?)null), token),
            cancellationToken).ConfigureAwait(false);
        return new InboxPurge(forgotten, gone);
    }

    // A page at a time, each in a transaction of its own: what comes in does not wait for all that goes.
    private async Task<int> PurgeAsync(
        UtcInstant before,
        Expression<Func<InboxRow, bool>> which,
        Func<IQueryable<InboxRow>, CancellationToken, Task<int>> purge,
        CancellationToken cancellationToken)
    {
        var (purged, at, key, more) = (0, new UtcInstant(0), "", true);
        while (more)
        {
            var (lastAt, lastKey) = (at, key);
            var page = await runner.WriteAsync(
                async (context, token) =>
                {
                    var handled = context.Inbox.Where(row => !context.Jobs.Any(job => job.Key == row.JobKey));
                    var found = await handled.Where(which)
                        .Where(row => row.ReceivedAt < before && row.ReceivedAt >= lastAt && (row.ReceivedAt > lastAt || string.Compare(row.JobKey, lastKey) > 0))
                        .OrderBy(row => row.ReceivedAt).ThenBy(row => row.JobKey)
                        .Select(row => new { row.Id, row.ReceivedAt, row.JobKey })
                        .Take(PageSize)
                        .ToListAsync(token).ConfigureAwait(false);
                    var ids = found.ConvertAll(row => row.Id);
                    var count = ids.Count == 0 ? 0 : await purge(handled.Where(row => ids.Contains(row.Id)), token).ConfigureAwait(false);
                    return (Count: count, IsFull: ids.Count == PageSize, At: found.LastOrDefault()?.ReceivedAt, Key: found.LastOrDefault()?.JobKey);
                },
                cancellationToken).ConfigureAwait(false);
            purged += page.Count;
            (at, key, more) = (page.At ?? at, page.Key ?? key, page.IsFull);
        }

        return purged;
    }

    private static async Task<bool> AddAsync(BillingDbContext context, InboxMessage message, CancellationToken cancellationToken)
    {
        // Redeliveries are many, and a refused insert costs more than a look.
        var key = message.JobKey;
        if (await context.Inbox.AnyAsync(row => row.JobKey == key, cancellationToken).ConfigureAwait(false))
            return false;
        context.Add(InboxRows.Row(message));
        context.Add(CommitRows.Job(message.ToJob(message.ReceivedAt)));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static async Task<(int Count, long Last)> RingAgainAsync(BillingDbContext context, InboxFilter filter, long after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var handled = await Matching(context, filter with { Status = InboxStatus.Handled })
            .Where(found => found.Message.Id > after)
            .OrderBy(found => found.Message.Id)
            .Select(found => found.Message)
            .Take(PageSize)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var row in handled)
            context.Add(CommitRows.Job(InboxRows.Message(row).ToJob(now)));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return (handled.Count, handled.Count > 0 ? handled[^1].Id : after);
    }

    private static IQueryable<Found> Matching(BillingDbContext context, InboxFilter filter)
    {
        var messages = context.Inbox.AsNoTracking();
        if (filter.Provider is { } provider)
            messages = messages.Where(row => row.Provider == provider);
        if (filter.EventId is { } eventId)
            messages = messages.Where(row => row.EventId == eventId);
        if (filter.IsLive is { } isLive)
            messages = messages.Where(row => row.IsLive == isLive);
        if (filter.ReceivedFrom is { } receivedFrom)
        {
            UtcInstant from = receivedFrom;
            messages = messages.Where(row => row.ReceivedAt >= from);
        }

        if (filter.ReceivedBefore is { } receivedBefore)
        {
            UtcInstant before = receivedBefore;
            messages = messages.Where(row => row.ReceivedAt < before);
        }

        var found =
            from message in messages
            join waiting in context.Jobs.AsNoTracking() on message.JobKey equals waiting.Key into jobs
            from job in jobs.DefaultIfEmpty()
            select new Found { Message = message, Job = job };
        return filter.Status switch
        {
            InboxStatus.Handled => found.Where(pair => pair.Job == null),
            InboxStatus.Quarantined => found.Where(pair => pair.Job!.Status == JobStatus.Quarantined),
            InboxStatus.Waiting => found.Where(pair => pair.Job!.Status == JobStatus.Pending || pair.Job.Status == JobStatus.Leased),
            _ => found,
        };
    }

    private static InboxEntry ToEntry(Found found) => new(
        InboxRows.Message(found.Message),
        found.Job is null ? InboxStatus.Handled : found.Job.Status == JobStatus.Quarantined ? InboxStatus.Quarantined : InboxStatus.Waiting)
    {
        HandledAt = found.Message.HandledAt is { } handledAt ? handledAt : null,
        Attempts = found.Job?.Attempts ?? 0,
        LastError = found.Job?.LastError,
    };

    private sealed class Found
    {
        public required InboxRow Message { get; init; }

        public JobRow? Job { get; init; }
    }
}
