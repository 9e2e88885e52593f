using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Commits;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Statements;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Postgres;

/// <summary>
/// A commit as one statement. Everything else in it joins the customer's row that was written: where the version was another one, nothing is. A unique
/// key that is there already fails the whole.
/// </summary>
internal sealed class PostgresCommit
{
    private readonly RowDocuments<CustomerRow> _customer;
    private readonly RowDocuments<SubscriptionRow> _subscriptions;
    private readonly RowDocuments<InvoiceRow> _invoices;
    private readonly RowDocuments<EventRow> _events;
    private readonly RowDocuments<MovementRow> _movements;
    private readonly RowDocuments<UsageRow> _usage;
    private readonly RowDocuments<TrialRow> _trials;
    private readonly RowDocuments<JobRow> _wake;
    private readonly RowDocuments<JobRow> _jobs;
    private readonly string _insert;
    private readonly string _update;

    public PostgresCommit(BillingDbContext context, JobTexts jobs)
    {
        _customer = new(context, "c");
        _subscriptions = new(context, "s");
        _invoices = new(context, "i");
        _events = new(context, "e");
        _movements = new(context, "m");
        _usage = new(context, "u");
        _trials = new(context, "t");
        _wake = new(context, "w");
        _jobs = new(context, "j");

        var (rest, customer) = (Rest(context, jobs), new RowNames<CustomerRow>(context));
        var id = customer[nameof(CustomerRow.Id)];
        const string Input = "WITH input AS MATERIALIZED (SELECT $1::jsonb AS document)";
        _insert = $"{Input}, guarded AS (INSERT INTO {_customer.Table} ({_customer.Names}) SELECT {_customer.Values} FROM input, {_customer.Source} ON CONFLICT DO NOTHING RETURNING 1), {rest}";
        _update = $"{Input}, guarded AS (UPDATE {_customer.Table} AS known SET {_customer.Assign()} FROM input, {_customer.Source} WHERE known.{id} = $3 AND known.{customer[nameof(CustomerRow.Version)]} = $2 RETURNING 1), {rest}";
    }

    public async Task<CommitOutcome> WriteAsync(DbContext context, CommitContent content, CancellationToken cancellationToken)
    {
        var command = await PostgresStatements.CommandAsync(context, content.IsNew ? _insert : _update, cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            PostgresStatements.Add(command, "", Document(content));
            PostgresStatements.Add(command, "", content.ExpectedVersion);
            PostgresStatements.Add(command, "", content.CustomerId);
            PostgresStatements.Add(command, "", content.WakeKey);
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is > 0L ? CommitOutcome.Committed : CommitOutcome.Conflict;
        }
    }

    private string Document(CommitContent content) => JsonDocuments.Of(writer =>
    {
        _customer.WriteTo(writer, [content.Customer]);
        _subscriptions.WriteTo(writer, content.Subscriptions);
        _invoices.WriteTo(writer, content.Invoices);
        _events.WriteTo(writer, content.Events);
        _movements.WriteTo(writer, content.Movements);
        _usage.WriteTo(writer, content.Usage is { } usage ? [usage] : []);
        _trials.WriteTo(writer, content.Trials);
        _wake.WriteTo(writer, content.Wake is { } wake ? [wake] : []);
        _jobs.WriteTo(writer, content.Hooks);
    });

    private string Rest(BillingDbContext context, JobTexts j)
    {
        var (s, i, t) = (new RowNames<SubscriptionRow>(context), new RowNames<InvoiceRow>(context), new RowNames<TrialRow>(context));
        var (status, dueAt, key) = (j[nameof(JobRow.Status)], j[nameof(JobRow.DueAt)], j[nameof(JobRow.Key)]);
        return $"""
            subscriptions AS (INSERT INTO {_subscriptions.Table} ({_subscriptions.Names}) SELECT {_subscriptions.Values} FROM guarded, input, {_subscriptions.Source}
                ON CONFLICT ({s[nameof(SubscriptionRow.CustomerId)]}, {s[nameof(SubscriptionRow.Id)]}) DO UPDATE SET {_subscriptions.Overwrite()}),
            invoices AS (INSERT INTO {_invoices.Table} ({_invoices.Names}) SELECT {_invoices.Values} FROM guarded, input, {_invoices.Source}
                ON CONFLICT ({i[nameof(InvoiceRow.CustomerId)]}, {i[nameof(InvoiceRow.Id)]}) DO UPDATE SET {_invoices.Overwrite(nameof(InvoiceRow.Version), nameof(InvoiceRow.Position))}),
            events AS (INSERT INTO {_events.Table} ({_events.Names}) SELECT {_events.Values} FROM guarded, input, {_events.Source}),
            movements AS (INSERT INTO {_movements.Table} ({_movements.Names}) SELECT {_movements.Values} FROM guarded, input, {_movements.Source}),
            usage AS (INSERT INTO {_usage.Table} ({_usage.Names}) SELECT {_usage.Values} FROM guarded, input, {_usage.Source}),
            trials AS (INSERT INTO {_trials.Table} ({_trials.Names}) SELECT {_trials.Values} FROM guarded, input, {_trials.Source}
                ON CONFLICT ({t[nameof(TrialRow.CustomerId)]}, {t[nameof(TrialRow.Position)]}) DO UPDATE SET {_trials.Overwrite()}),
            forgotten AS (DELETE FROM {_trials.Table} AS known USING guarded, input
                WHERE known.{t[nameof(TrialRow.CustomerId)]} = $3 AND known.{t[nameof(TrialRow.Position)]} >= jsonb_array_length(input.document -> 't')),
            wake AS (INSERT INTO {_wake.Table} AS known ({_wake.Names}) SELECT {_wake.Values} FROM guarded, input, {_wake.Source}
                {j.MoveWake()}),
            asleep AS (DELETE FROM {_wake.Table} AS known USING guarded, input WHERE jsonb_array_length(input.document -> 'w') = 0 AND known.{key} = $4 AND known.{status} <> 'Leased'),
            unneeded AS (UPDATE {_wake.Table} AS known SET {dueAt} = NULL FROM guarded, input WHERE jsonb_array_length(input.document -> 'w') = 0 AND known.{key} = $4 AND known.{status} = 'Leased'),
            jobs AS (INSERT INTO {_jobs.Table} ({_jobs.Names}) SELECT {_jobs.Values} FROM guarded, input, {_jobs.Source} ON CONFLICT ({key}) DO NOTHING)
            SELECT count(*) FROM guarded
            """;
    }
}
