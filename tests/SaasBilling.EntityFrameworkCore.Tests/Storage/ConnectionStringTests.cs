using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

/// <summary>A context may choose its database when it is made.</summary>
public sealed class ConnectionStringTests(PostgresServer server)
{
    public static TheoryData<string> Kinds => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Everything_is_in_the_database_that_the_context_chose(string kind)
    {
        await using var common = await TestDatabase.CreateAsync(kind, server);
        await using var own = await TestDatabase.CreateAsync(kind, server);
        await using var services = new ServiceCollection()
            .AddDbContext<ChoosingContext>(common.Configure)
            .AddDbContext<PlainContext>(own.Configure)
            .BuildServiceProvider(validateScopes: true);
        using var store = new EntityFrameworkStore(new StoreRunner(new ContextSource<ChoosingContext>(services.GetRequiredService<IServiceScopeFactory>()), TimeProvider.System));
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ChoosingContext>().Database.EnsureSaasBillingSchemaAsync();

        store.ThrowIfNotReady();
        await store.CommitAsync(Given.Commit("acme") with { Invoices = [Given.Invoice("acme", "in_1")] }, CancellationToken.None);

        Assert.NotNull(await store.FindCustomerAsync("acme", CancellationToken.None));
        Assert.Single(await store.GetInvoicesAsync("acme", null, CancellationToken.None));
        var database = scope.ServiceProvider.GetRequiredService<PlainContext>().Database;
        Assert.Equal(["acme"], await database.SqlQueryRaw<string>("SELECT id AS \"Value\" FROM billing_customers").ToListAsync(CancellationToken.None));
    }

    private sealed class ChoosingContext : DbContext
    {
        public ChoosingContext(DbContextOptions<ChoosingContext> options, PlainContext own)
            : base(options) => Database.SetConnectionString(own.Database.GetConnectionString());

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseSaasBilling();
    }
}
