using SaasBilling.DependencyInjection;
using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling;

public static partial class SaasBillingBuilderExtensions
{
    extension(ISaasBillingBuilder builder)
    {
        /// <summary>
        /// Chooses the billing provider: what a package's own <c>Use…</c> method calls. An application chooses exactly one provider; another one beside
        /// it is refused when the application starts.
        /// </summary>
        /// <param name="call">The name of the method that the application called, such as <c>UseStripe</c>, for messages. The same name again replaces the earlier choice.</param>
        /// <param name="create">Makes the provider: once, as a singleton.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentException"><paramref name="call"/> is blank, or there is no <paramref name="create"/>.</exception>
        public ISaasBillingBuilder UseProvider(string call, Func<IServiceProvider, IBillingProvider> create)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentException.ThrowIfNullOrWhiteSpace(call);
            ArgumentNullException.ThrowIfNull(create);
            BillingChoices.In(builder.Services).UseProvider(call, create);
            return builder;
        }

        /// <summary>
        /// Chooses the store: what a package's own <c>Use…</c> method calls. Without a choice everything is kept in memory. Two different stores are
        /// refused when the application starts.
        /// </summary>
        /// <param name="call">The name of the method that the application called, such as <c>UseEntityFrameworkCore</c>, for messages. The same name again replaces the earlier choice.</param>
        /// <param name="create">Makes the store: once, as a singleton.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentException"><paramref name="call"/> is blank, or there is no <paramref name="create"/>.</exception>
        public ISaasBillingBuilder UseStore(string call, Func<IServiceProvider, IBillingStore> create)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentException.ThrowIfNullOrWhiteSpace(call);
            ArgumentNullException.ThrowIfNull(create);
            BillingChoices.In(builder.Services).UseStore(call, create);
            return builder;
        }
    }
}
