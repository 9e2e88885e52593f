using Microsoft.EntityFrameworkCore;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Schema;

public sealed class EnsureSchemaTests(PostgresServer server)
{
    public static TheoryData<string> Kinds => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Tables_are_created_beside_those_of_the_application_and_what_is_there_stays(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using var host = new StoreHost<PlainContext>(database.Configure);
        await host.UseAsync(async context =>
        {
            await context.Database.ExecuteSqlRawAsync("CREATE TABLE notes (id integer)");
            await context.Database.ExecuteSqlRawAsync("INSERT INTO notes VALUES (7)");
            await context.Database.EnsureSaasBillingSchemaAsync();
        });
        Assert.Equal(CommitOutcome.Committed, await host.Store.CommitAsync(Given.Commit("acme"), CancellationToken.None));

        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());

        Assert.NotNull(await host.Store.FindCustomerAsync("acme", CancellationToken.None));
        await host.UseAsync(async context => Assert.Equal([7], await context.Database.SqlQueryRaw<int>("SELECT id AS \"Value\" FROM notes").ToListAsync()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_missing_is_told_and_created(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using var host = new StoreHost<PlainContext>(database.Configure);
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        host.Store.ThrowIfNotReady();
        await host.UseAsync(async context =>
        {
            await context.Database.ExecuteSqlRawAsync("DROP TABLE billing_inbox");
            await context.Database.ExecuteSqlRawAsync("DROP INDEX ix_billing_jobs_leased");
            await context.Database.ExecuteSqlRawAsync("ALTER TABLE billing_trials RENAME COLUMN plan_key TO plan");
        });

        var exception = Assert.Throws<BillingException>(host.Store.ThrowIfNotReady);

        Assert.Equal(BillingErrorCode.InvalidState, exception.Code);
        Assert.Equal(
            """
            The billing tables of PlainContext are not those of this version:
            - Table 'billing_inbox' is missing.
            - Table 'billing_trials' lacks column 'plan_key'.
            Apply the application's migrations (after a change of the model: add one), or call EnsureSaasBillingSchemaAsync() before the host starts, which creates tables that are missing, and adds no columns.
            """,
            exception.Message);
        await host.UseAsync(async context =>
        {
            await context.Database.ExecuteSqlRawAsync("ALTER TABLE billing_trials RENAME COLUMN plan TO plan_key");
            await context.Database.EnsureSaasBillingSchemaAsync();

            // Fails if the index is not there again.
            await context.Database.ExecuteSqlRawAsync("DROP INDEX ix_billing_jobs_leased");
        });
        host.Store.ThrowIfNotReady();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Instances_that_start_together_may_all_create(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using var host = new StoreHost<PlainContext>(database.Configure);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync()))));

        host.Store.ThrowIfNotReady();
    }

    [Fact]
    public async Task Tables_lie_in_the_schema_and_under_the_prefix_that_were_chosen()
    {
        await using var database = await TestDatabase.CreateAsync("PostgreSQL", server);
        await using var host = new StoreHost<ElsewhereContext>(database.Configure);

        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());

        Assert.Equal(CommitOutcome.Committed, await host.Store.CommitAsync(Given.Commit("acme"), CancellationToken.None));
        await host.UseAsync(async context => Assert.Equal(["acme"], await context.Database.SqlQueryRaw<string>("SELECT id AS \"Value\" FROM money.customers").ToListAsync()));
    }

    internal sealed class ElsewhereContext(DbContextOptions<ElsewhereContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseSaasBilling("money", "");
    }
}
