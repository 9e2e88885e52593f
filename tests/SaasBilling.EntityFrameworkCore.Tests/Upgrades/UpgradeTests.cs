using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;
using SaasBilling.Tests;

namespace SaasBilling.EntityFrameworkCore.Tests.Upgrades;

/// <summary>Databases that earlier models made: each opens, or the start says what is missing. The scripts beside this file are never changed.</summary>
public sealed class UpgradeTests(PostgresServer server)
{
    public static TheoryData<string> Kinds => TestDatabase.Kinds;

    /// <summary>Before customers, subscriptions and invoices were listed by indexes.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_database_that_lacks_indexes_opens_with_what_is_in_it(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using var host = new StoreHost<PlainContext>(database.Configure);
        await host.UseAsync(async context =>
        {
            await RunAsync(context, "before-lists");
            await context.Database.ExecuteSqlRawAsync(Script("rows.sql"));
        });
        host.Store.ThrowIfNotReady();

        var acme = await host.Store.FindCustomerAsync("acme", CancellationToken.None);
        Assert.Equal(("acme@customers.example", "pro", SubscriptionStatus.Active), (acme!.Customer.Email, acme.Subscriptions[0].PlanKey, acme.Subscriptions[0].Status));
        Assert.Equal(2900, Assert.Single(await host.Store.GetInvoicesAsync("acme", null, CancellationToken.None)).AmountPaid.MinorUnits);
        Assert.Equal(["acme/1", "acme/2"], (await host.Store.GetEventsAsync("acme", CancellationToken.None)).Select(billingEvent => billingEvent.Id));
        var request = new LeaseRequest(JobKind.Hook, new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(30), 10);
        var leased = Assert.Single(await host.Store.Jobs.LeaseAsync(request, CancellationToken.None));
        Assert.IsType<SubscriptionRenewed>(leased.Event);
        Assert.Equal([LeaseOutcome.Held], await host.Store.Jobs.FinishAsync([JobResult.Done(leased, request.Now)], CancellationToken.None));
        Assert.Equal(
            CommitOutcome.Committed,
            await host.Store.CommitAsync(new BillingCommit { Customer = acme with { Version = 2, WakeAt = null }, ExpectedVersion = 1 }, CancellationToken.None));
        Assert.Null(await host.Store.Jobs.NextDueAsync(JobKind.Wake, CancellationToken.None));

        await host.UseAsync(async context =>
        {
            await context.Database.EnsureSaasBillingSchemaAsync();

            // Fails if the index was not created.
            await context.Database.ExecuteSqlRawAsync("DROP INDEX ix_billing_subscriptions_plan");
        });
    }

    /// <summary>Before a leased job named its customer.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_database_that_lacks_a_column_keeps_the_host_from_starting(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using var host = new StoreHost<PlainContext>(database.Configure);
        await host.UseAsync(context => RunAsync(context, "before-leased-customers"));

        var exception = Assert.Throws<BillingException>(host.Store.ThrowIfNotReady);

        Assert.Equal(
            """
            The billing tables of PlainContext are not those of this version:
            - Table 'billing_jobs' lacks column 'leased_customer_id'.
            Apply the application's migrations (after a change of the model: add one), or call EnsureSaasBillingSchemaAsync() before the host starts, which creates tables that are missing, and adds no columns.
            """,
            exception.Message);
    }

    private static Task RunAsync(DbContext context, string model) =>
        context.Database.ExecuteSqlRawAsync(Script($"{model}.{(context.Database.IsNpgsql() ? "postgresql" : "sqlite")}.sql"));

    // Braces would be places for parameters.
    private static string Script(string name) => File.ReadAllText(RepositoryFiles.PathOf($"tests/SaasBilling.EntityFrameworkCore.Tests/Upgrades/{name}"))
        .Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
