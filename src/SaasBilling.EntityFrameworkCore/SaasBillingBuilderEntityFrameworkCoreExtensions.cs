using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SaasBilling.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;

namespace SaasBilling;

/// <summary>Keeps billing in the application's database.</summary>
public static class SaasBillingBuilderEntityFrameworkCoreExtensions
{
    /// <summary>
    /// Keeps everything in the database of a context of the application's, which is registered with <c>AddDbContext</c>, pooled or not, or as a factory,
    /// and whose <c>OnModelCreating</c> calls <c>modelBuilder.UseSaasBilling()</c>. The host does not start when that call or a table is missing. Billing
    /// works in scopes and transactions of its own, and goes round the context's <c>SaveChanges</c>, interceptors and query filters.
    /// </summary>
    /// <typeparam name="TContext">The application's context, with a relational provider.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static ISaasBillingBuilder UseEntityFrameworkCore<TContext>(this ISaasBillingBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<ContextSource>(provider => new ContextSource<TContext>(provider.GetRequiredService<IServiceScopeFactory>())));
        return builder.UseStore(
            "UseEntityFrameworkCore",
            static provider => new EntityFrameworkStore(new StoreRunner(provider.GetRequiredService<ContextSource>(), provider.GetRequiredService<TimeProvider>())));
    }
}
