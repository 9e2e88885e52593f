namespace SaasBilling.Tests.Billing;

public sealed class CancelAndPauseStoryTests
{
    [Fact]
    public async Task Canceling_at_the_periods_end_and_resuming_gives_an_equal_subscription()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync();
        await app.DaysAsync(3);
        var canceled = await app.Acme.CancelAsync(new() { Reason = "Too dear" });
        Assert.Equal((SubscriptionStatus.Active, before.CurrentPeriod.End, app.Now, "Too dear"), (canceled.Status, canceled.CancelsAt, canceled.CanceledAt, canceled.CancellationReason));
        var access = await app.Acme.GetAccessAsync();
        Assert.Equal((true, before.CurrentPeriod.End), (access.IsGranted, access.Until));

        Assert.Equal(before, await app.Acme.ResumeAsync());
        Assert.Equal(["CancellationScheduled", "CancellationUndone"], (await app.HistoryAsync()).TakeLast(2));
    }

    [Fact]
    public async Task Access_ends_with_the_period()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync();
        await app.Acme.CancelAsync();
        await app.Simulator.AdvanceToAsync(before.CurrentPeriod.End.AddSeconds(-1));
        Assert.True((await app.Acme.GetAccessAsync()).IsGranted);
        await app.Simulator.AdvanceAsync(TimeSpan.FromSeconds(1));

        var access = await app.Acme.GetAccessAsync();
        Assert.Equal((false, AccessReason.Canceled), (access.IsGranted, access.Reason));
        Assert.Equal(NextStep.Reactivate, (await app.Acme.CheckAsync("export")).NextStep);
        Assert.Equal(before.CurrentPeriod.End, (await app.Acme.GetSubscriptionAsync())!.EndedAt);
    }

    [Fact]
    public async Task Canceling_now_with_proration_gives_the_unused_time_back_as_credit()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Simulator.AdvanceToAsync(BillingApp.Start.AddDays(15.5));
        var ended = await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately, Prorate = true });

        Assert.Equal((SubscriptionStatus.Canceled, app.Now), (ended.Status, ended.EndedAt));
        Assert.Equal(Money.Of(14.50m, "USD"), (await app.Acme.GetCustomerAsync())!.CreditBalance);
    }

    [Fact]
    public async Task Canceling_at_a_date_ends_it_then()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var at = BillingApp.Start.AddDays(40).AddHours(7);
        Assert.Equal(at, (await app.Acme.CancelAsync(new() { At = at })).CancelsAt);
        await app.DaysAsync(60);

        Assert.Equal(at, (await app.Acme.GetSubscriptionAsync())!.EndedAt);
    }

    /// <summary>B-10: a reason that comes late is taken.</summary>
    [Fact]
    public async Task A_late_reason_is_taken_and_the_same_cancellation_again_changes_nothing()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var first = await app.Acme.CancelAsync();
        var state = await app.StateAsync();
        Assert.Equal(first, await app.Acme.CancelAsync(new() { Reason = "  " }));
        Assert.Same(state, await app.StateAsync());

        var second = await app.Acme.CancelAsync(new() { Reason = "Moving away" });
        Assert.Equal((first.CancelsAt, "Moving away"), (second.CancelsAt, second.CancellationReason));
        Assert.Equal("Moving away", (await app.Acme.CancelAsync()).CancellationReason);
        Assert.Single(await app.HistoryAsync(), "CancellationScheduled");
    }

    [Theory]
    [InlineData(true, 14.50)]
    [InlineData(false, 0)]
    public async Task Canceling_again_at_the_same_date_what_is_said_last_of_the_credit_counts(bool prorate, double credit)
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var at = BillingApp.Start.AddDays(15.5);
        await app.Acme.CancelAsync(new() { At = at, Prorate = !prorate });
        var again = await app.Acme.CancelAsync(new() { At = at, Prorate = prorate });
        var state = await app.StateAsync();
        Assert.Equal(again, await app.Acme.CancelAsync(new() { At = at, Prorate = prorate }));
        Assert.Same(state, await app.StateAsync());
        await app.DaysAsync(20);

        Assert.Equal(prorate, again.CancelProrates);
        Assert.Equal((decimal)credit, (await app.Acme.GetCustomerAsync())!.CreditBalance?.Amount ?? 0);
        Assert.Single(await app.HistoryAsync(), "CancellationScheduled");
    }

    [Fact]
    public async Task Reactivating_gives_the_same_plan_again_as_a_new_subscription()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync("team", options: new() { Seats = 6, Interval = BillingInterval.Yearly });
        await app.DaysAsync(10);
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
        await app.DaysAsync(10);
        var again = await app.Acme.ReactivateAsync();

        Assert.NotEqual(before.Id, again.Id);
        Assert.Equal((before.PlanKey, before.Interval, before.Currency, 6, app.Now), (again.PlanKey, again.Interval, again.Currency, again.Items[0].Quantity, again.CurrentPeriod.Start));
        Assert.Equal(SubscriptionStatus.Active, again.Status);
        Assert.Contains("SubscriptionReactivated", await app.HistoryAsync());
        Assert.True((await app.Acme.GetAccessAsync()).IsGranted);
    }

    [Fact]
    public async Task What_is_set_when_reactivating_is_different_and_the_rest_as_before()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("team", options: new() { Seats = 6, AddOns = new Dictionary<string, long> { ["storage"] = 2 } });
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
        var again = await app.Acme.ReactivateAsync(new() { Coupons = ["half"] });
        Assert.Equal([("team/seat/usd/month", 6L), ("storage/usd/month", 2L)], again.Items.Select(item => (item.PriceKey, item.Quantity)));

        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
        var fewer = await app.Acme.ReactivateAsync(new() { Seats = 1, AddOns = new Dictionary<string, long>() });
        Assert.Equal([("team/seat/usd/month", 1L)], fewer.Items.Select(item => (item.PriceKey, item.Quantity)));
    }

    [Fact]
    public async Task Reactivating_gives_no_new_trial()
    {
        await using var app = new BillingApp(options: billing => billing.OneTrialPerCustomer = false);
        await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });

        Assert.Equal(SubscriptionStatus.Active, (await app.Acme.ReactivateAsync()).Status);
    }

    [Fact]
    public async Task Reactivating_is_refused_where_nothing_ended()
    {
        await using var app = new BillingApp();
        await app.RefusedAsync(
            BillingErrorCode.NotSubscribed,
            "Customer 'acme' never had a subscription 'default'. Begin with SubscribeAsync, StartTrialAsync or CreateCheckoutAsync.",
            () => app.Acme.ReactivateAsync());
        await app.SubscribedAsync();
        await app.RefusedAsync(
            BillingErrorCode.AlreadySubscribed,
            "Customer 'acme' already has a subscription 'default', to plan 'pro', which is Active. Change it with ChangeAsync, or give the second one another name: billing.For(\"acme\", \"another-name\").",
            () => app.Acme.ReactivateAsync());
    }

    /// <summary>B-14: paused is a state of ours, without access; and its undo gives an equal subscription.</summary>
    [Fact]
    public async Task Pausing_and_resuming_gives_an_equal_subscription()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync();
        await app.DaysAsync(3);
        var paused = await app.Acme.PauseAsync();
        Assert.Equal(SubscriptionStatus.Paused, paused.Status);
        var access = await app.Acme.GetAccessAsync();
        Assert.Equal((false, AccessReason.Paused), (access.IsGranted, access.Reason));

        Assert.Equal(before, await app.Acme.ResumeAsync());
        Assert.True((await app.Acme.GetAccessAsync()).IsGranted);
        Assert.Equal(["SubscriptionPaused", "AccessRestricted", "SubscriptionResumed", "AccessGranted"], (await app.HistoryAsync()).TakeLast(4));
    }

    [Theory]
    [InlineData(PauseBehavior.Void, InvoiceStatus.Void)]
    [InlineData(PauseBehavior.KeepAsDraft, InvoiceStatus.Draft)]
    [InlineData(PauseBehavior.MarkUncollectible, InvoiceStatus.Uncollectible)]
    public async Task Invoices_of_a_pause_become_what_was_asked_for(PauseBehavior behavior, InvoiceStatus status)
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Acme.PauseAsync(new() { Behavior = behavior });
        await app.DaysAsync(32);

        Assert.Equal(status, (await app.Acme.GetInvoicesAsync())[0].Status);
        Assert.Equal(SubscriptionStatus.Paused, (await app.Acme.GetSubscriptionAsync())!.Status);
    }

    [Fact]
    public async Task A_pause_with_an_end_ends_by_itself()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Acme.PauseAsync(new() { ResumesAt = BillingApp.Start.AddDays(10) });
        await app.DaysAsync(10);

        Assert.Equal(SubscriptionStatus.Active, (await app.Acme.GetSubscriptionAsync())!.Status);
        Assert.True((await app.Acme.GetAccessAsync()).IsGranted);
    }

    [Fact]
    public async Task Resume_undoes_a_pause_and_a_cancellation_together()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync();
        await app.Acme.PauseAsync();
        await app.Acme.CancelAsync();

        Assert.Equal(before, await app.Acme.ResumeAsync());
    }

    [Fact]
    public async Task Resume_with_nothing_to_undo_is_refused()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();

        await app.RefusedAsync(
            BillingErrorCode.InvalidState,
            "Subscription 'default' of customer 'acme' is neither paused nor about to be canceled. There is nothing to resume.",
            () => app.Acme.ResumeAsync());
    }

    [Fact]
    public async Task Pausing_again_in_the_same_way_changes_nothing()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var paused = await app.Acme.PauseAsync(new() { ResumesAt = BillingApp.Start.AddDays(10) });
        var state = await app.StateAsync();

        Assert.Equal(paused, await app.Acme.PauseAsync(new() { ResumesAt = BillingApp.Start.AddDays(10) }));
        Assert.Same(state, await app.StateAsync());
        Assert.Null((await app.Acme.PauseAsync()).Pause!.ResumesAt);
    }

    [Fact]
    public async Task What_has_ended_takes_no_more_commands()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
        const string Message = "Customer 'acme' has no live subscription 'default': it is Canceled since 2026-01-01 00:00:00Z. Begin again with ReactivateAsync or SubscribeAsync.";
        Func<Task>[] commands =
        [
            () => app.Acme.CancelAsync(),
            () => app.Acme.ResumeAsync(),
            () => app.Acme.PauseAsync(),
            () => app.Acme.EndTrialAsync(),
            () => app.Acme.ExtendTrialAsync(app.Now.AddDays(1)),
            () => app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team" }),
            () => app.Acme.QuoteChangeAsync(new SubscriptionChange { PlanKey = "team" }),
            () => app.Acme.UndoScheduledChangeAsync(),
            () => app.Acme.ApplyCouponAsync("half"),
            () => app.Acme.RemoveCouponAsync("half"),
        ];

        foreach (var command in commands)
            await app.RefusedAsync(BillingErrorCode.NotSubscribed, Message, command);
    }

    [Fact]
    public async Task Before_the_first_payment_only_another_try_or_an_end_is_possible()
    {
        await using var app = new BillingApp();
        var waiting = await app.Acme.SubscribeAsync("team");
        var message = $"The first payment of subscription 'default' of customer 'acme' waits on the customer. Have invoice '{waiting.PendingPayment!.InvoiceId}' paid first, or call SubscribeAsync again, which replaces it.";
        Func<Task>[] commands =
        [
            () => app.Acme.ResumeAsync(),
            () => app.Acme.PauseAsync(),
            () => app.Acme.EndTrialAsync(),
            () => app.Acme.ExtendTrialAsync(app.Now.AddDays(1)),
            () => app.Acme.ChangeAsync(new SubscriptionChange { Seats = 3 }),
            () => app.Acme.QuoteChangeAsync(new SubscriptionChange { Seats = 3 }),
            () => app.Acme.ApplyCouponAsync("half"),
        ];
        foreach (var command in commands)
            await app.RefusedAsync(BillingErrorCode.InvalidState, message, command);

        await app.RefusedAsync(
            BillingErrorCode.InvalidState,
            "Subscription 'default' of customer 'acme' is Incomplete, and no period of it is running out. Cancel it with Timing = CancelTiming.Immediately.",
            () => app.Acme.CancelAsync());
        Assert.False((await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately })).IsLive);
    }
}
