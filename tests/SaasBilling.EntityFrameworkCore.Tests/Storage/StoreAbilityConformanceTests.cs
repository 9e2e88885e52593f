using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

public sealed class SqliteStoreQueryConformance : StoreQueryConformance
{
    private readonly ConformanceStore _store = new();

    protected override ValueTask<IBillingStore> CreateStoreAsync() => _store.CreateAsync();

    protected override ValueTask DisposeStoreAsync(IBillingStore store) => _store.DisposeAsync();
}

public sealed class PostgresStoreQueryConformance(PostgresServer server) : StoreQueryConformance
{
    private readonly ConformanceStore _store = new(server);

    protected override ValueTask<IBillingStore> CreateStoreAsync() => _store.CreateAsync();

    protected override ValueTask DisposeStoreAsync(IBillingStore store) => _store.DisposeAsync();
}

public sealed class SqliteStoreErasureConformance : StoreErasureConformance
{
    private readonly ConformanceStore _store = new();

    protected override ValueTask<IBillingStore> CreateStoreAsync() => _store.CreateAsync();

    protected override ValueTask DisposeStoreAsync(IBillingStore store) => _store.DisposeAsync();
}

public sealed class PostgresStoreErasureConformance(PostgresServer server) : StoreErasureConformance
{
    private readonly ConformanceStore _store = new(server);

    protected override ValueTask<IBillingStore> CreateStoreAsync() => _store.CreateAsync();

    protected override ValueTask DisposeStoreAsync(IBillingStore store) => _store.DisposeAsync();
}
