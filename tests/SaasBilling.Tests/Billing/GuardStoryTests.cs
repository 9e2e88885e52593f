namespace SaasBilling.Tests.Billing;

public sealed class GuardStoryTests
{
    [Fact]
    public async Task A_guard_refuses_before_anything_reaches_the_provider()
    {
        await using var app = new BillingApp(builder => builder.AddGuard<CancelCommand>((command, _, _) =>
            ValueTask.FromResult(command.Options.Reason is null ? GuardResult.Refuse("Tell us why first.") : GuardResult.Allow)));
        await app.SubscribedAsync();

        await app.RefusedAsync(BillingErrorCode.Refused, "Tell us why first.", () => app.Acme.CancelAsync());
        await app.RefusedAsync(BillingErrorCode.Refused, "Tell us why first.", () => app.Acme.CancelAsync(new() { Reason = " " }));
        Assert.NotNull((await app.Acme.CancelAsync(new() { Reason = "Too dear" })).CancelsAt);
    }

    [Fact]
    public async Task A_refused_start_makes_no_customer()
    {
        await using var app = new BillingApp(builder => builder.AddGuard<BillingCommand>((_, _, _) => ValueTask.FromResult(GuardResult.Refuse("Closed."))));

        await app.RefusedAsync(BillingErrorCode.Refused, "Closed.", () => app.Acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa }));
        Assert.Null(await app.Acme.GetCustomerAsync());
        Assert.Equal((0, 0, 0), await app.ReconciledAsync());
    }

    [Fact]
    public async Task Guards_see_what_is_about_to_happen()
    {
        var seen = new List<BillingCommand>();
        await using var app = new BillingApp(builder => builder.AddGuard<BillingCommand>((command, _, _) =>
        {
            seen.Add(command);
            return ValueTask.FromResult(GuardResult.Allow);
        }));
        var options = new SubscribeOptions { PaymentMethodToken = TestPaymentMethods.Visa, Coupons = ["half"] };
        await app.Acme.SubscribeAsync("pro", options);
        await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team" });
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
        await app.Acme.ReactivateAsync();
        await app.Acme.ChangeAsync(await app.Acme.QuoteChangeAsync(new() { PlanKey = "pro" }));

        var trial = Assert.IsType<StartTrialCommand>(seen[0]);
        Assert.Equal(("acme", "default", "pro"), (trial.CustomerId, trial.SubscriptionName, trial.PlanKey));
        Assert.Equal((TestPaymentMethods.Visa, "half"), (trial.Options!.PaymentMethodToken, Assert.Single(trial.Options.Coupons!)));
        Assert.Equal("team", Assert.IsType<ChangeCommand>(seen[1]).Change.PlanKey);
        Assert.Equal(CancelTiming.Immediately, Assert.IsType<CancelCommand>(seen[2]).Options.Timing);
        Assert.Equal("team", Assert.IsType<SubscribeCommand>(seen[3]).PlanKey);
        Assert.Equal("pro", Assert.IsType<ChangeCommand>(seen[4]).Change.PlanKey);
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task A_command_that_is_refused_anyway_asks_no_guard()
    {
        var asked = 0;
        await using var app = new BillingApp(builder => builder.AddGuard<BillingCommand>((_, _, _) =>
        {
            asked++;
            return ValueTask.FromResult(GuardResult.Allow);
        }));
        await Assert.ThrowsAsync<BillingException>(() => app.Acme.SubscribeAsync("pro", new() { Seats = 9 }));
        await Assert.ThrowsAsync<BillingException>(() => app.Acme.CancelAsync());

        Assert.Equal(0, asked);
    }

    /// <summary>A guard that changes the customer whom it guards would wait for itself; it is told so instead.</summary>
    [Fact]
    public async Task A_guard_that_changes_its_own_customer_is_refused_and_others_it_may_change()
    {
        BillingApp? app = null;
        app = new BillingApp(builder => builder.AddGuard<SubscribeCommand>(async (_, _, token) =>
        {
            await app!.Billing.For("globex").RecordMilestoneAsync("saw-acme", token);
            Assert.Null(await app.Acme.GetSubscriptionAsync(token));
            await app.Acme.RecordMilestoneAsync("saw-itself", token);
            return GuardResult.Allow;
        }));
        await using (app)
        {
            await app.RefusedAsync(
                BillingErrorCode.InvalidState,
                "A guard cannot change customer 'acme', whose command it is checking: that would wait for itself. Change it in a life-cycle hook, which runs afterwards.",
                () => app.Acme.SubscribeAsync("free"));
            Assert.Equal(["saw-acme"], (await app.StateAsync("globex"))!.Milestones);
            await app.Acme.RecordMilestoneAsync("afterwards");
        }
    }

    [Fact]
    public async Task A_hook_may_change_its_own_customer()
    {
        BillingApp? app = null;
        app = new BillingApp(builder => builder.AddHook<TrialStarted>((started, _, token) => app!.Billing.For(started.CustomerId).RecordMilestoneAsync("welcomed", token)));
        await using (app)
        {
            await app.Acme.StartTrialAsync("pro");
            await app.Simulator.RunUntilIdleAsync();

            Assert.Equal(["welcomed"], (await app.StateAsync())!.Milestones);
        }
    }
}
