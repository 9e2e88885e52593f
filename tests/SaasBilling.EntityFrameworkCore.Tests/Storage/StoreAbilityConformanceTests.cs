using Microsoft.EntityFrameworkCore;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

public sealed class SqliteStoreQueryConformance : StoreQueryConformance
{
    private readonly SqliteFile _file = new();
    private StoreHost<PlainContext>? _host;

    protected override async ValueTask<IBillingStore> CreateStoreAsync()
    {
        _host = new StoreHost<PlainContext>(options => options.UseSqlite(_file.ConnectionString));
        await _host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        return _host.Store;
    }

    protected override async ValueTask DisposeStoreAsync(IBillingStore store)
    {
        await _host!.DisposeAsync();
        _file.Dispose();
    }
}

public sealed class PostgresStoreQueryConformance(PostgresServer server) : StoreQueryConformance
{
    private string _database = "";
    private StoreHost<PlainContext>? _host;

    protected override async ValueTask<IBillingStore> CreateStoreAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _host = new StoreHost<PlainContext>(options => options.UseNpgsql(_database));
        return _host.Store;
    }

    protected override async ValueTask DisposeStoreAsync(IBillingStore store)
    {
        await _host!.DisposeAsync();
        await server.DropDatabaseAsync(_database);
    }
}

public sealed class SqliteStoreErasureConformance : StoreErasureConformance
{
    private readonly SqliteFile _file = new();
    private StoreHost<PlainContext>? _host;

    protected override async ValueTask<IBillingStore> CreateStoreAsync()
    {
        _host = new StoreHost<PlainContext>(options => options.UseSqlite(_file.ConnectionString));
        await _host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        return _host.Store;
    }

    protected override async ValueTask DisposeStoreAsync(IBillingStore store)
    {
        await _host!.DisposeAsync();
        _file.Dispose();
    }
}

public sealed class PostgresStoreErasureConformance(PostgresServer server) : StoreErasureConformance
{
    private string _database = "";
    private StoreHost<PlainContext>? _host;

    protected override async ValueTask<IBillingStore> CreateStoreAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _host = new StoreHost<PlainContext>(options => options.UseNpgsql(_database));
        return _host.Store;
    }

    protected override async ValueTask DisposeStoreAsync(IBillingStore store)
    {
        await _host!.DisposeAsync();
        await server.DropDatabaseAsync(_database);
    }
}
