using System.Globalization;
using SaasBilling.EntityFrameworkCore.Commits;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Postgres;

/// <summary>
/// A commit as one statement. Everything else in it joins the customer's row that was written: where the version was another one, nothing is. A unique
/// key that is there already fails the whole.
/// </summary>
internal sealed class PostgresCommit
{
    private readonly RowArrays<CustomerRow> _customer;
    private readonly RowArrays<SubscriptionRow> _subscriptions;
    private readonly RowArrays<InvoiceRow> _invoices;
    private readonly RowArrays<EventRow> _events;
    private readonly RowArrays<MovementRow> _movements;
    private readonly RowArrays<UsageRow> _usage;
    private readonly RowArrays<TrialRow> _trials;
    private readonly RowArrays<JobRow> _wake;
    private readonly RowArrays<JobRow> _jobs;
    private readonly string _insert;
    private readonly string _update;

    public PostgresCommit(BillingDbContext context)
    {
        var parameters = 0;
        _customer = new(context, "c", ref parameters);
        _subscriptions = new(context, "s", ref parameters);
        _invoices = new(context, "i", ref parameters);
        _events = new(context, "e", ref parameters);
        _movements = new(context, "m", ref parameters);
        _usage = new(context, "u", ref parameters);
        _trials = new(context, "t", ref parameters);
        _wake = new(context, "w", ref parameters);
        _jobs = new(context, "j", ref parameters);

        var (rest, customer) = (Rest(context, parameters), new RowNames<CustomerRow>(context));
        var id = customer[nameof(CustomerRow.Id)];
        _insert = $"WITH guarded AS (INSERT INTO {_customer.Table} ({_customer.Names}) SELECT * FROM {_customer.Source} ON CONFLICT DO NOTHING RETURNING 1), {rest}";
        _update = string.Create(CultureInfo.InvariantCulture, $"WITH guarded AS (UPDATE {_customer.Table} AS known SET {_customer.Assign()} FROM {_customer.Source} WHERE known.{id} = c.{id} AND known.{customer[nameof(CustomerRow.Version)]} = ${parameters + 1} RETURNING 1), {rest}");
    }

    public async Task<CommitOutcome> WriteAsync(BillingDbContext context, BillingCommit commit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = commit.Customer;
        var id = state.Customer.Id;
        var command = await PostgresStatements.CommandAsync(context, commit.ExpectedVersion == 0 ? _insert : _update, cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            _customer.AddTo(command, [CommitRows.Customer(state)]);
            _subscriptions.AddTo(command, [.. state.Subscriptions.DistinctBy(subscription => subscription.Id).Select(CommitRows.Subscription)]);
            _invoices.AddTo(command, [.. commit.Invoices.GroupBy(invoice => invoice.Id).Select((group, position) => CommitRows.Invoice(group.Last(), state.Version, position))]);
            _events.AddTo(command, [.. commit.Events.Select((billingEvent, position) => CommitRows.Event(billingEvent, state.Version, position, now))]);
            _movements.AddTo(command, [.. commit.Movements.Select(CommitRows.Movement)]);
            _usage.AddTo(command, commit.Usage is { } usage ? [CommitRows.Usage(usage)] : []);
            _trials.AddTo(command, [.. state.Trials.Select((trial, position) => CommitRows.Trial(id, trial, position))]);
            _wake.AddTo(command, state.WakeAt is { } wakeAt ? [CommitRows.Wake(id, wakeAt)] : []);
            _jobs.AddTo(command, [.. CommitRows.Hooks(commit).Select(CommitRows.Job)]);
            PostgresStatements.Add(command, "", commit.ExpectedVersion);
            PostgresStatements.Add(command, "", id);
            PostgresStatements.Add(command, "", CommitRows.WakeKey(id));
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is > 0L ? CommitOutcome.Committed : CommitOutcome.Conflict;
        }
    }

    // A wake-up that a worker holds only learns of its new instant: what becomes of it is settled when its holder is done.
    private string Rest(BillingDbContext context, int parameters)
    {
        var (customerId, wakeKey) = (string.Create(CultureInfo.InvariantCulture, $"${parameters + 2}::text"), string.Create(CultureInfo.InvariantCulture, $"${parameters + 3}::text"));
        var (s, i, t, j) = (new RowNames<SubscriptionRow>(context), new RowNames<InvoiceRow>(context), new RowNames<TrialRow>(context), new RowNames<JobRow>(context));
        var (status, dueAt, readyAt, notBefore) = (j[nameof(JobRow.Status)], j[nameof(JobRow.DueAt)], j[nameof(JobRow.ReadyAt)], j[nameof(JobRow.NotBefore)]);
        var (attempts, lastError, isSuspect, key) = (j[nameof(JobRow.Attempts)], j[nameof(JobRow.LastError)], j[nameof(JobRow.IsSuspect)], j[nameof(JobRow.Key)]);
        return $"""
            subscriptions AS (INSERT INTO {_subscriptions.Table} ({_subscriptions.Names}) SELECT s.* FROM {_subscriptions.Source}, guarded
                ON CONFLICT ({s[nameof(SubscriptionRow.CustomerId)]}, {s[nameof(SubscriptionRow.Id)]}) DO UPDATE SET {_subscriptions.Overwrite()}),
            invoices AS (INSERT INTO {_invoices.Table} ({_invoices.Names}) SELECT i.* FROM {_invoices.Source}, guarded
                ON CONFLICT ({i[nameof(InvoiceRow.CustomerId)]}, {i[nameof(InvoiceRow.Id)]}) DO UPDATE SET {_invoices.Overwrite(nameof(InvoiceRow.Version), nameof(InvoiceRow.Position))}),
            events AS (INSERT INTO {_events.Table} ({_events.Names}) SELECT e.* FROM {_events.Source}, guarded),
            movements AS (INSERT INTO {_movements.Table} ({_movements.Names}) SELECT m.* FROM {_movements.Source}, guarded),
            usage AS (INSERT INTO {_usage.Table} ({_usage.Names}) SELECT u.* FROM {_usage.Source}, guarded),
            trials AS (INSERT INTO {_trials.Table} ({_trials.Names}) SELECT t.* FROM {_trials.Source}, guarded
                ON CONFLICT ({t[nameof(TrialRow.CustomerId)]}, {t[nameof(TrialRow.Position)]}) DO UPDATE SET {_trials.Overwrite()}),
            forgotten AS (DELETE FROM {_trials.Table} AS known USING guarded
                WHERE known.{t[nameof(TrialRow.CustomerId)]} = {customerId} AND known.{t[nameof(TrialRow.Position)]} >= cardinality({_trials.First})),
            wake AS (INSERT INTO {_wake.Table} AS known ({_wake.Names}) SELECT w.* FROM {_wake.Source}, guarded
                ON CONFLICT ({key}) DO UPDATE SET
                    {dueAt} = excluded.{dueAt},
                    {readyAt} = CASE WHEN known.{status} = 'Leased' THEN known.{readyAt} ELSE excluded.{dueAt} END,
                    {notBefore} = CASE WHEN known.{status} = 'Leased' THEN known.{notBefore} END,
                    {attempts} = CASE WHEN known.{status} = 'Leased' THEN known.{attempts} ELSE 0 END,
                    {lastError} = CASE WHEN known.{status} = 'Leased' THEN known.{lastError} END,
                    {isSuspect} = known.{status} = 'Leased' AND known.{isSuspect},
                    {status} = CASE WHEN known.{status} = 'Leased' THEN 'Leased' ELSE 'Pending' END
                WHERE known.{dueAt} IS DISTINCT FROM excluded.{dueAt}),
            asleep AS (DELETE FROM {_wake.Table} AS known USING guarded WHERE cardinality({_wake.First}) = 0 AND known.{key} = {wakeKey} AND known.{status} <> 'Leased'),
            unneeded AS (UPDATE {_wake.Table} AS known SET {dueAt} = NULL FROM guarded WHERE cardinality({_wake.First}) = 0 AND known.{key} = {wakeKey} AND known.{status} = 'Leased'),
            jobs AS (INSERT INTO {_jobs.Table} ({_jobs.Names}) SELECT j.* FROM {_jobs.Source}, guarded ON CONFLICT ({key}) DO NOTHING)
            SELECT count(*) FROM guarded
            """;
    }
}
