using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Queue;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Statements;

/// <summary>What statements about jobs have in common, whatever the database.</summary>
internal sealed class JobTexts
{
    private static readonly JobStatus[] Live = [JobStatus.Leased, JobStatus.Pending];
    private static readonly bool[] Suspicion = [false, true];

    private readonly RowNames<JobRow> _jobs;
    private readonly string _veil;
    private readonly string _events;
    private readonly string _inbox;
    private readonly string _eventColumns;
    private readonly string _inboxColumns;

    /// <param name="context">Whose model says what the columns are called.</param>
    /// <param name="veil">What keeps a planner that knows no figures from looking for a customer's jobs by their status.</param>
    public JobTexts(BillingDbContext context, string veil = "")
    {
        (_jobs, _veil) = (new(context), veil);
        Table = _jobs.Table;
        var (events, inbox) = (new RowNames<EventRow>(context), new RowNames<InboxRow>(context));
        _events = $"{events.Table} AS e ON e.{events[nameof(EventRow.CustomerId)]} = j.{this[nameof(JobRow.CustomerId)]} AND e.{events[nameof(EventRow.Id)]} = j.{this[nameof(JobRow.EventId)]}";
        _inbox = $"{inbox.Table} AS e ON e.{inbox[nameof(InboxRow.JobKey)]} = j.{this[nameof(JobRow.Key)]}";
        _eventColumns = List("e", property => events[property], nameof(EventRow.Type), nameof(EventRow.Data));
        _inboxColumns = List("e", property => inbox[property], LeasedRows.OfMessage);
    }

    public string Table { get; }

    /// <summary>A column, by its property.</summary>
    public string this[string property] => _jobs[property];

    /// <summary>What is read of a leased job, in the order in which <see cref="LeasedRows"/> takes it.</summary>
    public string Leased(string job) => List(job, property => _jobs[property], LeasedRows.OfJob);

    /// <summary>What is read of that with which a job <c>j</c> is handed out, and begins with a comma; nothing for a wake-up.</summary>
    public string Payload(JobKind kind) => kind switch
    {
        JobKind.Hook => $", {_eventColumns}",
        JobKind.Doorbell => $", {_inboxColumns}",
        _ => "",
    };

    /// <summary>Joins it.</summary>
    public string Join(JobKind kind) => kind switch
    {
        JobKind.Hook => $"LEFT JOIN {_events}",
        JobKind.Doorbell => $"LEFT JOIN {_inbox}",
        _ => "",
    };

    /// <summary>
    /// Whether a pending job <c>j</c> can be leased before others of its customer. COALESCE keeps planners from joining all that is due first: each job
    /// is asked after by itself, until there are enough. CASE asks first what most jobs behind others fail.
    /// </summary>
    public string IsNext(JobKind kind)
    {
        var (customer, lane, readyAt, id) = (this[nameof(JobRow.CustomerId)], this[nameof(JobRow.Lane)], this[nameof(JobRow.ReadyAt)], this[nameof(JobRow.Id)]);
        return $"""
            CASE WHEN {IsFirst("j", kind)} THEN {IsFree(kind)} AND COALESCE((SELECT false FROM {Table} AS o
                WHERE o.{customer} = j.{customer} AND o.{this[nameof(JobRow.Kind)]} = '{kind}' AND {_veil}o.{this[nameof(JobRow.Status)]} = 'Pending' AND o.{lane} <> j.{lane}
                    AND (o.{readyAt}, o.{id}) < (j.{readyAt}, j.{id}) AND {IsFirst("o", kind)}
                LIMIT 1), true) ELSE false END
            """;
    }

    /// <summary>Whether it is the first of its lane, and no worker holds a job of its customer.</summary>
    private string IsHead(JobKind kind) => $"CASE WHEN {IsFirst("j", kind)} THEN {IsFree(kind)} ELSE false END";

    /// <summary>When the first job that is leased, or can be, is ready: each of the four is the first entry of one part of an index.</summary>
    public string NextReady(JobKind kind)
    {
        var readyAt = this[nameof(JobRow.ReadyAt)];
        var firsts =
            from status in Live
            from suspects in Suspicion
            let isHead = status == JobStatus.Pending ? $" AND {IsHead(kind)}" : ""
            select $"(SELECT j.{readyAt} FROM {Table} AS j WHERE {IsOf(kind, status, suspects)}{isHead} ORDER BY j.{readyAt}, j.{this[nameof(JobRow.Id)]} LIMIT 1)";
        return $"SELECT min(ready) FROM (SELECT {string.Join(" AS ready UNION ALL SELECT ", firsts)} AS ready) AS firsts";
    }

    /// <summary>Whether a job <c>j</c> is in one part of the index.</summary>
    public string IsOf(JobKind kind, JobStatus status, bool suspects) =>
        $"j.{this[nameof(JobRow.Status)]} = '{status}' AND j.{this[nameof(JobRow.Kind)]} = '{kind}' AND j.{this[nameof(JobRow.IsSuspect)]} = {(suspects ? "true" : "false")}";

    /// <summary>
    /// Frees jobs whose lease ran out, and makes them suspects, as <see cref="LeaseWriter.RunOutAsync"/> does: two statements. A wake-up that was moved or
    /// removed meanwhile starts afresh, as after any other end.
    /// </summary>
    /// <param name="kind">The kind of the jobs.</param>
    /// <param name="present">The exact present's parameter.</param>
    /// <param name="error">The parameter of what is said of them.</param>
    /// <param name="locking">What keeps workers that look at the same moment from waiting for each other.</param>
    public (string Remove, string Free) RunOut(JobKind kind, string present, string error, string locking = "")
    {
        var (id, dueAt, leasedDueAt) = (this[nameof(JobRow.Id)], this[nameof(JobRow.DueAt)], this[nameof(JobRow.LeasedDueAt)]);
        var (readyAt, notBefore, attempts) = (this[nameof(JobRow.ReadyAt)], this[nameof(JobRow.NotBefore)], this[nameof(JobRow.Attempts)]);
        var ranOut = $"{id} IN (SELECT {id} FROM {Table} WHERE {this[nameof(JobRow.Status)]} = 'Leased' AND {this[nameof(JobRow.Kind)]} = '{kind}' AND {readyAt} <= {present}{locking})";
        return (
            $"DELETE FROM {Table} WHERE {ranOut} AND {dueAt} IS NULL",
            $"""
            UPDATE {Table} SET
                {this[nameof(JobRow.Status)]} = 'Pending', {this[nameof(JobRow.LeaseToken)]} = NULL, {this[nameof(JobRow.LeasedCustomerId)]} = NULL,
                {this[nameof(JobRow.LeasedUntil)]} = NULL, {leasedDueAt} = NULL,
                {readyAt} = CASE WHEN {dueAt} = {leasedDueAt} AND {notBefore} > {dueAt} THEN {notBefore} ELSE {dueAt} END,
                {notBefore} = CASE WHEN {dueAt} = {leasedDueAt} THEN {notBefore} END,
                {attempts} = CASE WHEN {dueAt} <> {leasedDueAt} THEN 0 WHEN {this[nameof(JobRow.IsSuspect)]} THEN {attempts} + 1 ELSE {attempts} END,
                {this[nameof(JobRow.LastError)]} = CASE WHEN {dueAt} = {leasedDueAt} THEN {error} END,
                {this[nameof(JobRow.IsSuspect)]} = {dueAt} = {leasedDueAt}
            WHERE {ranOut} AND {dueAt} IS NOT NULL
            """);
    }

    /// <summary>
    /// What becomes of a wake-up that is there already, and is called <c>known</c>. One that a worker holds only learns of its new instant: what becomes
    /// of it is settled when its holder is done.
    /// </summary>
    public string MoveWake()
    {
        var (status, dueAt, readyAt, notBefore) = (this[nameof(JobRow.Status)], this[nameof(JobRow.DueAt)], this[nameof(JobRow.ReadyAt)], this[nameof(JobRow.NotBefore)]);
        var (attempts, lastError, isSuspect) = (this[nameof(JobRow.Attempts)], this[nameof(JobRow.LastError)], this[nameof(JobRow.IsSuspect)]);
        return $"""
            ON CONFLICT ({this[nameof(JobRow.Key)]}) DO UPDATE SET
                {dueAt} = excluded.{dueAt},
                {readyAt} = CASE WHEN known.{status} = 'Leased' THEN known.{readyAt} ELSE excluded.{dueAt} END,
                {notBefore} = CASE WHEN known.{status} = 'Leased' THEN known.{notBefore} END,
                {attempts} = CASE WHEN known.{status} = 'Leased' THEN known.{attempts} ELSE 0 END,
                {lastError} = CASE WHEN known.{status} = 'Leased' THEN known.{lastError} END,
                {isSuspect} = known.{status} = 'Leased' AND known.{isSuspect},
                {status} = CASE WHEN known.{status} = 'Leased' THEN 'Leased' ELSE 'Pending' END
            WHERE known.{dueAt} IS NULL OR known.{dueAt} <> excluded.{dueAt}
            """;
    }

    private string IsFree(JobKind kind) => $"""
        COALESCE((SELECT false FROM {Table} AS h
            WHERE h.{this[nameof(JobRow.LeasedCustomerId)]} = j.{this[nameof(JobRow.CustomerId)]} AND h.{this[nameof(JobRow.Kind)]} = '{kind}' LIMIT 1), true)
        """;

    private string IsFirst(string job, JobKind kind)
    {
        var (customer, lane, sequence, dueAt, id) = (this[nameof(JobRow.CustomerId)], this[nameof(JobRow.Lane)], this[nameof(JobRow.Sequence)], this[nameof(JobRow.DueAt)], this[nameof(JobRow.Id)]);
        return $"""
            COALESCE((SELECT false FROM {Table} AS b
                WHERE b.{customer} = {job}.{customer} AND b.{this[nameof(JobRow.Kind)]} = '{kind}' AND b.{lane} = {job}.{lane} AND {_veil}b.{this[nameof(JobRow.Status)]} = 'Pending'
                    AND b.{sequence} <= {job}.{sequence} AND (b.{sequence}, b.{dueAt}, b.{id}) < ({job}.{sequence}, {job}.{dueAt}, {job}.{id})
                LIMIT 1), true)
            """;
    }

    private static string List(string alias, Func<string, string> column, params ReadOnlySpan<string> properties)
    {
        var names = new List<string>(properties.Length);
        foreach (var property in properties)
            names.Add($"{alias}.{column(property)}");
        return string.Join(", ", names);
    }
}
