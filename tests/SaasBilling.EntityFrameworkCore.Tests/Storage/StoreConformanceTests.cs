using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

public sealed class SqliteStoreConformance : StoreConformance
{
    private readonly ConformanceStore _store = new();

    protected override ValueTask<IBillingStore> CreateStoreAsync() => _store.CreateAsync();

    protected override ValueTask DisposeStoreAsync(IBillingStore store) => _store.DisposeAsync();
}

/// <summary>The road that other databases take.</summary>
public sealed class NeutralStoreConformance : StoreConformance
{
    private readonly ConformanceStore _store = new() { IsNeutral = true };

    protected override ValueTask<IBillingStore> CreateStoreAsync() => _store.CreateAsync();

    protected override ValueTask DisposeStoreAsync(IBillingStore store) => _store.DisposeAsync();
}

/// <summary>What tests of applications like to do: a database in memory, which lives as long as its one connection.</summary>
public sealed class SqliteSharedConnectionStoreConformance : StoreConformance
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private StoreHost<PlainContext>? _host;

    protected override async ValueTask<IBillingStore> CreateStoreAsync()
    {
        await _connection.OpenAsync(Cancellation);
        _host = new StoreHost<PlainContext>(options => options.UseSqlite(_connection));
        await _host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        return _host.Store;
    }

    protected override async ValueTask DisposeStoreAsync(IBillingStore store)
    {
        await _host!.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

public sealed class PostgresStoreConformance(PostgresServer server) : StoreConformance
{
    private readonly ConformanceStore _store = new(server);

    protected override ValueTask<IBillingStore> CreateStoreAsync() => _store.CreateAsync();

    protected override ValueTask DisposeStoreAsync(IBillingStore store) => _store.DisposeAsync();
}
