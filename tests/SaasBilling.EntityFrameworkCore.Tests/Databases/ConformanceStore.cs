using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Databases;

/// <summary>The store that one test of a conformance suite gets, on a database of its own.</summary>
/// <param name="server">PostgreSQL; null: SQLite.</param>
internal sealed class ConformanceStore(PostgresServer? server = null) : IAsyncDisposable
{
    private TestDatabase? _database;
    private StoreHost<PlainContext>? _host;

    /// <summary>Whether the database is treated as one of which nothing is known.</summary>
    public bool IsNeutral { get; init; }

    public async ValueTask<IBillingStore> CreateAsync()
    {
        _database = await TestDatabase.WithTablesAsync(server);
        _host = new StoreHost<PlainContext>(_database.Configure, IsNeutral);
        return _host.Store;
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        await _database!.DisposeAsync();
    }
}
