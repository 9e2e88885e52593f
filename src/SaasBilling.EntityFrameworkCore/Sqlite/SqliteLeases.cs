using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Queue;
using SaasBilling.EntityFrameworkCore.Statements;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Sqlite;

/// <summary>Leases and ends of leases. In a transaction that writes, what was read stays true to its end: so what is due is looked up first, and then stamped.</summary>
internal sealed class SqliteLeases
{
    private readonly Dictionary<(JobKind Kind, bool Suspects), string> _due = [];
    private readonly Dictionary<JobKind, string> _next;
    private readonly Dictionary<JobKind, (string Remove, string Free)> _runOut;
    private readonly string _lease;
    private readonly string _renew;
    private readonly string _done;
    private readonly string _answered;
    private readonly string _held;
    private readonly string _remove;
    private readonly string _keep;
    private readonly string _handled;

    public SqliteLeases(BillingDbContext context, JobTexts jobs)
    {
        var (table, id, key, kindOf) = (jobs.Table, jobs[nameof(JobRow.Id)], jobs[nameof(JobRow.Key)], jobs[nameof(JobRow.Kind)]);
        var (status, token, leasedTo) = (jobs[nameof(JobRow.Status)], jobs[nameof(JobRow.LeaseToken)], jobs[nameof(JobRow.LeasedCustomerId)]);
        var (leasedUntil, leasedDueAt) = (jobs[nameof(JobRow.LeasedUntil)], jobs[nameof(JobRow.LeasedDueAt)]);
        var (dueAt, readyAt, notBefore) = (jobs[nameof(JobRow.DueAt)], jobs[nameof(JobRow.ReadyAt)], jobs[nameof(JobRow.NotBefore)]);
        var (attempts, lastError, isSuspect) = (jobs[nameof(JobRow.Attempts)], jobs[nameof(JobRow.LastError)], jobs[nameof(JobRow.IsSuspect)]);
        var inbox = new RowNames<InboxRow>(context);
        foreach (var kind in Enum.GetValues<JobKind>())
        {
            foreach (var suspects in new[] { false, true })
            {
                _due[(kind, suspects)] = $"""
                    SELECT {jobs.Leased("j")}{jobs.Payload(kind)} FROM {table} AS j {jobs.Join(kind)}
                    WHERE {jobs.IsOf(kind, JobStatus.Pending, suspects)} AND j.{readyAt} <= @0 AND {jobs.IsNext(kind)}
                    ORDER BY j.{readyAt}, j.{id} LIMIT @1
                    """;
            }
        }

        _next = Enum.GetValues<JobKind>().ToDictionary(kind => kind, jobs.NextReady);
        _runOut = Enum.GetValues<JobKind>().ToDictionary(kind => kind, kind => jobs.RunOut(kind, "@0", "@1"));

        // By their ids, and not by looking at all that are leased.
        var ofHolder = $"{id} IN (SELECT value FROM json_each(@0)) AND {token} = @1 AND +{status} = 'Leased'";
        _lease = $"""
            UPDATE {table} SET {status} = 'Leased', {token} = @1, {leasedTo} = {jobs[nameof(JobRow.CustomerId)]}, {leasedUntil} = @2, {leasedDueAt} = {dueAt}, {readyAt} = @2
            WHERE {id} IN (SELECT value FROM json_each(@0))
            """;
        _renew = $"UPDATE {table} SET {leasedUntil} = @2, {readyAt} = @2 WHERE {ofHolder} RETURNING {id}";
        _done = $"DELETE FROM {table} WHERE {ofHolder} RETURNING {id}";
        _answered = $"{_done}, {key}";
        _held = $"SELECT {jobs.Leased(table)}, {kindOf}, {leasedDueAt}, {isSuspect} FROM {table} WHERE {ofHolder}";
        _remove = $"DELETE FROM {table} WHERE {id} = @0";
        _keep = $"""
            UPDATE {table} SET {status} = @1, {readyAt} = @2, {notBefore} = @3, {attempts} = @4, {lastError} = @5, {isSuspect} = @6,
                {token} = NULL, {leasedTo} = NULL, {leasedUntil} = NULL, {leasedDueAt} = NULL
            WHERE {id} = @0
            """;
        _handled = $"UPDATE {inbox.Table} SET {inbox[nameof(InboxRow.HandledAt)]} = @1 WHERE {inbox[nameof(InboxRow.JobKey)]} = @0";
    }

    /// <summary>Finds what is due.</summary>
    public string Due(JobKind kind, bool suspects) => _due[(kind, suspects)];

    /// <summary>Finds when the next job can be leased.</summary>
    public string Next(JobKind kind) => _next[kind];

    /// <summary>Keeps leases.</summary>
    public string Renewal => _renew;

    public List<JobWithPayload> Lease(SqliteLine line, LeaseRequest request)
    {
        var found = new LeasedRows(request, Guid.NewGuid());
        var leased = new List<JobWithPayload>();
        UtcInstant now = request.Now, present = request.LeasedAt;
        if (request.Suspects)
        {
            line.Run(_runOut[request.Kind].Remove, present.ToDateTime());
            line.Run(_runOut[request.Kind].Free, present.ToDateTime(), JobEntry.LeaseRanOut);
        }

        using (var reader = line.Command(Due(request.Kind, request.Suspects), now.ToDateTime(), request.Count).ExecuteReader())
        {
            while (reader.Read())
                leased.Add(found.Read(reader));
        }

        if (request.Suspects)
            leased = [.. JobRules.Together(leased, job => job.Row.Attempts)];
        if (leased.Count > 0)
            line.Run(_lease, List(leased.Select(job => job.Row.Id)), found.Token, found.Until.ToDateTime());
        return leased;
    }

    /// <returns>When the next job can be leased; null: none.</returns>
    public DateTimeOffset? NextDue(SqliteLine line, JobKind kind)
    {
        using var reader = line.Command(Next(kind)).ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? UtcInstant.FromDateTime(reader.GetDateTime(0)) : null;
    }

    /// <returns>The ids of those that were held.</returns>
    public HashSet<long> Renew(SqliteLine line, LeaseToken?[] tokens, UtcInstant until)
    {
        var held = new HashSet<long>();
        foreach (var lease in tokens.OfType<LeaseToken>().GroupBy(token => token.Value, token => token.Id))
        {
            using var reader = line.Command(_renew, List(lease.Distinct()), lease.Key, until.ToDateTime()).ExecuteReader();
            while (reader.Read())
                held.Add(reader.GetInt64(0));
        }

        return held;
    }

    /// <returns>The ids of those that were held.</returns>
    public HashSet<long> Finish(SqliteLine line, LeaseToken?[] tokens, IReadOnlyList<JobResult> results)
    {
        var (held, seen) = (new HashSet<long>(), new HashSet<long>());
        var told = new List<(LeaseToken Token, JobResult Result)>(results.Count);
        for (var i = 0; i < results.Count; i++)
        {
            if (tokens[i] is { } token && seen.Add(token.Id))
                told.Add((token, results[i]));
        }

        // Jobs that were leased together have one token.
        foreach (var lease in told.GroupBy(item => (item.Token.Value, Kind: item.Result.End == JobEnd.Done ? item.Result.Entry.Job.Kind : (JobKind?)null)))
        {
            if (lease.Key.Kind is JobKind.Hook)
                Remove(line, lease.Key.Value, lease.Select(item => item.Token.Id), held);
            else if (lease.Key.Kind is JobKind.Doorbell)
                Answer(line, lease.Key.Value, [.. lease], held);
            else
                Settle(line, lease.Key.Value, [.. lease], held);
        }

        return held;
    }

    private static string List(IEnumerable<long> ids) => $"[{string.Join(',', ids)}]";

    // What is done is not read again.
    private void Remove(SqliteLine line, Guid token, IEnumerable<long> ids, HashSet<long> held)
    {
        using var reader = line.Command(_done, List(ids), token).ExecuteReader();
        while (reader.Read())
            held.Add(reader.GetInt64(0));
    }

    // The message learns of it.
    private void Answer(SqliteLine line, Guid token, List<(LeaseToken Token, JobResult Result)> told, HashSet<long> held)
    {
        var answered = new List<(long Id, string Key)>();
        using (var reader = line.Command(_answered, List(told.Select(item => item.Token.Id)), token).ExecuteReader())
        {
            while (reader.Read())
                answered.Add((reader.GetInt64(0), reader.GetString(1)));
        }

        foreach (var (id, key) in answered)
        {
            held.Add(id);
            line.Run(_handled, key, told.Find(item => item.Token.Id == id).Result.At.UtcDateTime);
        }
    }

    private void Settle(SqliteLine line, Guid token, List<(LeaseToken Token, JobResult Result)> told, HashSet<long> held)
    {
        var rows = new List<JobRow>();
        using (var reader = line.Command(_held, List(told.Select(item => item.Token.Id)), token).ExecuteReader())
        {
            while (reader.Read())
                rows.Add(LeasedRows.Held(reader));
        }

        var results = told.ToDictionary(item => item.Token.Id, item => item.Result);
        foreach (var row in rows)
        {
            held.Add(row.Id);
            if (JobRules.Finish(row, results[row.Id]))
                line.Run(_keep, row.Id, row.Status.ToString(), row.ReadyAt.ToDateTime(), row.NotBefore?.ToDateTime(), row.Attempts, row.LastError, row.IsSuspect);
            else
                line.Run(_remove, row.Id);
        }
    }
}
