using System.Data.Common;
using Microsoft.EntityFrameworkCore;
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
        var (jobs, events) = (PostgresStatements.Table<JobRow>(context), PostgresStatements.Table<EventRow>(context));

        // Jobs are taken from the index in the order in which they are due, and each is asked after by itself until there are enough: OFFSET and COALESCE
        // keep the planner from joining and sorting all that is due first.
        _lease = new[] { JobKind.Wake, JobKind.Hook }.ToDictionary(kind => kind, kind => $"""
            WITH due AS MATERIALIZED (
                SELECT j."id" FROM (
                    SELECT "id", "customer_id", "kind", "lane", "sequence", "due_at", "ready_at" FROM {jobs}
                    WHERE "kind" = '{kind}' AND "status" = 'Pending' AND "ready_at" <= @now AND NOT "is_suspect"
                    ORDER BY "ready_at", "id" OFFSET 0 FOR UPDATE SKIP LOCKED) AS j
                WHERE {IsFree(jobs, kind, "j")}
                    AND {IsFirst(jobs, kind, "j")}
                    AND COALESCE((SELECT false FROM {jobs} AS o
                        WHERE o."customer_id" = j."customer_id" AND o."kind" = '{kind}' AND o."status" = 'Pending' AND o."lane" <> j."lane"
                            AND (o."ready_at", o."id") < (j."ready_at", j."id") AND {IsFirst(jobs, kind, "o")}
                        LIMIT 1), true)
                LIMIT @count),
            leased AS (
                UPDATE {jobs} AS j SET "status" = 'Leased', "lease_token" = @token, "leased_until" = @until, "leased_due_at" = j."due_at", "ready_at" = @until
                FROM due WHERE j."id" = due."id"
                RETURNING j."id", j."key", j."customer_id", j."lane", j."sequence", j."due_at", j."not_before", j."attempts", j."last_error", j."event_id")
            SELECT l.*, e."type", e."data" FROM leased AS l LEFT JOIN {events} AS e ON e."customer_id" = l."customer_id" AND e."id" = l."event_id"
            """);
        _next = Enum.GetValues<JobKind>().ToDictionary(kind => kind, kind => $"""
            SELECT j."ready_at" FROM (
                SELECT "id", "status", "customer_id", "kind", "lane", "sequence", "due_at", "ready_at" FROM {jobs}
                WHERE "kind" = '{kind}' AND "status" <> 'Quarantined'
                ORDER BY "ready_at", "id" OFFSET 0) AS j
            WHERE j."status" = 'Leased' OR ({IsFree(jobs, kind, "j")} AND {IsFirst(jobs, kind, "j")})
            LIMIT 1
            """);
        _complete = $"""
            DELETE FROM {jobs} AS j USING unnest(@ids::bigint[], @tokens::uuid[]) AS told("id", "token")
            WHERE j."id" = told."id" AND j."lease_token" = told."token" AND j."status" = 'Leased' AND j."kind" = 'Hook'
            RETURNING j."id"
            """;
    }

    public static bool Takes(LeaseRequest request) => !request.Suspects && request.Kind != JobKind.Doorbell;

    public static bool Takes(IReadOnlyList<JobResult> results) => results.All(result => result is { End: JobEnd.Done, Entry.Job.Kind: JobKind.Hook });

    public async Task<List<JobWithPayload>> LeaseAsync(BillingDbContext context, LeaseRequest request, CancellationToken cancellationToken)
    {
        var (token, until) = (Guid.NewGuid(), request.Now + request.Duration);
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

    // Whether no worker holds a job of its customer.
    private static string IsFree(string jobs, JobKind kind, string job) => $"""
        COALESCE((SELECT false FROM {jobs} AS h WHERE h."kind" = '{kind}' AND h."customer_id" = {job}."customer_id" AND h."status" = 'Leased' LIMIT 1), true)
        """;

    // Whether it is the first of its lane.
    private static string IsFirst(string jobs, JobKind kind, string job) => $"""
        COALESCE((SELECT false FROM {jobs} AS b
            WHERE b."customer_id" = {job}."customer_id" AND b."kind" = '{kind}' AND b."lane" = {job}."lane" AND b."status" = 'Pending' AND b."sequence" <= {job}."sequence"
                AND (b."sequence", b."due_at", b."id") < ({job}."sequence", {job}."due_at", {job}."id")
            LIMIT 1), true)
        """;

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
