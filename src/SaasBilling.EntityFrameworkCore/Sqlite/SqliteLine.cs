using System.Data.Common;
using System.Globalization;

namespace SaasBilling.EntityFrameworkCore.Sqlite;

/// <summary>
/// An open connection with the statements that were prepared on it, for one piece of work at a time. Everything on it is synchronous, as SQLite itself
/// is: the provider's asynchronous methods do the same on the caller's thread.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="connectionString">What it was made of; null: it is the application's.</param>
internal sealed class SqliteLine(DbConnection connection, string? connectionString = null) : IDisposable
{
    private readonly DateTime? _born = connectionString is null ? null : Born(connection.DataSource);
    private readonly Dictionary<string, DbCommand> _commands = new(ReferenceEqualityComparer.Instance);
    private DbTransaction? _transaction;

    public string? ConnectionString => connectionString;

    /// <summary>The time limit of its commands in seconds; null: that of the connection.</summary>
    public int? Timeout { get; init; }

    /// <summary>Whether it is of a file that is still the one in its place: writes into one that was deleted would be lost without a word.</summary>
    public bool CanBeKept => _born is { } born && Born(connection.DataSource) == born;

    /// <summary>Begins a transaction, and waits for its turn to write.</summary>
    public void Begin() => _transaction = connection.BeginTransaction();

    public void Commit() => _transaction!.Commit();

    /// <summary>Ends a piece of work; what was not committed is rolled back.</summary>
    public void End()
    {
        _transaction?.Dispose();
        _transaction = null;
    }

    /// <summary>A command with its values set. It is prepared once for all that is done with it here.</summary>
    /// <param name="text">The command's text, always the same object.</param>
    /// <param name="values">The values of <c>@0</c> and so on.</param>
    public DbCommand Command(string text, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(text, out var command))
            _commands.Add(text, command = Create(text, values.Length));
        command.Transaction = _transaction;
        if (Timeout is { } seconds)
            command.CommandTimeout = seconds;
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
        End();
        if (connectionString is not null)
            connection.Dispose();
    }

    private static DateTime? Born(string file) => File.Exists(file) ? File.GetCreationTimeUtc(file) : null;

    private DbCommand Create(string text, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < parameters; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@{i}");
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
