using Microsoft.EntityFrameworkCore;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

/// <summary>Somebody worked on the tables by hand.</summary>
public sealed class DamagedRowTests(PostgresServer server)
{
    public static TheoryData<string> Kinds => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_event_that_cannot_be_read_is_quarantined_and_the_others_go_on(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using var host = new StoreHost<PlainContext>(database.Configure);
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        foreach (var customer in new[] { "damaged", "sound" })
            await host.Store.CommitAsync(Given.Deliveries(customer, 1, [1], ["a"]), CancellationToken.None);
        await host.UseAsync(context => context.Database.ExecuteSqlRawAsync("UPDATE billing_events SET data = '[]' WHERE customer_id = 'damaged'"));

        var leased = await host.Store.Jobs.LeaseAsync(new LeaseRequest(JobKind.Hook, Given.At(1), TimeSpan.FromSeconds(30), 10), CancellationToken.None);

        Assert.Equal("sound", Assert.Single(leased).Job.CustomerId);
        var quarantined = Assert.Single(await host.Store.Jobs.GetQuarantinedAsync(CancellationToken.None));
        Assert.Equal(
            ("damaged", "Event 'damaged/1' of customer 'damaged' cannot be read from the database: its document is damaged, or was written by a later version of SaasBilling. Restore the row from a backup."),
            (quarantined.Job.CustomerId, quarantined.LastError));
        Assert.Null(quarantined.Event);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_state_that_cannot_be_read_is_told_and_the_others_go_on(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using var host = new StoreHost<PlainContext>(database.Configure);
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        foreach (var customer in new[] { "damaged", "sound" })
            await host.Store.CommitAsync(Given.Commit(customer, 1, Given.At(1)), CancellationToken.None);
        await host.UseAsync(context => context.Database.ExecuteSqlRawAsync("UPDATE billing_customers SET state = '\"gone\"' WHERE id = 'damaged'"));

        var exception = await Assert.ThrowsAsync<BillingException>(() => host.Store.FindCustomerAsync("damaged", CancellationToken.None));

        Assert.Equal(BillingErrorCode.InvalidState, exception.Code);
        Assert.NotNull(await host.Store.FindCustomerAsync("sound", CancellationToken.None));
        Assert.Equal(2, (await host.Store.Jobs.LeaseAsync(new LeaseRequest(JobKind.Wake, Given.At(1), TimeSpan.FromSeconds(30), 10), CancellationToken.None)).Count);
    }
}
