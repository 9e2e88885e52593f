using System.Collections.Concurrent;
using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using SaasBilling.Benchmarks.Engine;

namespace SaasBilling.Benchmarks.Access;

/// <summary>May this customer use a feature? Asked on every request, so measured against the least that could answer it, and against what is asked elsewhere.</summary>
[MemoryDiagnoser]
public class AccessBenchmarks
{
    private const int Customers = 1_000;
    private const string Feature = "export";

    private readonly ConcurrentDictionary<string, FrozenSet<string>> _bare = new(StringComparer.Ordinal);
    private readonly string _sameFeature = new(Feature.AsSpan());
    private readonly string _customerId = World.Customer(Customers / 2);
    private ServiceProvider _services = null!;
    private IBilling _billing = null!;
    private ICustomerBilling _customer = null!;
    private IFeatureManager _features = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var services = new ServiceCollection();
        World.Declare(services).UseInMemory();
        services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new($"FeatureManagement:{Feature}", "true")]).Build())
            .AddFeatureManagement();
        _services = services.BuildServiceProvider();
        _billing = _services.GetRequiredService<IBilling>();
        _features = _services.GetRequiredService<IFeatureManager>();
        for (var i = 0; i < Customers; i++)
        {
            var customer = _billing.For(World.Customer(i));
            await customer.SubscribeAsync(World.PlanKey, new() { PaymentMethodToken = TestPaymentMethods.Visa });
            await customer.GetAccessAsync();
            _bare[customer.CustomerId] = _billing.Plans[World.PlanKey].Features.Keys.ToFrozenSet(StringComparer.Ordinal);
        }

        _customer = _billing.For(_customerId);
        if (!BareLookUp() || !await GetAccessAndHas() || !await GetAccessAndHasOfAnotherString() || !await ForGetAccessAndHas() || !(await Check()).IsAllowed || !await FeatureManagement())
            throw new InvalidOperationException("Every way of asking must say yes.");
    }

    [GlobalCleanup]
    public void Cleanup() => _services.Dispose();

    [Benchmark(Baseline = true)]
    public bool BareLookUp() => _bare.TryGetValue(_customerId, out var features) && features.Contains(Feature);

    [Benchmark]
    public async ValueTask<bool> GetAccessAndHas() => (await _customer.GetAccessAsync()).Has(Feature);

    // Not the object that the plan was declared with, as when it comes from a request.
    [Benchmark]
    public async ValueTask<bool> GetAccessAndHasOfAnotherString() => (await _customer.GetAccessAsync()).Has(_sameFeature);

    [Benchmark]
    public async ValueTask<bool> ForGetAccessAndHas() => (await _billing.For(_customerId).GetAccessAsync()).Has(Feature);

    [Benchmark]
    public ValueTask<AccessDecision> Check() => _customer.CheckAsync(Feature);

    [Benchmark]
    public Task<bool> FeatureManagement() => _features.IsEnabledAsync(Feature);
}
