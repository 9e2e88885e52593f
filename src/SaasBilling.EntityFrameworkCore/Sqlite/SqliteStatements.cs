using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Statements;

namespace SaasBilling.EntityFrameworkCore.Sqlite;

/// <summary>What is done most, in SQLite's own SQL. The neutral road stays the rule that these follow: both pass the same suite.</summary>
internal sealed class SqliteStatements
{
    private const string Provider = "Microsoft.EntityFrameworkCore.Sqlite";

    private static readonly ConditionalWeakTable<IModel, SqliteStatements> Known = [];

    private readonly SqliteTable<InboxRow> _inbox;
    private readonly string _addMessage;
    private readonly string _state;

    private SqliteStatements(BillingDbContext context)
    {
        // A planner that has never seen figures takes two equal columns and an order for better than two equal columns.
        var jobs = new JobTexts(context, veil: "+");
        Commit = new SqliteCommit(context, jobs);
        Leases = new SqliteLeases(context, jobs);
        _inbox = new(context);
        _addMessage = $"{_inbox.Insertion} ON CONFLICT DO NOTHING";
        var customers = new RowNames<CustomerRow>(context);
        _state = $"SELECT {customers[nameof(CustomerRow.State)]} FROM {customers.Table} WHERE {customers[nameof(CustomerRow.Id)]} = @0";
    }

    public SqliteCommit Commit { get; }

    public SqliteLeases Leases { get; }

    public static bool IsSqlite(BillingDbContext context) => context.Database.ProviderName == Provider;

    /// <summary>The statements for a context's model; null: its database is another one.</summary>
    public static SqliteStatements? For(BillingDbContext context) => IsSqlite(context)
        ? Known.GetValue(context.Model, _ => new SqliteStatements(context))
        : null;

    /// <returns>A customer's document; null: there is none.</returns>
    public string? FindState(SqliteLine line, string customerId) => line.Command(_state, customerId).ExecuteScalar() as string;

    /// <returns>Whether the message is new.</returns>
    public bool Receive(SqliteLine line, InboxRow message, JobRow job)
    {
        if (!_inbox.Insert(line, message, _addMessage))
            return false;
        Commit.Enqueue(line, job);
        return true;
    }
}
