using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SaasBilling.EntityFrameworkCore.Tests.Docs;

internal sealed class AppDbContext(DbContextOptions<AppDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UseSaasBilling();

        // The application's own tables.
    }

    public static async Task<IHost> StartAsync(HostApplicationBuilder builder, string database)
    {
        builder.Services.AddDbContext<AppDbContext>(options => options.UseSqlite(database));
        builder.Services.AddSaasBilling()
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Trial(days: 14))
            .UseInMemory()
            .UseEntityFrameworkCore<AppDbContext>();

        var app = builder.Build();
        await app.Services.EnsureSaasBillingSchemaAsync(); // or the application's migrations
        await app.StartAsync();
        return app;
    }
}
