using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Tests.Docs;

public sealed class AccessSnippets
{
    [Fact]
    public async Task The_page_in_short()
    {
        await using var app = Start();
        var billing = app.Billing;
        await billing.For("acme").StartTrialAsync("pro");

        #region access-in-short
        var acme = billing.For("acme");
        var access = await acme.GetAccessAsync();                   // from memory once warm
        if (access.IsGranted && access.Has("export"))
        {
            Export();
        }

        var decision = await acme.CheckAsync("projects", quantity: 51);
        // IsAllowed: false, Reason: Trial, Limit: 50, NextStep: Upgrade
        #endregion

        Assert.False(decision.IsAllowed);
        Assert.Equal(AccessReason.Trial, decision.Reason);
        Assert.Equal(50, decision.Limit);
        Assert.Equal(NextStep.Upgrade, decision.NextStep);
        Assert.True(_exported);
    }

    [Fact]
    public async Task Limits_without_a_meter_are_compared_with_the_total()
    {
        await using var app = Start();
        var acme = app.Billing.For("acme");
        await acme.StartTrialAsync("pro");
        var projects = 49;

        #region check-total
        var decision = await acme.CheckAsync("projects", quantity: projects + 1);       // the total that the customer would then have
        #endregion

        Assert.True(decision.IsAllowed);
        Assert.Null(decision.Used);
        Assert.False((await acme.CheckAsync("projects", quantity: 51)).IsAllowed);
    }

    [Fact]
    public async Task Limits_with_a_meter_are_counted()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });

        #region check-meter
        await acme.RecordUsageAsync("api_calls", 990);
        var decision = await acme.CheckAsync("api_calls", quantity: 20);
        // IsAllowed: false, Limit: 1000, Used: 990, Until: the end of the period, when counting starts again
        #endregion

        Assert.Equal(new AccessDecision(false, AccessReason.Subscribed, DocsApp.At("2027-04-01 09:00"), 1000, 990, NextStep.Upgrade), decision);
        Assert.True((await acme.CheckAsync("api_calls", quantity: 10)).IsAllowed);
        await simulator.AdvanceToAsync(DocsApp.At("2027-04-01 11:00"));
        Assert.Equal(0, (await acme.CheckAsync("api_calls", quantity: 20)).Used);
    }

    [Fact]
    public async Task An_unknown_feature_is_an_error()
    {
        await using var app = Start();
        var acme = app.Billing.For("acme");
        await acme.StartTrialAsync("pro");

        var error = await Assert.ThrowsAsync<BillingException>(async () => await acme.CheckAsync("exports"));

        Assert.Equal(BillingErrorCode.UnknownFeature, error.Code);
        DocsPage.Shows("docs/access.md", "unknown-feature", [error.Message]);
    }

    [Fact]
    public async Task Several_subscriptions_add_up()
    {
        await using var app = Start();
        var billing = app.Billing;

        #region access-named
        var acme = billing.For("acme");
        await acme.SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });
        var analytics = billing.For("acme", subscription: "analytics");         // a second subscription of the same customer
        await analytics.SubscribeAsync("insights");

        var access = await acme.GetAccessAsync();                               // the union, whichever handle is asked
        #endregion

        Assert.True(access.Has("export"));
        Assert.True(access.Has("reports"));
        Assert.Same(access, await analytics.GetAccessAsync());
    }

    [Fact]
    public async Task The_page_says_what_each_state_gives()
    {
        var rows = DocsPage.Table("docs/access.md", "state", "access", "reason", "next step");
        var actual = new List<IReadOnlyList<string>>();
        foreach (var row in rows)
        {
            await using var app = Start();
            await BringAboutAsync(row[0], app.Billing.For("acme"), app.Simulator);
            var decision = await app.Billing.For("acme").CheckAsync("projects");
            actual.Add([row[0], decision.IsAllowed ? "yes" : "no", decision.Reason.ToString(), decision.NextStep.ToString()]);
        }

        Assert.Equal(actual.Select(row => string.Join(" | ", row)), rows.Select(row => string.Join(" | ", row)));
        Assert.Equal(Enum.GetNames<AccessReason>().Order(), rows.Select(row => row[2]).Distinct().Order());
    }

    private static async Task BringAboutAsync(string state, ICustomerBilling acme, BillingSimulator simulator)
    {
        var paid = new SubscribeOptions { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa };
        switch (state)
        {
            case "never subscribed":
                break;
            case "free plan":
                await acme.SubscribeAsync("free");
                break;
            case "trial, no card":
                await acme.StartTrialAsync("pro");
                break;
            case "trial, with a card":
                await acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
                break;
            case "trial over, unpaid":
                await acme.StartTrialAsync("pro");
                await simulator.AdvanceAsync(TimeSpan.FromDays(15));
                break;
            case "active":
                await acme.SubscribeAsync("pro", paid);
                break;
            case "active, cancellation scheduled":
                await acme.SubscribeAsync("pro", paid);
                await acme.CancelAsync();
                break;
            case "past due, within the grace period":
                await acme.SubscribeAsync("pro", paid);
                await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
                await simulator.AdvanceAsync(TimeSpan.FromDays(32));
                break;
            case "past due, grace period over":
                await acme.SubscribeAsync("pro", paid);
                await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
                await simulator.AdvanceAsync(TimeSpan.FromDays(40));
                break;
            case "first payment declined":
                await acme.SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.DeclinedAfterAttaching });
                break;
            case "first payment waits for the bank":
                await acme.SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.RequiresAuthentication });
                break;
            case "paused":
                await acme.SubscribeAsync("pro", paid);
                await acme.PauseAsync();
                break;
            case "canceled":
                await acme.SubscribeAsync("pro", paid);
                await acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
                break;
            default:
                Assert.Fail($"docs/access.md speaks of a state '{state}' that no test brings about.");
                break;
        }
    }

    private static DocsApp Start() => DocsApp.Start("2027-03-01 09:00", builder =>
    {
        #region access-plans
        builder
            .AddMeter("api_calls")
            .AddPlan("free", plan => plan.Free().Feature("projects", limit: 3))
            .AddPlan("pro", plan => plan
                .Price(29m, "USD", BillingInterval.Monthly)
                .Trial(days: 14)
                .Feature("export")                          // on
                .Feature("projects", limit: 50)             // a limit on a total that your application knows
                .Feature("api_calls", limit: 1000))         // a limit on what the meter of the same key counted in the period
            .AddPlan("insights", plan => plan
                .Price(19m, "USD", BillingInterval.Monthly)
                .Feature("reports"));
        #endregion
    });

    private bool _exported;

    private void Export() => _exported = true;
}
