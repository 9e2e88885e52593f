using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.DependencyInjection;

public sealed class UseEntityFrameworkCoreTests
{
    [Fact]
    public async Task A_context_without_the_tables_in_its_model_does_not_start_and_names_the_call() => await RefusedAsync(
        builder => builder.UseEntityFrameworkCore<ForgetfulContext>().Services.AddDbContext<ForgetfulContext>(options => options.UseSqlite("Data Source=:memory:")),
        "ForgetfulContext has no billing tables in its model. Call modelBuilder.UseSaasBilling() in its OnModelCreating, and add a migration.");

    [Fact]
    public async Task A_context_that_is_not_registered_does_not_start() => await RefusedAsync(
        builder => builder.UseEntityFrameworkCore<PlainContext>(),
        "PlainContext is not among the application's services. Register it with AddDbContext<PlainContext>(...), or leave out .UseEntityFrameworkCore<PlainContext>().");

    [Fact]
    public async Task A_database_without_the_tables_does_not_start_and_names_them()
    {
        using var file = new SqliteFile();
        var exception = await Assert.ThrowsAsync<BillingException>(() => StartAsync(builder => Use(builder, file.ConnectionString)));

        Assert.Equal(BillingErrorCode.InvalidState, exception.Code);
        Assert.StartsWith("The billing tables of PlainContext are not those of this version:\n- Table 'billing_customers' is missing.\n- Table 'billing_events' is missing.", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>R7: the database is down when the application starts, and comes up later.</summary>
    [Fact]
    public async Task A_database_that_is_down_keeps_nothing_from_starting_and_needs_no_restart()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"sb-{Guid.NewGuid():N}");
        using var host = await StartAsync(builder => Use(builder, $"Data Source={Path.Combine(folder, "billing.db")};Pooling=false"));
        var billing = host.Services.GetRequiredService<IBilling>();

        var exception = await Assert.ThrowsAsync<BillingException>(() => billing.For("acme").EnsureCustomerAsync());
        Assert.Equal(BillingErrorCode.StoreUnavailable, exception.Code);
        Assert.Equal("The billing database of PlainContext is unavailable: SQLite Error 14: 'unable to open database file'. Nothing was answered for certain; the same call can be made again when it is back.", exception.Message);

        Directory.CreateDirectory(folder);
        try
        {
            await host.Services.EnsureSaasBillingSchemaAsync();
            await billing.For("acme").EnsureCustomerAsync();
            Assert.NotNull(await host.Services.GetRequiredService<IBillingStore>().FindCustomerAsync("acme", CancellationToken.None));
            await host.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_table_that_goes_while_the_application_runs_is_told()
    {
        using var file = new SqliteFile();
        await using var host = new StoreHost<PlainContext>(options => options.UseSqlite(file.ConnectionString));

        var exception = await Assert.ThrowsAsync<BillingException>(() => host.Store.FindCustomerAsync("acme", CancellationToken.None));

        Assert.Equal(BillingErrorCode.InvalidState, exception.Code);
        Assert.Equal("The billing tables of PlainContext are not those of this version: SQLite Error 1: 'no such table: billing_customers'. Apply the application's migrations, or call EnsureSaasBillingSchemaAsync().", exception.Message);
    }

    [Fact]
    public async Task Creating_tables_without_a_context_names_the_call()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();

        var exception = await Assert.ThrowsAsync<BillingException>(() => services.EnsureSaasBillingSchemaAsync());

        Assert.Equal("Billing is not kept in a DbContext here. Call .UseEntityFrameworkCore<TContext>() on what AddSaasBilling() returns.", exception.Message);
    }

    [Fact]
    public void A_store_of_a_database_is_shared() => Assert.True(((IBillingStore)new EntityFrameworkStore(null!)).IsShared);

    private static async Task RefusedAsync(Action<ISaasBillingBuilder> configure, string message)
    {
        var exception = await Assert.ThrowsAsync<BillingException>(() => StartAsync(configure));
        Assert.Equal((BillingErrorCode.InvalidState, message), (exception.Code, exception.Message));
    }

    private static void Use(ISaasBillingBuilder builder, string connectionString) =>
        builder.UseEntityFrameworkCore<PlainContext>().Services.AddDbContext<PlainContext>(options => options.UseSqlite(connectionString));

    private static async Task<IHost> StartAsync(Action<ISaasBillingBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        configure(builder.Services.AddSaasBilling().AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly)).UseInMemory());
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    internal sealed class ForgetfulContext(DbContextOptions<ForgetfulContext> options) : DbContext(options);
}
