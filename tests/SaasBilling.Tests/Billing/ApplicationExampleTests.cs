using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Tests.Billing;

/// <summary>The examples of the public API's page, word for word.</summary>
public sealed class ApplicationExampleTests
{
    [Fact]
    public async Task An_applications_test_whole()
    {
        await using var services = Application();
        var billing = services.GetRequiredService<IBilling>();

        var simulator = services.GetRequiredService<BillingSimulator>();
        await billing.For("acme").StartTrialAsync("pro");
        await simulator.AdvanceAsync(TimeSpan.FromDays(11));            // TrialEnding was raised, the reminder was sent
        Assert.Contains("TrialEnding", services.GetRequiredService<Workspaces>().Log);
        await simulator.AdvanceAsync(TimeSpan.FromDays(3));             // no card: TrialExpired, AccessRestricted
        Assert.Equal(["TrialStarted", "TrialEnding", "AccessRestricted"], services.GetRequiredService<Workspaces>().Log);
        Assert.False((await billing.For("acme").GetAccessAsync()).IsGranted);
    }

    [Fact]
    public async Task An_application_whole()
    {
        await using var services = Application();
        var billing = services.GetRequiredService<IBilling>();

        var acme = billing.For("acme");                                 // a handle, no I/O
        await acme.StartTrialAsync("pro");
        Assert.True((await acme.CheckAsync("projects", quantity: 1)).IsAllowed);
        var quote = await acme.QuoteChangeAsync(new() { PlanKey = "team" });
        Assert.Equal("team", (await acme.ChangeAsync(quote)).PlanKey);  // charges what was quoted, to the cent
        Assert.NotNull((await acme.CancelAsync()).CancelsAt);           // at period end
        Assert.Null((await acme.ResumeAsync()).CancelsAt);              // changed their mind
    }

    private static ServiceProvider Application()
    {
        var services = new ServiceCollection();
        services.AddSingleton<Workspaces>();
        services.AddSaasBilling()
            .AddPlan("free", plan => plan.Name("Free").Free().Feature("projects", limit: 3))
            .AddPlan("pro", plan => plan.Name("Pro")
                .Price(29m, "USD", BillingInterval.Monthly)
                .Price(290m, "USD", BillingInterval.Yearly)
                .Trial(days: 14)                                        // no card needed; without one it ends in Cancel, Pause or an invoice
                .Feature("export").Feature("projects", limit: 50))
            .AddPlan("team", plan => plan.Name("Team").PricePerSeat(15m, "USD", BillingInterval.Monthly).Feature("projects", limit: 500))
            .AddHook<ProvisionWorkspace>()                              // ILifecycleHook<TrialStarted>, ILifecycleHook<AccessRestricted>, …
            .UseInMemory(memory => memory.StartAt = BillingApp.Start);
        return services.BuildServiceProvider();
    }

    private sealed class Workspaces
    {
        public List<string> Log { get; } = [];
    }

    private sealed class ProvisionWorkspace(Workspaces workspaces) : ILifecycleHook<TrialStarted>, ILifecycleHook<TrialEnding>, ILifecycleHook<AccessRestricted>
    {
        public Task HandleAsync(TrialStarted billingEvent, CancellationToken cancellationToken) => Note(billingEvent);

        public Task HandleAsync(TrialEnding billingEvent, CancellationToken cancellationToken) => Note(billingEvent);

        public Task HandleAsync(AccessRestricted billingEvent, CancellationToken cancellationToken) => Note(billingEvent);

        private Task Note(BillingEvent billingEvent)
        {
            workspaces.Log.Add(billingEvent.GetType().Name);
            return Task.CompletedTask;
        }
    }
}
