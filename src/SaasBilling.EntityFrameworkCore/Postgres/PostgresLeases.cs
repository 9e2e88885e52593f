using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Queue;
using SaasBilling.EntityFrameworkCore.Statements;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Postgres;

/// <summary>Leases, and the usual end of one: of hooks that are done.</summary>
internal sealed class PostgresLeases
{
    // Each job is asked after by itself, which looks dear enough to be compiled first: that takes longer than the asking. For this transaction only.
    private const string NotCompiled = "SELECT set_config('jit', 'off', true)";

    private readonly Dictionary<(JobKind Kind, bool Suspects), string> _lease = [];
    private readonly Dictionary<JobKind, string> _next;
    private readonly string _complete;
    private readonly string _renew;

    public PostgresLeases(JobTexts jobs)
    {
        var (table, id, kindOf, customer, lane) = (jobs.Table, jobs[nameof(JobRow.Id)], jobs[nameof(JobRow.Kind)], jobs[nameof(JobRow.CustomerId)], jobs[nameof(JobRow.Lane)]);
        var (status, token, leasedTo) = (jobs[nameof(JobRow.Status)], jobs[nameof(JobRow.LeaseToken)], jobs[nameof(JobRow.LeasedCustomerId)]);
        var (sequence, dueAt, readyAt, attempts) = (jobs[nameof(JobRow.Sequence)], jobs[nameof(JobRow.DueAt)], jobs[nameof(JobRow.ReadyAt)], jobs[nameof(JobRow.Attempts)]);

        // As JobRules.Together says.
        var together = $"""
            SELECT {id} FROM (
                SELECT {id}, {attempts}, first_value({attempts}) OVER due_first AS tried, row_number() OVER due_first AS place FROM due
                WINDOW due_first AS (ORDER BY {readyAt}, {id})) AS placed
            WHERE CASE WHEN tried > 0 THEN place = 1 ELSE {attempts} = 0 END
            """;
        foreach (var kind in Enum.GetValues<JobKind>())
        {
            foreach (var suspects in new[] { false, true })
            {
                var (remove, free) = jobs.RunOut(kind, "@present", "@error", " FOR UPDATE SKIP LOCKED");
                _lease[(kind, suspects)] = $"""
                    {NotCompiled};
                    {(suspects ? $"{remove};\n{free};" : "")}
                    WITH due AS MATERIALIZED (
                        SELECT j.{id}, j.{readyAt}, j.{attempts} FROM {table} AS j
                        WHERE {jobs.IsOf(kind, JobStatus.Pending, suspects)} AND j.{readyAt} <= @now AND {jobs.IsNext(kind)}
                        ORDER BY j.{readyAt}, j.{id} LIMIT @count FOR UPDATE SKIP LOCKED),
                    together AS ({(suspects ? together : $"SELECT {id} FROM due")}),
                    leased AS (
                        UPDATE {table} AS j SET {status} = 'Leased', {token} = @token, {leasedTo} = j.{customer}, {jobs[nameof(JobRow.LeasedUntil)]} = @until,
                            {jobs[nameof(JobRow.LeasedDueAt)]} = j.{dueAt}, {readyAt} = @until
                        WHERE j.{id} = ANY (ARRAY(SELECT together.{id} FROM together))
                        RETURNING {jobs.Leased("j")})
                    SELECT {jobs.Leased("j")}{jobs.Payload(kind)} FROM leased AS j {jobs.Join(kind)}
                    """;
            }
        }

        _next = Enum.GetValues<JobKind>().ToDictionary(kind => kind, kind => $"{NotCompiled};\n{jobs.NextReady(kind)}");
        _renew = $"""
            UPDATE {table} AS j SET {jobs[nameof(JobRow.LeasedUntil)]} = @until, {readyAt} = @until FROM unnest(@ids::bigint[], @tokens::uuid[]) AS told(id, token)
            WHERE j.{id} = ANY (@ids) AND j.{id} = told.id AND j.{token} = told.token AND j.{status} = 'Leased'
            RETURNING j.{id}
            """;
        _complete = $"""
            DELETE FROM {table} AS j USING unnest(@ids::bigint[], @tokens::uuid[]) AS told(id, token)
            WHERE j.{id} = ANY (@ids) AND j.{id} = told.id AND j.{token} = told.token AND j.{status} = 'Leased' AND j.{kindOf} = 'Hook'
            RETURNING j.{id}
            """;
    }

    /// <summary>Leases what is due.</summary>
    public string Lease(JobKind kind, bool suspects) => _lease[(kind, suspects)];

    /// <summary>Finds when the next job can be leased.</summary>
    public string Next(JobKind kind) => _next[kind];

    /// <summary>Ends leases of hooks that are done.</summary>
    public string Completion => _complete;

    public static bool Takes(IReadOnlyList<JobResult> results) => results.All(result => result is { End: JobEnd.Done, Entry.Job.Kind: JobKind.Hook });

    public async Task<List<JobWithPayload>> LeaseAsync(DbContext context, LeaseRequest request, CancellationToken cancellationToken)
    {
        var found = new LeasedRows(request, Guid.NewGuid());
        var command = await PostgresStatements.CommandAsync(context, Lease(request.Kind, request.Suspects), cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            PostgresStatements.Add(command, "now", (UtcInstant)request.Now);
            PostgresStatements.Add(command, "count", request.Count);
            PostgresStatements.Add(command, "token", found.Token);
            PostgresStatements.Add(command, "until", found.Until);
            if (request.Suspects)
            {
                PostgresStatements.Add(command, "present", (UtcInstant)request.LeasedAt);
                PostgresStatements.Add(command, "error", JobEntry.LeaseRanOut);
            }

            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            var leased = new List<JobWithPayload>();
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    leased.Add(found.Read(reader));
            }

            return [.. leased.OrderBy(job => UtcInstant.Later(job.Row.DueAt ?? job.Row.ReadyAt, job.Row.NotBefore)).ThenBy(job => job.Row.Id)];
        }
    }

    /// <returns>The ids of those that were held.</returns>
    public Task<HashSet<long>> CompleteAsync(DbContext context, LeaseToken?[] tokens, CancellationToken cancellationToken) =>
        TellAsync(context, _complete, tokens, until: null, cancellationToken);

    /// <returns>The ids of those that were held.</returns>
    public Task<HashSet<long>> RenewAsync(DbContext context, LeaseToken?[] tokens, DateTimeOffset until, CancellationToken cancellationToken) =>
        TellAsync(context, _renew, tokens, until, cancellationToken);

    /// <returns>When the next job can be leased; null: none.</returns>
    public async Task<DateTimeOffset?> NextDueAsync(DbContext context, JobKind kind, CancellationToken cancellationToken)
    {
        var command = await PostgresStatements.CommandAsync(context, Next(kind), cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                return await reader.IsDBNullAsync(0, cancellationToken).ConfigureAwait(false) ? null : UtcInstant.FromDateTime(reader.GetDateTime(0));
            }
        }
    }

    // One statement: a worker that is halted in the middle of it keeps nobody waiting.
    private static async Task<HashSet<long>> TellAsync(DbContext context, string text, LeaseToken?[] tokens, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var command = await PostgresStatements.CommandAsync(context, text, cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            if (until is { } end)
                PostgresStatements.Add(command, "until", end.UtcDateTime);
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
}
