using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.EntityFrameworkCore.Model;

namespace SaasBilling.EntityFrameworkCore.Database;

/// <summary>Makes the store's contexts, each in a scope of its own, on the database of the application's context.</summary>
internal abstract class ContextSource
{
    // A connection that several contexts share can do one thing at a time.
    private static readonly ConditionalWeakTable<object, SemaphoreSlim> Gates = [];

    /// <summary>The name of the application's context.</summary>
    public abstract string ContextName { get; }

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the application's context is not registered, or lacks the tables.</exception>
    public abstract Session Open();

    /// <summary>The store's context beside an application's.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: its model lacks the tables, or its provider is not relational.</exception>
    public static BillingDbContext Beside(DbContext application) => Beside(application, ProviderOf(application));

    private static BillingDbContext Beside(DbContext application, RelationalOptionsExtension provider)
    {
        var name = application.GetType().Name;
        var names = BillingNames.In(application.Model) ?? throw new BillingException(
            BillingErrorCode.InvalidState,
            $"{name} has no billing tables in its model. Call modelBuilder.UseSaasBilling() in its OnModelCreating, and add a migration.");
        var context = new BillingDbContext(OptionsLike(application.GetService<IDbContextOptions>(), provider), names);

        // The application's context may have chosen another database than its options name, such as its tenant's.
        if (application.Database.GetConnectionString() is { } chosen && chosen != context.Database.GetConnectionString())
            context.Database.SetConnectionString(chosen);
        return context;
    }

    private static RelationalOptionsExtension ProviderOf(DbContext application)
    {
        var name = application.GetType().Name;
        return application.GetService<IDbContextOptions>().Extensions.OfType<RelationalOptionsExtension>().FirstOrDefault() ?? throw new BillingException(
            BillingErrorCode.InvalidState,
            $"{name} uses a provider that is not relational, and billing needs transactions. Use SQLite or PostgreSQL; for tests without a database, leave out .UseEntityFrameworkCore<{name}>().");
    }

    private static DbContextOptions<BillingDbContext> OptionsLike(IDbContextOptions application, RelationalOptionsExtension provider)
    {
        var builder = new DbContextOptionsBuilder<BillingDbContext>();

        // The store decides itself what is tried again: a strategy of the application's would refuse its transactions.
        ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(provider.WithExecutionStrategyFactory(static dependencies => new NonRetryingExecutionStrategy(dependencies)));
        builder.ReplaceService<IModelCacheKeyFactory, BillingModelCacheKeyFactory>();

        // Of the interceptors those that the connection may need, such as one that gets its password.
        if (application.FindExtension<CoreOptionsExtension>() is { } core)
        {
            if (core.LoggerFactory is { } logger)
                builder.UseLoggerFactory(logger);
            if (core.ApplicationServiceProvider is { } services)
                builder.UseApplicationServiceProvider(services);
            if (InterceptorsOf(core) is { Count: > 0 } interceptors)
                builder.AddInterceptors(interceptors);
        }

        return builder.Options;
    }

    private static List<IDbConnectionInterceptor> InterceptorsOf(CoreOptionsExtension core) => core.Interceptors?.OfType<IDbConnectionInterceptor>().ToList() ?? [];

    /// <summary>What ends with a piece of work.</summary>
    internal interface IOwned : IAsyncDisposable, IDisposable;

    /// <summary>One piece of work of the store.</summary>
    internal sealed class Session : IAsyncDisposable, IDisposable
    {
        private readonly RelationalOptionsExtension _provider;
        private readonly IOwned _scope;
        private BillingDbContext? _context;

        /// <param name="application">The application's context.</param>
        /// <param name="scope">Ended with the session.</param>
        /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the context's provider is not relational.</exception>
        public Session(DbContext application, IOwned scope)
        {
            (Application, _provider, _scope) = (application, ProviderOf(application), scope);
            Gate = _provider.Connection is { } connection ? Gates.GetValue(connection, static _ => new SemaphoreSlim(1, 1)) : null;
        }

        public DbContext Application { get; }

        /// <summary>The store's own context.</summary>
        /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the application's model lacks the tables.</exception>
        public BillingDbContext Context => _context ??= Beside(Application, _provider);

        /// <summary>Held by whoever works on the connection, if it is shared.</summary>
        public SemaphoreSlim? Gate { get; }

        /// <summary>Whether a connection is made of its string and nothing else.</summary>
        public bool HasPlainConnection =>
            _provider.Connection is null && (Application.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>() is not { } core || InterceptorsOf(core).Count == 0);

        public void Dispose()
        {
            _context?.Dispose();
            _scope.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            if (_context is not null)
                await _context.DisposeAsync().ConfigureAwait(false);
            await _scope.DisposeAsync().ConfigureAwait(false);
        }
    }
}

/// <inheritdoc/>
internal sealed class ContextSource<TContext>(IServiceScopeFactory scopes) : ContextSource
    where TContext : DbContext
{
    public override string ContextName => typeof(TContext).Name;

    public override Session Open()
    {
        var scope = scopes.CreateAsyncScope();
        var owned = new OwnedScope(scope, null);
        try
        {
            var application = scope.ServiceProvider.GetService<TContext>();
            if (application is null)
            {
                application = scope.ServiceProvider.GetService<IDbContextFactory<TContext>>()?.CreateDbContext() ?? throw new BillingException(
                    BillingErrorCode.InvalidState,
                    $"{ContextName} is not among the application's services. Register it with AddDbContext<{ContextName}>(...), or leave out .UseEntityFrameworkCore<{ContextName}>().");
                owned = owned with { Context = application };
            }

            return new Session(application, owned);
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    private sealed record OwnedScope(AsyncServiceScope Scope, TContext? Context) : IOwned
    {
        public async ValueTask DisposeAsync()
        {
            if (Context is not null)
                await Context.DisposeAsync().ConfigureAwait(false);
            await Scope.DisposeAsync().ConfigureAwait(false);
        }

        public void Dispose()
        {
            Context?.Dispose();
            Scope.Dispose();
        }
    }
}
