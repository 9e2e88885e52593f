using SaasBilling.Conformance.Providers;
using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory;

public sealed class ProviderConformanceIsDerived
{
    /// <summary>The suite of each provider, named after it.</summary>
    [Fact]
    public void Every_provider_of_the_core_has_a_suite_of_its_own()
    {
        var providers = typeof(IBillingProvider).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBillingProvider))).ToList();
        var suites = typeof(ProviderConformanceIsDerived).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(ProviderConformance))).ToList();

        Assert.Contains(providers, provider => provider.Name == "InMemoryProvider");
        Assert.All(providers, provider => Assert.Single(suites, suite => suite.Name == provider.Name + "Conformance"));
    }
}
