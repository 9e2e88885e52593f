using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;

namespace SaasBilling.EntityFrameworkCore.Sqlite;

/// <summary>
/// Keeps connections for a moment after their work, so that in a burst of work statements are prepared once; then they go back to the provider's pool.
/// </summary>
internal sealed class SqliteLines : IDisposable
{
    private const int MostKept = 4;

    // SQLite looks every few milliseconds whether it is its turn to write; its provider, which goes on after that, sleeps 150 between two looks.
    private const string Patience = "PRAGMA busy_timeout = 1000";

    // Long enough for a burst, and too short for anybody to wonder who has the file open.
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly List<SqliteLine> _idle = [];
    private readonly ITimer _closing;
    private bool _isClosed;

    // By the clock of the machine: a simulated one may stand still.
    public SqliteLines() => _closing = TimeProvider.System.CreateTimer(static lines => ((SqliteLines)lines!).CloseIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>A connection like that of the application's context, or that connection itself where it is shared or intercepted.</summary>
    public async Task<SqliteLine> TakeAsync(ContextSource.Session session, SqliteStatements statements, CancellationToken cancellationToken)
    {
        var database = session.Application.Database;

        // Entity Framework Core gives each of its connections a score of functions that nothing here calls.
        if (!session.HasPlainConnection || statements.Connections is not { } connections)
        {
            await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return new SqliteLine(database.GetDbConnection()) { Timeout = database.GetCommandTimeout() };
        }

        // What begins a transaction, and waits for its turn, is no command of ours: it takes the connection's limit.
        var connectionString = database.GetCommandTimeout() is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $"{database.GetConnectionString()};Default Timeout={seconds}")
            : database.GetConnectionString()!;
        return Take(connectionString) ?? await OpenAsync(connections, connectionString, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes back a connection whose work was done without a fault.</summary>
    public void Return(SqliteLine line)
    {
        line.End();
        lock (_gate)
        {
            if (!_isClosed && line.CanBeKept && _idle.Count < MostKept)
            {
                _idle.Add(line);
                _closing.Change(Kept, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        line.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
            _isClosed = true;
        _closing.Dispose();
        CloseIdle();
    }

    private static async Task<SqliteLine> OpenAsync(DbProviderFactory connections, string connectionString, CancellationToken cancellationToken)
    {
        var connection = connections.CreateConnection()!;
        try
        {
            connection.ConnectionString = connectionString;
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var patience = connection.CreateCommand();
            await using (patience.ConfigureAwait(false))
            {
                patience.CommandText = Patience;
                await patience.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            return new SqliteLine(connection, connectionString);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private SqliteLine? Take(string connectionString)
    {
        SqliteLine? line;
        lock (_gate)
        {
            line = _idle.FindLast(idle => idle.ConnectionString == connectionString);
            if (line is not null)
                _idle.Remove(line);
        }

        if (line is null or { CanBeKept: true })
            return line;
        line.Dispose();
        return null;
    }

    private void CloseIdle()
    {
        SqliteLine[] idle;
        lock (_gate)
        {
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var line in idle)
            line.Dispose();
    }
}
