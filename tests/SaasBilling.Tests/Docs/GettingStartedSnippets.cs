using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SaasBilling.Tests.Docs;

public sealed class GettingStartedSnippets
{
    private static readonly HostApplicationBuilderSettings Development = new() { EnvironmentName = Environments.Development };

    [Fact]
    public async Task An_application_on_real_time()
    {
        var builder = Host.CreateApplicationBuilder(Development);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Mailer>();
        #region start-declare
        builder.Services.AddSaasBilling()
            .AddPlan("free", plan => plan.Name("Free").Free()
                .Feature("projects", limit: 3))
            .AddPlan("pro", plan => plan.Name("Pro")
                .Price(29m, "USD", BillingInterval.Monthly)
                .Price(290m, "USD", BillingInterval.Yearly)
                .Trial(days: 14)
                .Feature("export").Feature("projects", limit: 50))
            .AddPlan("team", plan => plan.Name("Team")
                .Price(59m, "USD", BillingInterval.Monthly)
                .Feature("export").Feature("projects", limit: 500))
            .AddHook<WelcomeMail>()
            .UseInMemory();
        #endregion
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        var signUp = new SignUp(host.Services.GetRequiredService<IBilling>());
        await signUp.RegisterAsync("acme", "owner@acme.example");

        // The worker of the host delivers on real time.
        var welcomed = await host.Services.GetRequiredService<Mailer>().First.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal("acme", welcomed);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_same_application_through_time()
    {
        await using var app = DocsApp.Start("2027-03-18 09:00", builder => Plans(builder));
        var (billing, simulator) = app;
        await new SignUp(billing).RegisterAsync("acme", "owner@acme.example");

        #region start-check
        var decision = await billing.For("acme").CheckAsync("projects", quantity: 51);
        // IsAllowed: false, Limit: 50, NextStep: Upgrade
        #endregion

        Assert.Equal((false, 50, NextStep.Upgrade), (decision.IsAllowed, decision.Limit, decision.NextStep));

        #region start-card
        var acme = billing.For("acme");
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);      // with Stripe: the token of its card form
        #endregion

        await simulator.AdvanceAsync(TimeSpan.FromDays(24));

        #region start-upgrade
        var quote = await acme.QuoteChangeAsync(new() { PlanKey = "team", Proration = Proration.AlwaysInvoice });
        // show quote.DueNow and quote.Lines; when the customer agrees:
        await acme.ChangeAsync(quote);
        #endregion

        Assert.Equal(Money.Of(20m, "USD"), quote.DueNow);

        #region start-cancel
        await acme.CancelAsync(new() { Reason = "We are done with the project" });      // access until May 1, which is paid for
        #endregion

        await simulator.AdvanceAsync(TimeSpan.FromDays(30));
        Assert.Equal(AccessReason.Canceled, (await acme.GetAccessAsync()).Reason);
        DocsPage.Shows("docs/getting-started.md", "life", await app.TimelineAsync("acme"));
    }

    [Fact]
    public async Task The_environment_Production_is_refused()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        Plans(builder.Services.AddSaasBilling()).UseInMemory();
        using var host = builder.Build();

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));

        DocsPage.Shows("docs/getting-started.md", "production", [refused.Message]);
    }

    #region start-test
    [Fact]
    public async Task An_unpaid_trial_ends_access()
    {
        var services = new ServiceCollection();
        services.AddSaasBilling()
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Trial(days: 14))
            .UseInMemory(options => options.StartAt = new(2027, 3, 18, 9, 0, 0, TimeSpan.Zero));
        await using var provider = services.BuildServiceProvider();
        var billing = provider.GetRequiredService<IBilling>();

        await billing.For("acme").StartTrialAsync("pro");
        await provider.GetRequiredService<BillingSimulator>().AdvanceAsync(TimeSpan.FromDays(14));

        Assert.False((await billing.For("acme").GetAccessAsync()).IsGranted);
    }
    #endregion

    private static ISaasBillingBuilder Plans(ISaasBillingBuilder builder) => builder
        .AddPlan("pro", plan => plan.Name("Pro").Price(29m, "USD", BillingInterval.Monthly).Trial(days: 14).Feature("export").Feature("projects", limit: 50))
        .AddPlan("team", plan => plan.Name("Team").Price(59m, "USD", BillingInterval.Monthly).Feature("export").Feature("projects", limit: 500));
}

#region start-sign-up
public sealed class SignUp(IBilling billing)
{
    public async Task RegisterAsync(string tenantId, string email)
    {
        var customer = billing.For(tenantId);       // a handle, no I/O; the id is your own
        await customer.EnsureCustomerAsync(new() { Email = email });
        await customer.StartTrialAsync("pro");
    }
}
#endregion

#region start-hook
public sealed class WelcomeMail(Mailer mailer) : ILifecycleHook<TrialStarted>
{
    public Task HandleAsync(TrialStarted billingEvent, CancellationToken cancellationToken) =>
        mailer.SendAsync(billingEvent.CustomerId, idempotencyKey: billingEvent.Id, cancellationToken);
}
#endregion

/// <summary>Stands for the application's mail.</summary>
public sealed class Mailer
{
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<string> First => _first.Task;

    public Task SendAsync(string customerId, string idempotencyKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _first.TrySetResult(customerId);
        return Task.CompletedTask;
    }
}
