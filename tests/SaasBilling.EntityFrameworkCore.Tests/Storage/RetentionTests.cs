using Microsoft.EntityFrameworkCore;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

public sealed class RetentionTests(PostgresServer server)
{
    public static TheoryData<string> Kinds => TestDatabase.Kinds;

    /// <summary>It is done in pages of 500, many of which may have been received at one instant.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task More_webhooks_than_a_page_are_forgotten(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using var host = new StoreHost<PlainContext>(database.Configure);
        await host.UseAsync(async context =>
        {
            await context.Database.EnsureSaasBillingSchemaAsync();
            const string Day = "'2026-03-0' || (1 + i / 1200) || ' 00:00:00'";
            var received = context.Database.IsNpgsql() ? $"({Day} || '+00')::timestamptz" : Day;
            var messages = $"""
                INSERT INTO billing_inbox (provider, event_id, is_live, type, subject, received_at, body, job_key)
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2999)
                SELECT 'stripe', 'evt_' || i, true, 'invoice.paid', 'cus_1', {received}, 'body', 'inbox:stripe:live:evt_' || i FROM n
                """;
            await context.Database.ExecuteSqlRawAsync(messages);
        });
        Assert.True(await host.Store.Inbox.AddAsync(Given.Message("evt_waiting") with { ReceivedAt = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) }, CancellationToken.None));

        var purged = await host.Store.Inbox.PurgeAsync(new(2026, 3, 3, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), CancellationToken.None);

        Assert.Equal(new InboxPurge(1_200, 1_200), purged);
        await host.UseAsync(async context => Assert.Equal(
            [1_200, 601],
            await context.Database.SqlQueryRaw<int>("SELECT CAST(count(*) AS integer) AS \"Value\" FROM billing_inbox GROUP BY body IS NULL ORDER BY 1 DESC").ToListAsync()));
    }
}
