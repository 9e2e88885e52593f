using Microsoft.EntityFrameworkCore;

namespace SaasBilling.EntityFrameworkCore.Tests.Databases;

/// <summary>A database of either kind for one test.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly PostgresServer? _server;
    private readonly SqliteFile? _file;
    private readonly string _connectionString;

    private TestDatabase(PostgresServer? server, SqliteFile? file, string connectionString) =>
        (_server, _file, _connectionString) = (server, file, connectionString);

    public static TheoryData<string> Kinds => ["SQLite", "PostgreSQL"];

    /// <summary>An empty one.</summary>
    public static async Task<TestDatabase> CreateAsync(string kind, PostgresServer server) =>
        kind == "PostgreSQL" ? new TestDatabase(server, null, await server.CreateDatabaseAsync(withTables: false)) : OnSqlite();

    /// <summary>One with billing's tables, for a conformance suite: on PostgreSQL where there is a server, else on SQLite.</summary>
    public static async Task<TestDatabase> WithTablesAsync(PostgresServer? server)
    {
        if (server is not null)
            return new TestDatabase(server, null, await server.CreateDatabaseAsync());

        var database = OnSqlite();
        await using var context = new PlainContext(new DbContextOptionsBuilder<PlainContext>().UseSqlite(database._connectionString).Options);
        await context.Database.EnsureSaasBillingSchemaAsync();
        return database;
    }

    public void Configure(DbContextOptionsBuilder options) => _ = _file is null ? options.UseNpgsql(_connectionString) : options.UseSqlite(_connectionString);

    public async ValueTask DisposeAsync()
    {
        if (_file is null)
            await _server!.DropDatabaseAsync(_connectionString);
        else
            _file.Dispose();
    }

    private static TestDatabase OnSqlite()
    {
        var file = new SqliteFile();
        return new TestDatabase(null, file, file.ConnectionString);
    }
}
