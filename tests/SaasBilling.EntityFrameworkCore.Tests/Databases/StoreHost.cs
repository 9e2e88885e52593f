using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.EntityFrameworkCore.Database;

namespace SaasBilling.EntityFrameworkCore.Tests.Databases;

/// <summary>A store on a database, as an application would have it.</summary>
internal sealed class StoreHost<TContext> : IAsyncDisposable
    where TContext : DbContext
{
    private readonly ServiceProvider _services;

    public StoreHost(Action<DbContextOptionsBuilder> configure, bool isNeutral = false)
    {
        var services = new ServiceCollection();
        services.AddDbContext<TContext>(configure);
        _services = services.BuildServiceProvider(validateScopes: true);
        Contexts = new ContextSource<TContext>(_services.GetRequiredService<IServiceScopeFactory>());
        Store = new EntityFrameworkStore(new StoreRunner(Contexts, TimeProvider.System) { IsNeutral = isNeutral });
    }

    public ContextSource Contexts { get; }

    public EntityFrameworkStore Store { get; }

    /// <summary>Works with the application's context.</summary>
    public async Task UseAsync(Func<TContext, Task> work)
    {
        await using var scope = _services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<TContext>());
    }

    public ValueTask DisposeAsync()
    {
        Store.Dispose();
        return _services.DisposeAsync();
    }
}
