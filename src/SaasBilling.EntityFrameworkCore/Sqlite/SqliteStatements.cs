using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Statements;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Sqlite;

/// <summary>What is done most, in SQLite's own SQL. The neutral road stays the rule that these follow: both pass the same suite.</summary>
internal sealed class SqliteStatements
{
    private const string Provider = "Microsoft.EntityFrameworkCore.Sqlite";

    private static readonly ConditionalWeakTable<IModel, SqliteStatements> Known = [];

    private readonly SqliteTable<InboxRow> _inbox;
    private readonly string _addMessage;
    private readonly string _hasMessage;
    private readonly string _state;

    private SqliteStatements(BillingDbContext context)
    {
        // A planner that has never seen figures takes two equal columns and an order for better than two equal columns.
        var jobs = new JobTexts(context, veil: "+");
        Connections = DbProviderFactories.GetFactory(context.Database.GetDbConnection());
        Commit = new SqliteCommit(context, jobs);
        Leases = new SqliteLeases(context, jobs);
        _inbox = new(context);
        _addMessage = $"{_inbox.Insertion} ON CONFLICT DO NOTHING";
        var inbox = new RowNames<InboxRow>(context);
        _hasMessage = $"SELECT 1 FROM {inbox.Table} WHERE {inbox[nameof(InboxRow.Provider)]} = @0 AND {inbox[nameof(InboxRow.IsLive)]} = @1 AND {inbox[nameof(InboxRow.EventId)]} = @2";
        var customers = new RowNames<CustomerRow>(context);
        _state = $"SELECT {customers[nameof(CustomerRow.State)]} FROM {customers.Table} WHERE {customers[nameof(CustomerRow.Id)]} = @0";
    }

    public SqliteCommit Commit { get; }

    public SqliteLeases Leases { get; }

    /// <summary>Makes connections; null: only the application's context does.</summary>
    public DbProviderFactory? Connections { get; }

    /// <summary>The statements for an application's context; null: its database is another one.</summary>
    public static SqliteStatements? For(ContextSource.Session session) => session.Application.Database.ProviderName == Provider
        ? Known.GetValue(session.Application.Model, _ => new SqliteStatements(session.Context))
        : null;

    /// <returns>A customer's document; null: there is none.</returns>
    public string? FindState(SqliteLine line, string customerId) => line.Command(_state, customerId).ExecuteScalar() as string;

    /// <returns>Whether the message is there.</returns>
    public bool HasReceived(SqliteLine line, InboxMessage message) => line.Command(_hasMessage, message.Provider, message.IsLive, message.EventId).ExecuteScalar() is not null;

    /// <returns>Whether the message is new.</returns>
    public bool Receive(SqliteLine line, InboxRow message, JobRow job)
    {
        if (!_inbox.Insert(line, message, _addMessage))
            return false;
        Commit.Enqueue(line, job);
        return true;
    }
}
