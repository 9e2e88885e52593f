using Microsoft.EntityFrameworkCore;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

/// <summary>A database sorts texts as its collation says, and that is seldom by their characters' numbers.</summary>
public sealed class CollationTests(PostgresServer server)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Jobs_are_listed_once_each_where_a_small_letter_comes_before_a_capital_one(int pageSize)
    {
        await using var database = await TestDatabase.CreateAsync("PostgreSQL", server);
        await using var host = new StoreHost<PlainContext>(database.Configure);
        await host.UseAsync(async context =>
        {
            await context.Database.EnsureSaasBillingSchemaAsync();
            await context.Database.ExecuteSqlRawAsync("ALTER TABLE billing_jobs ALTER COLUMN key TYPE character varying(1000) COLLATE \"en-x-icu\"");
        });
        string[] customers = ["a", "B", "c", "D", "e", "F"];
        foreach (var customerId in customers)
            await host.Store.CommitAsync(Given.Deliveries(customerId, 1, [1], ["mail"]), CancellationToken.None);
        var leased = await host.Store.Jobs.LeaseAsync(new LeaseRequest(JobKind.Hook, Given.Start, TimeSpan.FromSeconds(30), 3), CancellationToken.None);
        await host.Store.Jobs.FinishAsync([.. leased.Select(entry => JobResult.Quarantine(entry, Given.Start, "down"))], CancellationToken.None);

        var listed = new List<string>();
        for (ListPosition? last = null; listed.Count <= customers.Length;)
        {
            var page = await host.Store.ListJobsAsync(new JobFilter(), last, pageSize, CancellationToken.None);
            if (page.Count == 0)
                break;
            listed.AddRange(page.Select(entry => entry.Job.CustomerId));
            last = JobFilter.PositionOf(page[^1]);
        }

        Assert.Equal(customers, listed);
    }
}
