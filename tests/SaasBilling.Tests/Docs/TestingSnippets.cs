using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace SaasBilling.Tests.Docs;

public sealed class TestingSnippets
{
    [Fact]
    public async Task Time_is_moved_by_the_simulator()
    {
        var services = new ServiceCollection();
        #region test-setup
        services.AddSaasBilling()
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Trial(days: 14).Feature("projects", limit: 50))
            .UseInMemory(options => options.StartAt = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
        await using var provider = services.BuildServiceProvider();
        var billing = provider.GetRequiredService<IBilling>();
        var simulator = provider.GetRequiredService<BillingSimulator>();
        #endregion

        #region test-time
        await billing.For("acme").StartTrialAsync("pro");
        await simulator.AdvanceAsync(TimeSpan.FromDays(11));                                // TrialEnding was raised, and its hooks have run
        await simulator.AdvanceToAsync(new(2027, 3, 15, 9, 0, 0, TimeSpan.Zero));           // no card: TrialExpired, AccessRestricted
        Assert.False((await billing.For("acme").GetAccessAsync()).IsGranted);
        #endregion

        Assert.Equal(DocsApp.At("2027-03-15 09:00"), simulator.Now);
        await Assert.ThrowsAnyAsync<Exception>(() => simulator.AdvanceToAsync(DocsApp.At("2027-03-14 09:00")));
    }

    [Fact]
    public async Task The_bank_is_answered_by_the_simulator()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.RequiresAuthentication });

        #region test-answer
        await simulator.AnswerPaymentActionAsync("acme", authenticate: false);      // the customer says no to the bank
        #endregion

        Assert.Equal(SubscriptionStatus.Incomplete, (await acme.GetSubscriptionAsync())?.Status);
        Assert.False((await acme.GetAccessAsync()).IsGranted);
    }

    [Fact]
    public async Task A_checkout_is_filled_in_by_the_simulator()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");

        #region test-checkout
        var session = await acme.CreateCheckoutAsync("pro", new()
        {
            SuccessUrl = new("https://app.example/billing/done"),
            CancelUrl = new("https://app.example/pricing"),
        });
        await simulator.SubmitCheckoutAsync(session.Id, TestPaymentMethods.Visa);       // the customer fills in the card form
        var subscription = await acme.CompleteCheckoutAsync(session.Id);                // what your success page calls
        #endregion

        Assert.Equal(SubscriptionStatus.Trialing, subscription?.Status);
        Assert.Single(await acme.GetPaymentMethodsAsync());
        Assert.Equal(subscription, await acme.CompleteCheckoutAsync(session.Id));
    }

    [Fact]
    public async Task A_year_takes_no_time()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });

        #region test-year
        await simulator.AdvanceToAsync(simulator.Now.AddYears(1));
        Assert.Equal(12, (await acme.GetHistoryAsync()).OfType<SubscriptionRenewed>().Count());
        #endregion
    }

    [Fact]
    public async Task The_application_can_follow_simulated_time()
    {
        var services = new ServiceCollection();
        #region test-time-provider
        services.AddSaasBilling()
            .AddPlan("free", plan => plan.Free())
            .UseInMemory(options => options.StartAt = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
        services.AddSingleton(provider => new Greeting(provider.GetRequiredService<BillingSimulator>().TimeProvider));
        #endregion
        await using var app = new DocsApp(services);

        Assert.Equal("Good morning", app.Services.GetRequiredService<Greeting>().Text);
        await app.Simulator.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Equal("Good evening", app.Services.GetRequiredService<Greeting>().Text);
    }

    #region test-moq
    [Fact]
    public async Task The_export_is_refused_without_access()
    {
        var acme = new Mock<ICustomerBilling>();
        acme.Setup(customer => customer.CheckAsync("export", 1, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new AccessDecision(false, AccessReason.TrialExpired, null, null, null, NextStep.Subscribe));
        var billing = new Mock<IBilling>();
        billing.Setup(b => b.For("acme", "default")).Returns(acme.Object);

        var answer = await new ExportEndpoint(billing.Object).ExportAsync("acme");

        Assert.Equal("402: Subscribe", answer);
    }
    #endregion

    [Fact]
    public void The_page_names_every_test_card()
    {
        var cards = typeof(TestPaymentMethods).GetFields().Select(field => (field.Name, (string)field.GetRawConstantValue()!));
        var rows = DocsPage.Table("docs/testing.md", "`TestPaymentMethods`".Trim('`'), "token", "number ends in", "what it does");

        Assert.Equal(cards.Order(), rows.Select(row => (row[0], row[1])).Order());
    }

    private static DocsApp Start() => DocsApp.Start("2027-03-01 09:00", builder => builder
        .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Trial(days: 14).Feature("projects", limit: 50)));
}

#region test-moq-subject
public sealed class ExportEndpoint(IBilling billing)
{
    public async Task<string> ExportAsync(string tenantId)
    {
        var decision = await billing.For(tenantId).CheckAsync("export");
        return decision.IsAllowed ? "200: here you are" : $"402: {decision.NextStep}";
    }
}
#endregion

/// <summary>Some code of the application that asks for the time.</summary>
internal sealed class Greeting(TimeProvider time)
{
    public string Text => time.GetUtcNow().Hour < 12 ? "Good morning" : "Good evening";
}
