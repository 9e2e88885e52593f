using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Docs;

public sealed class AppDbContextTests
{
    [Fact]
    public async Task What_the_readme_shows_keeps_a_trial_over_a_restart()
    {
        using var file = new SqliteFile();
        using (var app = await AppDbContext.StartAsync(Builder(), file.ConnectionString))
        {
            await app.Services.GetRequiredService<IBilling>().For("acme").StartTrialAsync("pro");
            await app.StopAsync();
        }

        using var again = await AppDbContext.StartAsync(Builder(), file.ConnectionString);
        var state = await again.Services.GetRequiredService<IBillingStore>().FindCustomerAsync("acme", CancellationToken.None);
        Assert.Equal(SubscriptionStatus.Trialing, Assert.Single(state!.Subscriptions).Status);
        await again.StopAsync();
    }

    private static HostApplicationBuilder Builder() => Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
}
