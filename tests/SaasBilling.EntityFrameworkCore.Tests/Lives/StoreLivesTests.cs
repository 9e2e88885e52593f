using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.EntityFrameworkCore.Tests.Documents;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;
using SaasBilling.Tests.ModelBased;

namespace SaasBilling.EntityFrameworkCore.Tests.Lives;

/// <summary>The same lives, in memory and in a database: nobody can tell the difference.</summary>
public sealed class StoreLivesTests(PostgresServer server)
{
    private static readonly DateTimeOffset Start = new(2027, 1, 31, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("SQLite", 1)]
    [InlineData("SQLite", 2)]
    [InlineData("SQLite", 3)]
    [InlineData("PostgreSQL", 1)]
    [InlineData("PostgreSQL", 4)]
    public async Task A_life_in_a_database_is_that_in_memory(string kind, int seed)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using (var host = new StoreHost<PlainContext>(database.Configure))
            await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        await using var inMemory = new BillingApp(startAt: Start);
        await using var stored = new BillingApp(
            builder => builder.UseEntityFrameworkCore<PlainContext>().Services.AddDbContext<PlainContext>(database.Configure),
            startAt: Start);
        Assert.IsType<EntityFrameworkStore>(stored.Store);

        foreach (var deed in Life(seed))
        {
            Assert.Equal(await DoAsync(inMemory, deed), await DoAsync(stored, deed));
            Assert.Equal(inMemory.Heard.Select(heard => heard.Id), stored.Heard.Select(heard => heard.Id));
        }

        Assert.Equal(inMemory.Heard, stored.Heard);
        Assert.True(inMemory.Heard.Count > 50, $"Only {inMemory.Heard.Count} events.");
        await foreach (var customer in inMemory.Store.ListCustomersAsync(CancellationToken.None))
            await CompareAsync(inMemory, stored, customer);
        await CompareReportsAsync(inMemory, stored);
    }

    private static IEnumerable<Deed> Life(int seed)
    {
        var random = new Random(seed);
        DeedKind[] kinds = [.. Deeds.All.SelectMany(weighted => Enumerable.Repeat(weighted.Kind, weighted.Weight))];
        return [.. Enumerable.Range(0, 120).Select(_ => new Deed(random.Next(3), kinds[random.Next(kinds.Length)], random.Next(10_000)))];
    }

    private static async Task<string?> DoAsync(BillingApp app, Deed deed)
    {
        try
        {
            var told = await Deeds.DoAsync(app, app.Billing.For(deed.CustomerId), deed);
            await app.Simulator.RunUntilIdleAsync();
            return told?.ToString();
        }
        catch (BillingException refusal)
        {
            return $"{refusal.Code}: {refusal.Message}";
        }
    }

    private static async Task CompareAsync(BillingApp inMemory, BillingApp stored, string customer)
    {
        // A store of one process needs no memory of its calls.
        Same.As(await inMemory.StateAsync(customer), (await stored.StateAsync(customer))! with { RecentCalls = [] });
        Assert.Equal(await inMemory.Billing.For(customer).GetHistoryAsync(), await stored.Billing.For(customer).GetHistoryAsync());
        Assert.Equal(await inMemory.Billing.For(customer).GetInvoicesAsync(), await stored.Billing.For(customer).GetInvoicesAsync());
    }

    private static async Task CompareReportsAsync(BillingApp inMemory, BillingApp stored)
    {
        var end = inMemory.Now.AddSeconds(1);
        Assert.Equal(await MovementsAsync(inMemory.Store, end), await MovementsAsync(stored.Store, end));
        Assert.Equal(await inMemory.Store.CountTrialsAsync(Start, end, CancellationToken.None), await stored.Store.CountTrialsAsync(Start, end, CancellationToken.None));
        Assert.Equal(await inMemory.Store.Jobs.GetFiguresAsync(CancellationToken.None), await stored.Store.Jobs.GetFiguresAsync(CancellationToken.None));
        foreach (var kind in Enum.GetValues<JobKind>())
            Assert.Equal(await inMemory.Store.Jobs.NextDueAsync(kind, CancellationToken.None), await stored.Store.Jobs.NextDueAsync(kind, CancellationToken.None));
    }

    private static async Task<List<MrrMovement>> MovementsAsync(IBillingStore store, DateTimeOffset before)
    {
        var movements = new List<MrrMovement>();
        await foreach (var movement in store.GetMovementsAsync(before, CancellationToken.None))
            movements.Add(movement);
        return movements;
    }
}
