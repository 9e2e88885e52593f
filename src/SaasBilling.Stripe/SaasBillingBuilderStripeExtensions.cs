using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SaasBilling.Stripe;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Setup;

namespace SaasBilling;

/// <summary>Bills on Stripe.</summary>
public static class SaasBillingBuilderStripeExtensions
{
    private const string Call = nameof(UseStripe);

    extension(ISaasBillingBuilder builder)
    {
        /// <summary>
        /// Bills on Stripe, through its REST API at a pinned version. The options are checked when the host starts. Run
        /// <see cref="IBilling.SyncCatalogAsync"/> once, or at every start, so that Stripe knows the plans.
        /// </summary>
        /// <param name="configure">Sets options; runs after the options of earlier calls.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentNullException">There is no <paramref name="configure"/>.</exception>
        public ISaasBillingBuilder UseStripe(Action<StripeBillingOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(configure);
            builder.Services.Configure(configure);
            return Register(builder);
        }

        /// <summary>
        /// Bills on Stripe with the options of a configuration section: the members of <see cref="StripeBillingOptions"/>, and <c>WebhookSecret</c>
        /// where there is one secret alone. It is read once, when the host starts.
        /// </summary>
        /// <param name="configuration">The section.</param>
        /// <returns>The builder.</returns>
        /// <remarks>
        /// <code language="json">
        /// { "Stripe": { "ApiKey": "sk_test_…", "WebhookSecret": "whsec_…", "AutomaticTax": true } }
        /// </code>
        /// A name that is no option is refused when the host starts, so that a misspelled one does not go unseen.
        /// </remarks>
        /// <exception cref="ArgumentNullException">There is no <paramref name="configuration"/>.</exception>
        public ISaasBillingBuilder UseStripe(IConfiguration configuration)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(configuration);
            builder.Services.Configure<StripeBillingOptions>(options => StripeOptionsBinding.Bind(configuration, options));
            return Register(builder);
        }
    }

    private static ISaasBillingBuilder Register(ISaasBillingBuilder builder)
    {
        builder.Services.TryAddSingleton<IStripeTransport>(static services => new HttpStripeTransport(Checked(services)));
        builder.Services.TryAddSingleton(static services => StripeProvider.Create(
            services.GetRequiredService<IStripeTransport>(),
            Checked(services),
            services.GetRequiredService<PlanCatalog>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance));
        return builder.UseProvider(Call, static services => services.GetRequiredService<StripeProvider>());
    }

    private static StripeBillingOptions Checked(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StripeBillingOptions>>().Value;
        StripeOptionsCheck.ThrowIfWrong(options);
        return options;
    }
}
