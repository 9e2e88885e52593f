using SaasBilling.Conformance.Providers;

namespace SaasBilling.Tests.InMemory;

public sealed class InMemoryProviderConformance : ProviderConformance
{
    protected override Task<ProviderHarness> CreateAsync(ConformanceSetup setup) => Task.FromResult<ProviderHarness>(new InMemoryHarness(setup));
}
