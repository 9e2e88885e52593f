using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Remote;

namespace SaasBilling.Faults.Instances;

/// <summary>What every process of the application sells.</summary>
internal static class Application
{
    public const string Plan = "team";
    public const string Feature = "export";
    public const string Meter = "api_calls";

    public static ISaasBillingBuilder AddApplication(this IServiceCollection services, Action<SaasBillingOptions>? options = null) => services.AddSaasBilling(options)
        .AddMeter(Meter)
        .AddPlan(Plan, plan => plan
            .PricePerSeat(10m, "USD", BillingInterval.Monthly)
            .Metered(Meter, 0.01m, "USD", BillingInterval.Monthly)
            .Feature(Feature))
        .AddPlan("pro", plan => plan
            .Price(29m, "USD", BillingInterval.Monthly)
            .Trial(days: 14)
            .Feature(Feature));

    /// <summary>The application of a process, with a worker and with hooks that leave traces.</summary>
    public static ServiceProvider Build(InstanceSpec spec, ShiftedTime time, DeliveryLog log)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(log);
        services.AddDbContext<FaultContext>(new Database(spec.DatabaseKind, spec.ConnectionString).Configure);
        var builder = services.AddApplication(options =>
            {
                options.Worker.LeaseDuration = spec.Lease;
                options.Worker.PollInterval = spec.Poll;
                options.Worker.HookTimeout = spec.HookTimeout;
                options.Worker.FirstRetryDelay = spec.FirstRetry;
                options.Worker.MaxRetryDelay = spec.FirstRetry * 4;
                options.Worker.MaxAttempts = spec.MaxAttempts;
                options.Worker.MaxConcurrency = spec.Concurrency;
                options.Worker.BatchSize = spec.Batch;
            })
            .UseProvider("UseRemote", _ => RemoteProvider.At(spec.Authority))
            .UseEntityFrameworkCore<FaultContext>()
            .AddHook<BillingEvent>(TracingHooks.Lines, TracingHooks.WriteLineAsync);
        if (spec.WritesRows)
            builder.AddHook<BillingEvent>(TracingHooks.Rows, TracingHooks.WriteRowAsync);
        services.LogToldResults(log);
        return services.BuildServiceProvider();
    }
}
