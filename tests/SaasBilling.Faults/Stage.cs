using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Instances;
using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling.Faults;

/// <summary>One scenario on one database: the authority, the processes, and a look at the store from outside.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<Child> _children = [];
    private int _started;

    private Stage(RunSettings settings, Database database, string folder)
    {
        Settings = settings;
        Database = database;
        Folder = folder;
        Authority = new Authority(folder);
        Random = new Random(settings.Seed);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDbContext<FaultContext>(database.Configure);
        services.AddApplication()
            .UseProvider("UseAuthority", _ => Authority.Provider)
            .UseEntityFrameworkCore<FaultContext>();
        _services = services.BuildServiceProvider();
    }

    public RunSettings Settings { get; }

    public Database Database { get; }

    public string Folder { get; }

    public Authority Authority { get; }

    public Random Random { get; }

    public IBilling Billing => _services.GetRequiredService<IBilling>();

    public IBillingStore Store => _services.GetRequiredService<IBillingStore>();

    public IBillingProvider Provider => Authority.Provider;

    public IReadOnlyList<Child> Children => _children;

    public static async Task<Stage> SetAsync(RunSettings settings, IDatabases databases)
    {
        var folder = Path.Combine(settings.Folder, $"stage-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(folder);
        return new Stage(settings, await databases.CreateAsync(), folder);
    }

    /// <summary>Starts a process, which waits for the word.</summary>
    public Child Start(Func<InstanceSpec, InstanceSpec>? configure = null)
    {
        var number = ++_started;
        var spec = new InstanceSpec
        {
            DatabaseKind = Database.Kind,
            ConnectionString = Database.ConnectionString,
            Authority = Authority.Path,
            Listen = Path.Combine(Folder, $"{number}.sock"),
            Log = Path.Combine(Folder, $"{number}.log"),

            // Hooks that wait for their turn to write keep a thread each: SQLite's provider waits by sleeping.
            Concurrency = Database.Kind == Database.Sqlite ? 2 : 16,
        };
        var child = Child.Start(configure?.Invoke(spec) ?? spec);
        lock (_children)
            _children.Add(child);
        return child;
    }

    /// <summary>Starts a process, and lets it work.</summary>
    public async Task<Child> RunAsync(Func<InstanceSpec, InstanceSpec>? configure = null)
    {
        var child = Start(configure);
        await child.GoAsync();
        return child;
    }

    /// <summary>Writes customers with events for every hook, as commits do.</summary>
    /// <param name="customers">How many customers.</param>
    /// <param name="events">How many events each has.</param>
    /// <param name="lanes">The hooks that are to be told.</param>
    /// <param name="milestone">The milestone of an event, by the customer's number and the event's.</param>
    /// <param name="dueAt">When the deliveries are due; null: now.</param>
    public async Task SeedAsync(int customers, int events, string[] lanes, Func<int, int, string>? milestone = null, DateTimeOffset? dueAt = null)
    {
        var now = dueAt ?? TimeProvider.System.GetUtcNow();
        for (var i = 0; i < customers; i++)
        {
            var id = SeededId(i);
            var raised = Enumerable.Range(1, events).Select(number => new MilestoneReached
            {
                Id = $"{id}/{number}",
                CustomerId = id,
                OccurredAt = now,
                Milestone = milestone?.Invoke(i, number) ?? $"step-{number}",
            }).ToList();
            await Store.CommitAsync(
                new BillingCommit
                {
                    Customer = new CustomerState { Customer = new Customer { Id = id, CreatedAt = now }, Version = 1, EventCount = events },
                    ExpectedVersion = 0,
                    Events = raised,
                    Jobs =
                    [
                        .. from one in raised.Index()
                           from lane in lanes
                           select new Job { Key = $"hook:{one.Item.Id}:{lane}", Kind = JobKind.Hook, CustomerId = id, Lane = lane, DueAt = now, Sequence = one.Index + 1, EventId = one.Item.Id },
                    ],
                },
                CancellationToken.None);
        }
    }

    /// <summary>Tells how far it is, for whoever waits.</summary>
    public void Say(string what)
    {
        if (Settings.IsTold)
            Console.Error.WriteLine($"  {Database.Title}: {what}");
    }

    public static string SeededId(int number) => $"seeded-{number}";

    /// <summary>Ends when nothing is to be delivered or handled any more.</summary>
    public Task DrainedAsync(TimeSpan atMost) => Until.TrueAsync("everything is delivered", atMost, async () =>
    {
        try
        {
            return await Store.Jobs.NextDueAsync(JobKind.Hook, CancellationToken.None) is null && await Store.Jobs.NextDueAsync(JobKind.Doorbell, CancellationToken.None) is null;
        }
        catch (BillingException exception) when (exception.Code == BillingErrorCode.StoreUnavailable)
        {
            // This program's own connections were cut too.
            return false;
        }
    });

    /// <summary>The keys of the jobs that workers hold.</summary>
    public Task<List<string>> LeasedAsync() => Database.ReadTextsAsync($"SELECT key FROM billing_jobs WHERE status = '{nameof(JobStatus.Leased)}'");

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _children)
            await child.DisposeAsync();
        await _services.DisposeAsync();
        await Authority.DisposeAsync();
    }
}
