using SaasBilling;
using SaasBilling.EntityFrameworkCore.Database;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Creates the billing tables of an application.</summary>
public static class SaasBillingServiceProviderExtensions
{
    /// <summary>
    /// Creates the billing tables and indexes that are missing, and the database if there is none, in the context that
    /// <c>.UseEntityFrameworkCore&lt;TContext&gt;()</c> names: <c>await app.Services.EnsureSaasBillingSchemaAsync()</c>, before the application runs.
    /// Whatever else is in the database stays as it is. Several instances may do so at once.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidState"/>: billing is not kept in a context, or the context's model has no billing tables.
    /// </exception>
    public static async Task EnsureSaasBillingSchemaAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        var contexts = services.GetService<ContextSource>() ?? throw new BillingException(
            BillingErrorCode.InvalidState,
            "Billing is not kept in a DbContext here. Call .UseEntityFrameworkCore<TContext>() on what AddSaasBilling() returns.");
        var session = contexts.Open();
        await using (session.ConfigureAwait(false))
            await BillingSchema.EnsureAsync(session.Context, cancellationToken).ConfigureAwait(false);
    }
}
