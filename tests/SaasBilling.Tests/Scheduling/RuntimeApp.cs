using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SaasBilling.Scheduling;
using SaasBilling.Storage;
using SaasBilling.Tests.Diagnostics;

namespace SaasBilling.Tests.Scheduling;

/// <summary>An application with a plan or two, on a simulated clock or on a wall clock that the test moves.</summary>
internal sealed class RuntimeApp : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _workers = [];

    private RuntimeApp(Func<ISaasBillingBuilder, ISaasBillingBuilder>? configure, ManualTimeProvider? time, Action<SaasBillingOptions>? options)
    {
        var services = new ServiceCollection();
        services.AddSingleton(Deliveries);
        services.AddSingleton<ILoggerFactory>(Logs);
        if (time is not null)
            services.AddSingleton<TimeProvider>(time);

        var builder = services.AddSaasBilling(options)
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Trial(days: 14))
            .AddPlan("team", plan => plan.Price(99m, "USD", BillingInterval.Monthly))
            .UseInMemory(memory => memory.StartAt = time is null ? Start : null);
        configure?.Invoke(builder);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public Deliveries Deliveries { get; } = new();

    public RecordingLoggers Logs { get; } = new();

    public IBilling Billing => Get<IBilling>();

    public IBillingStore Store => Get<IBillingStore>();

    public IJobQueue Jobs => Store.Jobs;

    public BillingSimulator Simulator => Get<BillingSimulator>();

    public static RuntimeApp Simulated(Func<ISaasBillingBuilder, ISaasBillingBuilder>? configure = null, Action<SaasBillingOptions>? options = null) => new(configure, null, options);

    public static RuntimeApp On(ManualTimeProvider time, Func<ISaasBillingBuilder, ISaasBillingBuilder>? configure = null, Action<SaasBillingOptions>? options = null) => new(configure, time, options);

    /// <summary>A hook that writes every event down.</summary>
    public static ISaasBillingBuilder Record(ISaasBillingBuilder builder) => builder.AddHook<BillingEvent>("hook", (billingEvent, services, _) =>
    {
        services.GetRequiredService<Deliveries>().Add($"hook {billingEvent.Id} {billingEvent.GetType().Name}");
        return Task.CompletedTask;
    });

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts the worker, as a host does; again after it was stopped.</summary>
    public async Task StartWorkerAsync()
    {
        var worker = _workers.Count == 0
            ? _services.GetServices<IHostedService>().OfType<BillingWorker>().Single()
            : ActivatorUtilities.CreateInstance<BillingWorker>(_services);
        _workers.Add(worker);
        await worker.StartAsync(CancellationToken.None);
    }

    public async Task StopWorkersAsync()
    {
        foreach (var worker in _workers)
            await worker.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>Ends when a condition holds that no hook tells of.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "This was waited for in vain.");
            await Task.Yield();
        }
    }

    /// <summary>Ends when every hook has run, nothing else is due, and the worker waits.</summary>
    public async Task UntilIdleAsync(ManualTimeProvider time)
    {
        var signal = Get<WorkerSignal>();
        await UntilAsync(async () =>
        {
            if (!signal.IsAwaited)
                return false;
            var isDue = await Get<BillingPump>().NextDueAsync(CancellationToken.None) <= Get<BillingClock>().Now;

            // The test moved time just when the worker had looked at it, and went to sleep.
            if (isDue)
                signal.Set();
            return !isDue && await Jobs.NextDueAsync(JobKind.Hook, CancellationToken.None) is null;
        });
        await time.WhenWaitingAsync();
    }

    /// <summary>Lets time pass step by step, each when the worker has done what the one before made due.</summary>
    public async Task PassAsync(ManualTimeProvider time, TimeSpan length, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < length; passed += step)
        {
            await UntilIdleAsync(time);
            time.Advance(step < length - passed ? step : length - passed);
        }

        await UntilIdleAsync(time);
    }

    public Task PayAsync(string customerId, string plan = "team") =>
        Billing.For(customerId).SubscribeAsync(plan, new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });

    /// <summary>Every event of these customers: when, whose, what.</summary>
    public async Task<List<string>> HistoryAsync(params string[] customerIds)
    {
        var lines = new List<string>();
        foreach (var id in customerIds)
        {
            foreach (var billingEvent in await Store.GetEventsAsync(id, CancellationToken.None))
                lines.Add($"{billingEvent.OccurredAt:yyyy-MM-dd HH:mm:ss} {billingEvent.Id} {billingEvent.GetType().Name}");
        }

        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await StopWorkersAsync();
        await _services.DisposeAsync();
    }
}
