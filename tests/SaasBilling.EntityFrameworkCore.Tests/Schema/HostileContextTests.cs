using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Schema;

/// <summary>An application's conventions are for its own rows.</summary>
public sealed class HostileContextTests(PostgresServer server)
{
    public static TheoryData<string, string> Registrations => new MatrixTheoryData<string, string>(["SQLite", "PostgreSQL"], ["plain", "pooled", "factory", "pooled factory"]);

    /// <summary>The tables are the application's, made from its own model, as by its migrations.</summary>
    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task A_store_works_in_a_context_that_has_a_rule_for_everything(string kind, string registration)
    {
        await using var database = await TestDatabase.CreateAsync(kind, server);
        await using var services = Register(registration, database);
        var contexts = new ContextSource<HostileContext>(services.GetRequiredService<IServiceScopeFactory>());
        var store = new EntityFrameworkStore(new StoreRunner(contexts, TimeProvider.System));
        await using (var application = new HostileContext(Options(database)))
            await application.Database.EnsureCreatedAsync();

        store.ThrowIfNotReady();
        var state = Given.FullState("acme, which is longer than seven letters");
        var commit = new BillingCommit { Customer = state, ExpectedVersion = 0 };
        var billingEvent = Given.Event(state.Customer.Id, 1);
        Assert.Equal(CommitOutcome.Committed, await store.CommitAsync(
            commit with
            {
                Invoices = [Given.Invoice(state.Customer.Id, "in_1")],
                Events = [billingEvent],
                Jobs = [Given.Hook(billingEvent, "a lane")],
                Movements = [new MrrMovement(state.Customer.Id, "USD", Given.Start, MrrMovementKind.New, long.MaxValue)],
                Usage = new UsageEntry(state.Customer.Id, "api_calls", "key", 123456.123456m, Given.Start),
            },
            CancellationToken.None));

        Assert.Equivalent(state, await store.FindCustomerAsync(state.Customer.Id, CancellationToken.None), strict: true);
        Assert.Equal([Given.Invoice(state.Customer.Id, "in_1")], await store.GetInvoicesAsync(state.Customer.Id, null, CancellationToken.None));
        var entry = Assert.Single(await store.Jobs.LeaseAsync(new LeaseRequest(JobKind.Hook, Given.At(1), TimeSpan.FromSeconds(30), 10), CancellationToken.None));
        Assert.Equal(billingEvent, entry.Event);
        Assert.Equal([LeaseOutcome.Held], await store.Jobs.FinishAsync([JobResult.Done(entry, Given.At(1))], CancellationToken.None));
        Assert.True(await store.Inbox.AddAsync(Given.Message("evt_1"), CancellationToken.None));
    }

    /// <summary>As <c>UseLazyLoadingProxies</c> wants it of everything in a model.</summary>
    [Fact]
    public void No_row_is_sealed() => Assert.DoesNotContain(BillingModel.RowTypes, type => type.IsSealed);

    /// <summary>Migrations come from the application's model: there too nothing but the names is the application's.</summary>
    [Fact]
    public void Types_and_lengths_are_not_the_conventions()
    {
        using var hostile = new HostileContext(new DbContextOptionsBuilder<HostileContext>().UseNpgsql("Host=nowhere").Options);
        using var plain = new PlainContext(new DbContextOptionsBuilder<PlainContext>().UseNpgsql("Host=nowhere").Options);

        var expected = plain.Database.GenerateCreateScript();
        var script = hostile.Database.GenerateCreateScript();

        foreach (var line in expected.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal) && !line.Contains("CONSTRAINT", StringComparison.Ordinal)))
            Assert.Contains($"c_{line.Trim().TrimEnd(',')}", script.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static DbContextOptions<HostileContext> Options(TestDatabase database)
    {
        var options = new DbContextOptionsBuilder<HostileContext>();
        database.Configure(options);
        return options.Options;
    }

    private static ServiceProvider Register(string registration, TestDatabase database)
    {
        var services = new ServiceCollection();
        _ = registration switch
        {
            "plain" => services.AddDbContext<HostileContext>(database.Configure),
            "pooled" => services.AddDbContextPool<HostileContext>(database.Configure),
            "factory" => services.AddDbContextFactory<HostileContext>(database.Configure),
            _ => services.AddPooledDbContextFactory<HostileContext>(database.Configure),
        };
        return services.BuildServiceProvider(validateScopes: true);
    }
}
