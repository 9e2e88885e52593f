using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using SaasBilling;
using SaasBilling.EntityFrameworkCore.Database;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Creates the billing tables.</summary>
public static class SaasBillingDatabaseFacadeExtensions
{
    /// <summary>
    /// Creates the billing tables and indexes that are missing, and the database if there is none: for a first start, for tests, and for applications
    /// without migrations. Whatever else is in the database stays as it is, and so do billing tables that are there. Several callers at once are fine.
    /// An application with migrations has them create the tables instead.
    /// </summary>
    /// <param name="database">The database of a context whose model has the billing tables.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the context's model has no billing tables.</exception>
    public static async Task EnsureSaasBillingSchemaAsync(this DatabaseFacade database, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        var context = ContextSource.Beside(((IDatabaseFacadeDependenciesAccessor)database).Context);
        await using (context.ConfigureAwait(false))
            await BillingSchema.EnsureAsync(context, cancellationToken).ConfigureAwait(false);
    }
}
