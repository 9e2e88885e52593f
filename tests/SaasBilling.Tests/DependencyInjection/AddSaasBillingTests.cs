using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moq;
using SaasBilling.InMemory;
using SaasBilling.Providers;
using SaasBilling.Scheduling;
using SaasBilling.Storage;
using SaasBilling.Tests.Scheduling;

namespace SaasBilling.Tests.DependencyInjection;

public sealed class AddSaasBillingTests
{
    [Fact]
    public async Task Several_calls_add_up()
    {
        var services = new ServiceCollection();
        services.AddSaasBilling(options => options.PastDueGrace = TimeSpan.FromDays(1)).AddPlan("free", plan => plan.Free());
        services.AddSaasBilling(options => options.TrialEndingNotice = TimeSpan.FromDays(2)).AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly));
        services.AddSaasBilling().UseInMemory();
        await using var provider = services.BuildServiceProvider();

        var billing = provider.GetRequiredService<IBilling>();

        Assert.Equal(["free", "pro"], billing.Plans.Plans.Select(plan => plan.Key));
        var options = provider.GetRequiredService<SaasBillingOptions>();
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromDays(2)), (options.PastDueGrace, options.TrialEndingNotice));
        Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
        Assert.Same(billing, provider.GetRequiredService<IBilling>());
    }

    /// <summary>Nothing else is needed: no logging, no metrics, no host.</summary>
    [Fact]
    public async Task Billing_works_in_a_bare_container()
    {
        var services = new ServiceCollection();
        services.AddSaasBilling().AddPlan("free", plan => plan.Free()).UseInMemory();
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        await provider.GetRequiredService<IBilling>().For("acme").SubscribeAsync("free");

        Assert.True((await provider.GetRequiredService<IBilling>().For("acme").GetAccessAsync()).IsGranted);
    }

    [Fact]
    public Task Without_a_provider_nothing_starts() => FailsAsync(
        BillingErrorCode.InvalidState,
        "No billing provider was chosen. Call .UseInMemory(), or the Use method of a provider's package, on what AddSaasBilling() returns.",
        builder => builder);

    [Fact]
    public Task With_two_providers_nothing_starts() => FailsAsync(
        BillingErrorCode.InvalidState,
        "2 billing providers were chosen: .UseInMemory(...), .UseStripe(...). Keep one of these calls.",
        builder => builder.UseInMemory().UseProvider("UseStripe", _ => Mock.Of<IBillingProvider>()));

    [Fact]
    public Task With_two_stores_nothing_starts() => FailsAsync(
        BillingErrorCode.InvalidState,
        "2 billing stores were chosen: .UseEntityFrameworkCore(...), .UseFiles(...). Keep one of these calls.",
        builder => builder.UseInMemory().UseStore("UseEntityFrameworkCore", _ => new FaultyStore()).UseStore("UseFiles", _ => new FaultyStore()));

    [Fact]
    public async Task The_same_choice_again_replaces_itself()
    {
        var (first, second) = (new FaultyStore(), new FaultyStore());
        await using var app = RuntimeApp.Simulated(builder => builder.UseInMemory().UseStore("UseFiles", _ => first).UseStore("UseFiles", _ => second));

        Assert.NotNull(app.Billing);
        Assert.Same(second, app.Store);
    }

    [Fact]
    public async Task Without_a_store_everything_is_kept_in_memory()
    {
        await using var app = RuntimeApp.Simulated();

        Assert.IsType<InMemoryBillingStore>(app.Store);
    }

    [Fact]
    public Task Faults_of_the_catalog_are_found_at_start() => FailsAsync(
        BillingErrorCode.InvalidArgument,
        null,
        builder => builder.UseInMemory().AddPlan("empty", _ => { }));

    [Fact]
    public Task Every_wrong_option_is_named_with_its_mend_in_one_message() => FailsAsync(
        BillingErrorCode.InvalidArgument,
        """
        19 billing options are wrong:
        - SaasBillingOptions.TrialEndingNotice is -00:00:00.0000001; it must be from 00:00:00 to 3650.00:00:00.
        - SaasBillingOptions.PastDueGrace is 3651.00:00:00; it must be from 00:00:00 to 3650.00:00:00.
        - SaasBillingOptions.UpcomingInvoiceNotice is -1.00:00:00; it must be from 00:00:00 to 3650.00:00:00.
        - SaasBillingOptions.QuoteValidity is 00:00:00; it must be from 00:00:01 to 3650.00:00:00.
        - SaasBillingOptions.AccessCacheDuration is 00:00:00.9990000; it must be from 00:00:01 to 1.00:00:00.
        - SaasBillingOptions.Worker.LeaseDuration is 00:00:00.5000000; it must be from 00:00:01 to 1.00:00:00.
        - SaasBillingOptions.Worker.PollInterval is 00:00:00; it must be from 00:00:00.1000000 to 1.00:00:00.
        - SaasBillingOptions.Worker.MaxRetryDelay is 00:00:00; it must be from 00:00:01 to 3650.00:00:00.
        - SaasBillingOptions.Worker.HookTimeout is 00:00:00; it must be from 00:00:01 to 1.00:00:00.
        - SaasBillingOptions.Worker.BatchSize is 0; it must be from 1 to 10000.
        - SaasBillingOptions.Worker.MaxAttempts is 0; it must be from 1 to 1000.
        - SaasBillingOptions.Worker.MaxConcurrency is -1; it must be from 1 to 10000.
        - SaasBillingOptions.Worker.MaxRetryDelay is 00:00:00; it must not be shorter than FirstRetryDelay, 00:00:10.
        - InMemoryBillingOptions.StartAt is 9999-12-31T23:59:59.9999999+00:00; it must be from 1970-01-01 to 9000-01-01.
        - InMemoryBillingOptions.DraftDelay is 31.00:00:00; it must be from 00:00:00 to 30.00:00:00.
        - InMemoryBillingOptions.IncompleteExpiry is 00:00:00; it must be from 00:00:01 to 30.00:00:00.
        - InMemoryBillingOptions.WhenRetriesExhausted is 7; it must be one of Cancel, MarkUnpaid, LeavePastDue.
        - InMemoryBillingOptions.PaymentRetries[0] is 00:00:00; it must be from 00:00:01 to 365.00:00:00.
        - InMemoryBillingOptions.PaymentRetries[2] is 366.00:00:00; it must be from 00:00:01 to 365.00:00:00.
        """,
        builder => builder.UseInMemory(memory =>
        {
            memory.StartAt = DateTimeOffset.MaxValue;
            memory.DraftDelay = TimeSpan.FromDays(31);
            memory.IncompleteExpiry = TimeSpan.Zero;
            memory.WhenRetriesExhausted = (RetriesExhausted)7;
            memory.PaymentRetries = [TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.FromDays(366)];
        }),
        options =>
        {
            options.TrialEndingNotice = TimeSpan.FromTicks(-1);
            options.PastDueGrace = TimeSpan.FromDays(3651);
            options.UpcomingInvoiceNotice = TimeSpan.FromDays(-1);
            options.QuoteValidity = TimeSpan.Zero;
            options.AccessCacheDuration = TimeSpan.FromMilliseconds(999);
            options.Worker.LeaseDuration = TimeSpan.FromSeconds(0.5);
            options.Worker.PollInterval = TimeSpan.Zero;
            options.Worker.MaxRetryDelay = TimeSpan.Zero;
            options.Worker.HookTimeout = TimeSpan.Zero;
            options.Worker.BatchSize = 0;
            options.Worker.MaxAttempts = 0;
            options.Worker.MaxConcurrency = -1;
        });

    [Fact]
    public Task A_single_wrong_option_is_named_alone() => FailsAsync(
        BillingErrorCode.InvalidArgument,
        """
        A billing option is wrong:
        - InMemoryBillingOptions.PaymentRetries is null; use an empty list for no retries.
        """,
        builder => builder.UseInMemory(memory => memory.PaymentRetries = null!));

    [Fact]
    public async Task UseInMemory_in_production_is_refused_by_the_host_and_without_one()
    {
        const string Message = ".UseInMemory() does not start in the Production environment: its billing is forgotten when the process ends. Choose a provider that lasts there, such as Stripe; or set InMemoryBillingOptions.AllowInProduction if forgetting is what you want; or, if this is not production, set DOTNET_ENVIRONMENT to Development.";
        using var host = HostIn(Environments.Production);

        var starting = await Assert.ThrowsAsync<BillingException>(() => host.StartAsync());
        var resolving = Assert.Throws<BillingException>(() => host.Services.GetRequiredService<IBilling>());

        Assert.Equal((BillingErrorCode.InvalidState, Message), (starting.Code, starting.Message));
        Assert.Equal((BillingErrorCode.InvalidState, Message), (resolving.Code, resolving.Message));
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Staging", false)]
    [InlineData("Development", false)]
    public async Task UseInMemory_starts_where_forgetting_is_allowed(string environment, bool allow)
    {
        using var host = HostIn(environment, options => options.AllowInProduction = allow);

        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public async Task Options_can_be_set_the_way_of_the_options_library()
    {
        var services = new ServiceCollection();
        services.AddSaasBilling().AddPlan("free", plan => plan.Free()).UseInMemory();
        services.Configure<SaasBillingOptions>(options => options.PastDueGrace = TimeSpan.FromDays(9));
        services.PostConfigure<InMemoryBillingOptions>(options => options.StartAt = RuntimeApp.Start);
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(TimeSpan.FromDays(9), provider.GetRequiredService<SaasBillingOptions>().PastDueGrace);
        Assert.Equal(RuntimeApp.Start, provider.GetRequiredService<BillingSimulator>().Now);
    }

    [Fact]
    public void AddSaasBilling_without_services_is_refused() =>
        Assert.Throws<ArgumentNullException>(() => SaasBillingServiceCollectionExtensions.AddSaasBilling(null!));

    [Fact]
    public void A_choice_without_a_name_or_a_way_to_make_it_is_refused()
    {
        var builder = new ServiceCollection().AddSaasBilling();

        Assert.Throws<ArgumentException>(() => builder.UseProvider(" ", _ => Mock.Of<IBillingProvider>()));
        Assert.Throws<ArgumentNullException>(() => builder.UseProvider("UseMine", null!));
        Assert.Throws<ArgumentException>(() => builder.UseStore("", _ => Mock.Of<IBillingStore>()));
        Assert.Throws<ArgumentNullException>(() => builder.UseStore("UseMine", null!));
    }

    /// <summary>Fails when the host starts, and as well when there is no host and somebody asks for billing or for the simulator.</summary>
    private static async Task FailsAsync(BillingErrorCode code, string? message, Func<ISaasBillingBuilder, ISaasBillingBuilder> configure, Action<SaasBillingOptions>? options = null)
    {
        var services = new ServiceCollection();
        configure(services.AddSaasBilling(options).AddPlan("free", plan => plan.Free()));
        await using var provider = services.BuildServiceProvider();

        var starting = Assert.Throws<BillingException>(() => provider.GetServices<IHostedService>().ToList());
        var resolving = Assert.Throws<BillingException>(provider.GetRequiredService<IBilling>);

        Assert.Equal(code, starting.Code);
        Assert.Equal(starting.Message, resolving.Message);
        if (message is not null)
            Assert.Equal(message.ReplaceLineEndings("\n"), resolving.Message);
        if (services.Any(service => service.ServiceType == typeof(BillingSimulator)))
            Assert.Equal(resolving.Message, Assert.Throws<BillingException>(provider.GetRequiredService<BillingSimulator>).Message);
    }

    private static IHost HostIn(string environment, Action<InMemoryBillingOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Services.AddSaasBilling().AddPlan("free", plan => plan.Free()).UseInMemory(configure);
        return builder.Build();
    }
}
