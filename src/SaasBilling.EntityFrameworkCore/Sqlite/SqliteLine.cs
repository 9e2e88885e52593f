using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;

namespace SaasBilling.EntityFrameworkCore.Sqlite;

/// <summary>
/// One piece of work on a context's open connection. Everything in it is synchronous, as SQLite itself is: the provider's asynchronous methods do the
/// same on the caller's thread.
/// </summary>
internal sealed class SqliteLine : IDisposable
{
    private readonly DbConnection _connection;
    private readonly int? _timeout;
    private readonly Dictionary<string, DbCommand> _commands = new(ReferenceEqualityComparer.Instance);
    private DbTransaction? _transaction;

    public SqliteLine(BillingDbContext context)
    {
        _connection = context.Database.GetDbConnection();
        _timeout = context.Database.GetCommandTimeout();
    }

    /// <summary>Begins a transaction, and waits for its turn to write.</summary>
    public void Begin() => _transaction = _connection.BeginTransaction();

    public void Commit() => _transaction!.Commit();

    /// <summary>A command with its values set. It is prepared once for all that is done with it here.</summary>
    /// <param name="text">The command's text, always the same object.</param>
    /// <param name="values">The values of <c>@0</c> and so on.</param>
    public DbCommand Command(string text, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(text, out var command))
            _commands.Add(text, command = Create(text, values.Length));
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    /// <returns>How many rows were changed.</returns>
    public int Run(string text, params ReadOnlySpan<object?> values) => Command(text, values).ExecuteNonQuery();

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _transaction?.Dispose();
    }

    private DbCommand Create(string text, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = _timeout ?? command.CommandTimeout;
        command.Transaction = _transaction;
        for (var i = 0; i < parameters; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@{i}");
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
