using SaasBilling.Conformance.Storage;
using SaasBilling.InMemory;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Storage;

public sealed class InMemoryStoreConformanceTests : StoreConformance
{
    protected override ValueTask<IBillingStore> CreateStoreAsync() => new(new InMemoryBillingStore());
}

public sealed class InMemoryStoreQueryConformanceTests : StoreQueryConformance
{
    protected override ValueTask<IBillingStore> CreateStoreAsync() => new(new InMemoryBillingStore());
}

public sealed class InMemoryStoreErasureConformanceTests : StoreErasureConformance
{
    protected override ValueTask<IBillingStore> CreateStoreAsync() => new(new InMemoryBillingStore());
}
