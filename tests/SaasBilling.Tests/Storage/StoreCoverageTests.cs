using SaasBilling.Conformance.Storage;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Storage;

public sealed class StoreCoverageTests
{
    /// <summary>A store without the suite is a promise without its test.</summary>
    [Fact]
    public async Task Every_store_of_the_core_runs_the_conformance_suite()
    {
        var stores = typeof(IBillingStore).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IBillingStore).IsAssignableFrom(type));
        var covered = new List<Type>();
        foreach (var suite in typeof(StoreCoverageTests).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(StoreConformance))))
        {
            var test = (StoreConformance)Activator.CreateInstance(suite)!;
            await test.InitializeAsync();
            covered.Add(Made(test).GetType());
            await test.DisposeAsync();
        }

        Assert.Equal(stores.OrderBy(type => type.Name), covered.OrderBy(type => type.Name));
    }

    private static IBillingStore Made(StoreConformance suite) =>
        (IBillingStore)typeof(StoreConformance).GetProperty("Store", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(suite)!;
}
