using SaasBilling.EntityFrameworkCore.Commits;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Statements;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Sqlite;

/// <summary>A commit as a few short statements in a transaction: SQLite is in the process, so that a round trip costs nothing.</summary>
internal sealed class SqliteCommit
{
    private readonly SqliteTable<CustomerRow> _customers;
    private readonly SqliteTable<SubscriptionRow> _subscriptions;
    private readonly SqliteTable<InvoiceRow> _invoices;
    private readonly SqliteTable<EventRow> _events;
    private readonly SqliteTable<MovementRow> _movements;
    private readonly SqliteTable<UsageRow> _usage;
    private readonly SqliteTable<TrialRow> _trials;
    private readonly SqliteTable<JobRow> _jobs;
    private readonly string _addCustomer;
    private readonly string _addJob;
    private readonly string _wake;
    private readonly string _asleep;
    private readonly string _unneeded;
    private readonly string _forgetTrials;

    public SqliteCommit(BillingDbContext context, JobTexts jobs)
    {
        _customers = new(context, guard: nameof(CustomerRow.Version));
        _subscriptions = new(context);
        _invoices = new(context, null, nameof(InvoiceRow.Version), nameof(InvoiceRow.Position));
        _events = new(context);
        _movements = new(context);
        _usage = new(context);
        _trials = new(context);
        _jobs = new(context);

        var (trials, key, status) = (new RowNames<TrialRow>(context), jobs[nameof(JobRow.Key)], jobs[nameof(JobRow.Status)]);
        _addCustomer = $"{_customers.Insertion} ON CONFLICT DO NOTHING";
        _addJob = $"{_jobs.Insertion} ON CONFLICT ({key}) DO NOTHING";
        _wake = $"{_jobs.Insertion} {jobs.MoveWake()}";
        _asleep = $"DELETE FROM {jobs.Table} WHERE {key} = @0 AND {status} <> 'Leased'";
        _unneeded = $"UPDATE {jobs.Table} SET {jobs[nameof(JobRow.DueAt)]} = NULL WHERE {key} = @0 AND {status} = 'Leased'";
        _forgetTrials = $"DELETE FROM {_trials.Table} WHERE {trials[nameof(TrialRow.CustomerId)]} = @0 AND {trials[nameof(TrialRow.Position)]} >= @1";
    }

    public CommitOutcome Write(SqliteLine line, CommitContent content)
    {
        if (!(content.IsNew ? _customers.Insert(line, content.Customer, _addCustomer) : _customers.Overwrite(line, content.Customer, content.ExpectedVersion)))
            return CommitOutcome.Conflict;

        _subscriptions.Put(line, content.Subscriptions);
        _invoices.Put(line, content.Invoices);
        _events.Insert(line, content.Events);
        _movements.Insert(line, content.Movements);
        if (content.Usage is { } usage)
            _usage.Insert(line, [usage]);
        _trials.Put(line, content.Trials);
        line.Run(_forgetTrials, content.CustomerId, content.TrialCount);
        if (content.Wake is { } wake)
            _jobs.Insert(line, wake, _wake);
        else if (line.Run(_asleep, content.WakeKey) == 0)
            line.Run(_unneeded, content.WakeKey);
        foreach (var hook in content.Hooks)
            _jobs.Insert(line, hook, _addJob);
        return CommitOutcome.Committed;
    }

    /// <summary>Adds a job, unless its key is there.</summary>
    public void Enqueue(SqliteLine line, JobRow job) => _jobs.Insert(line, job, _addJob);
}
