using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SaasBilling.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Providers;

namespace SaasBilling;

public static partial class SaasBillingBuilderExtensions
{
    extension(ISaasBillingBuilder builder)
    {
        /// <summary>
        /// Bills with the embedded engine: on real time for a demo or a preview environment, or on a simulated clock for tests, which
        /// <see cref="BillingSimulator"/> moves. No key, no network, no database. Everything is forgotten when the process ends, so a host in the
        /// Production environment refuses to start, unless <see cref="InMemoryBillingOptions.AllowInProduction"/> is set.
        /// </summary>
        /// <param name="configure">Sets options; runs after the options of earlier calls.</param>
        /// <returns>The builder.</returns>
        public ISaasBillingBuilder UseInMemory(Action<InMemoryBillingOptions>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(builder);
            var services = builder.Services;
            if (configure is not null)
                services.Configure(configure);

            services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<InMemoryBillingOptions>>().Value);
            services.TryAddSingleton<ITaxCalculator>(NoTax.Instance);
            services.TryAddSingleton<InMemoryProvider>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, InMemoryCheck>());
            services.TryAddSingleton(BillingSimulator.Create);
            return builder.UseProvider(InMemoryCheck.Call, static provider => provider.GetRequiredService<InMemoryProvider>());
        }
    }
}
