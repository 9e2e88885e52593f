using System.Data.Common;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Queue;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Postgres;

/// <summary>The usual lease and the usual end of one: of jobs that are no suspects, and of hooks that are done.</summary>
internal sealed class PostgresLeases
{
    private readonly Dictionary<JobKind, string> _lease;
    private readonly Dictionary<JobKind, string> _next;
    private readonly string _complete;

    public PostgresLeases(BillingDbContext context)
    {
        var (jobs, events) = (new RowNames<JobRow>(context), new RowNames<EventRow>(context));
        var (table, id, kindOf, customer, lane) = (jobs.Table, jobs[nameof(JobRow.Id)], jobs[nameof(JobRow.Kind)], jobs[nameof(JobRow.CustomerId)], jobs[nameof(JobRow.Lane)]);
        var (status, token, leasedTo) = (jobs[nameof(JobRow.Status)], jobs[nameof(JobRow.LeaseToken)], jobs[nameof(JobRow.LeasedCustomerId)]);
        var (sequence, dueAt, readyAt, eventId) = (jobs[nameof(JobRow.Sequence)], jobs[nameof(JobRow.DueAt)], jobs[nameof(JobRow.ReadyAt)], jobs[nameof(JobRow.EventId)]);

        // Jobs are taken from the index in the order in which they are due, and each is asked after by itself until there are enough: OFFSET and COALESCE
        // keep the planner from joining and sorting all that is due first.
        _lease = new[] { JobKind.Wake, JobKind.Hook }.ToDictionary(kind => kind, kind => $"""
            WITH due AS MATERIALIZED (
                SELECT j.{id} FROM (
                    SELECT {id}, {customer}, {lane}, {sequence}, {dueAt}, {readyAt} FROM {table}
                    WHERE {status} = 'Pending' AND {kindOf} = '{kind}' AND {readyAt} <= @now AND NOT {jobs[nameof(JobRow.IsSuspect)]}
                    ORDER BY {readyAt}, {id} OFFSET 0 FOR UPDATE SKIP LOCKED) AS j
                WHERE {IsFree(kind)} AND {IsFirst("j", kind)}
                    AND COALESCE((SELECT false FROM {table} AS o
                        WHERE o.{customer} = j.{customer} AND o.{kindOf} = '{kind}' AND o.{status} = 'Pending' AND o.{lane} <> j.{lane}
                            AND (o.{readyAt}, o.{id}) < (j.{readyAt}, j.{id}) AND {IsFirst("o", kind)}
                        LIMIT 1), true)
                LIMIT @count),
            leased AS (
                UPDATE {table} AS j SET {status} = 'Leased', {token} = @token, {leasedTo} = j.{customer}, {jobs[nameof(JobRow.LeasedUntil)]} = @until,
                    {jobs[nameof(JobRow.LeasedDueAt)]} = j.{dueAt}, {readyAt} = @until
                FROM due WHERE j.{id} = due.{id}
                RETURNING j.{id}, j.{jobs[nameof(JobRow.Key)]}, j.{customer}, j.{lane}, j.{sequence}, j.{dueAt}, j.{jobs[nameof(JobRow.NotBefore)]}, j.{jobs[nameof(JobRow.Attempts)]},
                    j.{jobs[nameof(JobRow.LastError)]}, j.{eventId})
            SELECT l.*, e.{events[nameof(EventRow.Type)]}, e.{events[nameof(EventRow.Data)]}
            FROM leased AS l LEFT JOIN {events.Table} AS e ON e.{events[nameof(EventRow.CustomerId)]} = l.{customer} AND e.{events[nameof(EventRow.Id)]} = l.{eventId}
            """);
        _next = Enum.GetValues<JobKind>().ToDictionary(kind => kind, kind => $"""
            SELECT LEAST(
                (SELECT {readyAt} FROM {table} WHERE {status} = 'Leased' AND {kindOf} = '{kind}' ORDER BY {readyAt} LIMIT 1),
                (SELECT j.{readyAt} FROM (
                    SELECT {id}, {customer}, {lane}, {sequence}, {dueAt}, {readyAt} FROM {table} WHERE {status} = 'Pending' AND {kindOf} = '{kind}'
                    ORDER BY {readyAt}, {id} OFFSET 0) AS j
                WHERE {IsFree(kind)} AND {IsFirst("j", kind)}
                LIMIT 1))
            """);
        _complete = $"""
            DELETE FROM {table} AS j USING unnest(@ids::bigint[], @tokens::uuid[]) AS told(id, token)
            WHERE j.{id} = told.id AND j.{token} = told.token AND j.{status} = 'Leased' AND j.{kindOf} = 'Hook'
            RETURNING j.{id}
            """;

        // Whether no worker holds a job of its customer.
        string IsFree(JobKind kind) => $"COALESCE((SELECT false FROM {table} AS h WHERE h.{leasedTo} = j.{customer} AND h.{kindOf} = '{kind}' LIMIT 1), true)";

        // Whether it is the first of its lane.
        string IsFirst(string job, JobKind kind) => $"""
            COALESCE((SELECT false FROM {table} AS b
                WHERE b.{customer} = {job}.{customer} AND b.{kindOf} = '{kind}' AND b.{lane} = {job}.{lane} AND b.{status} = 'Pending' AND b.{sequence} <= {job}.{sequence}
                    AND (b.{sequence}, b.{dueAt}, b.{id}) < ({job}.{sequence}, {job}.{dueAt}, {job}.{id})
                LIMIT 1), true)
            """;
    }

    public static bool Takes(LeaseRequest request) => !request.Suspects && request.Kind != JobKind.Doorbell;

    public static bool Takes(IReadOnlyList<JobResult> results) => results.All(result => result is { End: JobEnd.Done, Entry.Job.Kind: JobKind.Hook });

    public async Task<List<JobWithPayload>> LeaseAsync(BillingDbContext context, LeaseRequest request, CancellationToken cancellationToken)
    {
        var (token, until) = (Guid.NewGuid(), request.LeasedAt + request.Duration);
        var command = await PostgresStatements.CommandAsync(context, _lease[request.Kind], cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            PostgresStatements.Add(command, "now", request.Now.UtcDateTime);
            PostgresStatements.Add(command, "count", request.Count);
            PostgresStatements.Add(command, "token", token);
            PostgresStatements.Add(command, "until", until.UtcDateTime);
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            var leased = new List<JobWithPayload>();
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    leased.Add(new JobWithPayload(Row(reader, request.Kind, token, until), Text(reader, 10), Text(reader, 11), null));
            }

            return [.. leased.OrderBy(found => UtcInstant.Later(found.Row.DueAt ?? found.Row.ReadyAt, found.Row.NotBefore)).ThenBy(found => found.Row.Id)];
        }
    }

    /// <returns>The ids of those that were held.</returns>
    public async Task<HashSet<long>> CompleteAsync(BillingDbContext context, LeaseToken?[] tokens, CancellationToken cancellationToken)
    {
        var command = await PostgresStatements.CommandAsync(context, _complete, cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            var known = tokens.Where(token => token is not null).Select(token => token!.Value).Distinct().ToArray();
            PostgresStatements.Add(command, "ids", Array.ConvertAll(known, token => token.Id));
            PostgresStatements.Add(command, "tokens", Array.ConvertAll(known, token => token.Value));
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            var ended = new HashSet<long>();
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    ended.Add(reader.GetInt64(0));
            }

            return ended;
        }
    }

    /// <returns>When the next job can be leased; null: none.</returns>
    public async Task<DateTimeOffset?> NextDueAsync(BillingDbContext context, JobKind kind, CancellationToken cancellationToken)
    {
        var command = await PostgresStatements.CommandAsync(context, _next[kind], cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is DateTime next ? UtcInstant.FromDateTime(next) : null;
        }
    }

    private static JobRow Row(DbDataReader reader, JobKind kind, Guid token, DateTimeOffset until) => new()
    {
        Id = reader.GetInt64(0),
        Key = reader.GetString(1),
        Kind = kind,
        CustomerId = reader.GetString(2),
        Lane = reader.GetString(3),
        Sequence = reader.GetInt64(4),
        DueAt = Instant(reader, 5),
        LeasedDueAt = Instant(reader, 5),
        NotBefore = Instant(reader, 6),
        ReadyAt = until,
        Status = JobStatus.Leased,
        LeaseToken = token,
        LeasedUntil = until,
        Attempts = reader.GetInt32(7),
        LastError = Text(reader, 8),
        EventId = Text(reader, 9),
    };

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static UtcInstant? Instant(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : UtcInstant.FromDateTime(reader.GetDateTime(column));
}
