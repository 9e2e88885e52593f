using Microsoft.EntityFrameworkCore;

namespace SaasBilling.EntityFrameworkCore.Tests.Databases;

/// <summary>A database of either kind, empty, for one test.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly SqliteFile? _file;
    private readonly string _connectionString;

    private TestDatabase(PostgresServer server, SqliteFile? file, string connectionString) =>
        (_server, _file, _connectionString) = (server, file, connectionString);

    public static TheoryData<string> Kinds => ["SQLite", "PostgreSQL"];

    public static async Task<TestDatabase> CreateAsync(string kind, PostgresServer server)
    {
        if (kind == "PostgreSQL")
            return new TestDatabase(server, null, await server.CreateDatabaseAsync(withTables: false));
        var file = new SqliteFile();
        return new TestDatabase(server, file, file.ConnectionString);
    }

    public void Configure(DbContextOptionsBuilder options) => _ = _file is null ? options.UseNpgsql(_connectionString) : options.UseSqlite(_connectionString);

    public async ValueTask DisposeAsync()
    {
        if (_file is null)
            await _server.DropDatabaseAsync(_connectionString);
        else
            _file.Dispose();
    }
}
