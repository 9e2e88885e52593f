using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SaasBilling;
using SaasBilling.Access;
using SaasBilling.DependencyInjection;
using SaasBilling.Diagnostics;
using SaasBilling.InMemory;
using SaasBilling.Lifecycle;
using SaasBilling.Operations;
using SaasBilling.Plans;
using SaasBilling.Providers;
using SaasBilling.Queries;
using SaasBilling.Reporting;
using SaasBilling.Road;
using SaasBilling.Scheduling;
using SaasBilling.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds SaasBilling to an application.</summary>
public static class SaasBillingServiceCollectionExtensions
{
    /// <summary>
    /// Adds billing: <see cref="IBilling"/>, and a background worker that runs while the host runs. Declare plans and hooks on the builder, and choose a
    /// provider; everything is checked when the host starts, or when <see cref="IBilling"/> is first asked for. Can be called from several places: what
    /// they declare adds up.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; runs after the options of earlier calls.</param>
    /// <returns>The builder on which everything else is declared.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static ISaasBillingBuilder AddSaasBilling(this IServiceCollection services, Action<SaasBillingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        if (configure is not null)
            services.Configure(configure);

        CatalogDeclarations.In(services);
        LifecycleDeclarations.In(services);
        BillingChoices.In(services);
        AddFacade(services);
        AddRuntime(services);
        return new SaasBillingBuilder(services);
    }

    private static void AddFacade(IServiceCollection services)
    {
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<SaasBillingOptions>>().Value);
        services.TryAddSingleton(provider => provider.GetRequiredService<CatalogDeclarations>().Build());
        services.TryAddSingleton<IBillingProvider>(provider => provider.GetRequiredService<BillingChoices>().CreateProvider(provider));
        services.TryAddSingleton<IBillingStore>(provider => provider.GetRequiredService<BillingChoices>().CreateStore(provider));
        services.TryAddSingleton<IBillingReports, BillingReports>();
        services.TryAddSingleton<IBillingQueries, BillingQueries>();
        services.TryAddSingleton<IBillingOperations, BillingOperations>();
        services.TryAddSingleton<BillingServices>();
        services.TryAddSingleton<IBilling>(provider =>
        {
            provider.GetRequiredService<StartupChecks>().ThrowIfAnyFails();
            return ActivatorUtilities.CreateInstance<Billing>(provider);
        });
    }

    private static void AddRuntime(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new BillingClock(
            provider.GetRequiredService<IOptions<InMemoryBillingOptions>>().Value.StartAt is { } start
                ? new SimulatedClock(start)
                : provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new BillingTelemetry(provider.GetService<ILoggerFactory>(), provider.GetService<IMeterFactory>()));
        services.TryAddSingleton(provider => new StartupChecks(
            provider.GetRequiredService<BillingChoices>(),
            provider.GetServices<IStartupCheck>(),
            provider.GetRequiredService<PlanCatalog>,
            provider.GetRequiredService<IBillingStore>,
            () => Announce(provider)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, BillingOptionsCheck>());
        services.TryAddSingleton<AccessCache>();
        services.TryAddSingleton<WorkerSignal>();
        services.TryAddSingleton<GuardRunner>();
        services.TryAddSingleton<HookRegistry>();
        services.TryAddSingleton<CustomerRoad>();
        services.TryAddSingleton<IBillingRoad>(provider => provider.GetRequiredService<CustomerRoad>());
        services.TryAddSingleton<ProviderSteps>();
        services.TryAddSingleton<JobRunner>();
        services.TryAddSingleton<BillingPump>();
        services.TryAddSingleton<SimulationGate>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BillingWorker>(provider =>
        {
            provider.GetRequiredService<StartupChecks>().ThrowIfAnyFails();
            return ActivatorUtilities.CreateInstance<BillingWorker>(provider);
        }));
    }

    private static void Announce(IServiceProvider services)
    {
        var logger = services.GetRequiredService<BillingTelemetry>().Logger;
        var provider = services.GetRequiredService<IBillingProvider>();
        var catalog = services.GetRequiredService<PlanCatalog>();
        var declared = services.GetRequiredService<LifecycleDeclarations>();
        Log.Started(logger, provider.Name, catalog.Plans.Count, declared.Hooks.Count, declared.Guards.Count);
    }
}
