using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Statements;

namespace SaasBilling.EntityFrameworkCore.Postgres;

/// <summary>
/// What is done most, in one statement and one round trip each. The neutral road stays the rule that these follow: both pass the same suite.
/// </summary>
internal sealed class PostgresStatements
{
    private const string Provider = "Npgsql.EntityFrameworkCore.PostgreSQL";

    private static readonly ConditionalWeakTable<IModel, PostgresStatements> Known = [];

    private readonly string _state;

    private PostgresStatements(BillingDbContext context)
    {
        // A planner that has never seen figures, or old ones, takes all pending jobs for a handful.
        var jobs = new JobTexts(context, veil: "'' || ");
        Commit = new PostgresCommit(context, jobs);
        Leases = new PostgresLeases(jobs);
        Inbox = new PostgresInbox(context);
        var customers = new RowNames<CustomerRow>(context);
        _state = $"SELECT {customers[nameof(CustomerRow.State)]} FROM {customers.Table} WHERE {customers[nameof(CustomerRow.Id)]} = $1";
    }

    public PostgresCommit Commit { get; }

    public PostgresLeases Leases { get; }

    public PostgresInbox Inbox { get; }

    /// <summary>The statements for a context's model; null: its database is another one.</summary>
    public static PostgresStatements? For(ContextSource.Session session) => session.Application.Database.ProviderName == Provider
        ? Known.GetValue(session.Application.Model, _ => new PostgresStatements(session.Context))
        : null;

    /// <returns>A customer's document; null: there is none.</returns>
    public async Task<string?> FindStateAsync(DbContext context, string customerId, CancellationToken cancellationToken)
    {
        var command = await CommandAsync(context, _state, cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            Add(command, "", customerId);
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string;
        }
    }

    /// <summary>A command on the context's connection, opened.</summary>
    public static async Task<DbCommand> CommandAsync(DbContext context, string text, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = context.Database.GetCommandTimeout() ?? command.CommandTimeout;
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }

    /// <summary>Adds an instant. With its offset: a <see cref="DateTime"/> is read in the session's time zone where an application asked for Npgsql's old behavior.</summary>
    public static void Add(DbCommand command, string name, UtcInstant instant) => Add(command, name, (object)(DateTimeOffset)instant);

    public static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
