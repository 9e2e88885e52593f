namespace SaasBilling.Tests.Billing;

public sealed class UsageAndAccessStoryTests
{
    [Fact]
    public async Task Usage_is_billed_in_arrears()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("api");
        await app.Acme.RecordUsageAsync("api_calls", 250);
        await app.DaysAsync(5);
        await app.Acme.RecordUsageAsync("api_calls", 50.5m, at: BillingApp.Start.AddDays(2));
        await app.DaysAsync(27);

        Assert.Equal(Money.Of(23.01m, "USD"), (await app.Acme.GetInvoicesAsync())[0].AmountPaid);
    }

    [Fact]
    public async Task Usage_with_a_key_counts_once_and_without_one_every_time()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("api");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => app.Acme.RecordUsageAsync("api_calls", 100, "batch-7"))));
        Assert.Equal(100, (await app.Acme.CheckAsync("api_calls", 0)).Used);
        await app.Acme.RecordUsageAsync("api_calls", 1);
        await app.Acme.RecordUsageAsync("api_calls", 1);

        Assert.Equal(102, (await app.Acme.CheckAsync("api_calls", 0)).Used);
        Assert.Equal(Money.Of(21.02m, "USD"), (await app.Acme.PreviewNextInvoiceAsync())!.Total);
    }

    [Fact]
    public async Task A_metered_feature_is_allowed_up_to_its_limit_and_begins_anew_with_the_period()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("api");
        await app.Acme.RecordUsageAsync("api_calls", 990);

        Assert.Equal(new AccessDecision(true, AccessReason.Subscribed, null, 1_000, 990, NextStep.None), await app.Acme.CheckAsync("api_calls", 10));
        var refused = await app.Acme.CheckAsync("api_calls", 11);
        Assert.Equal((false, 1_000, 990, NextStep.Upgrade), (refused.IsAllowed, refused.Limit, refused.Used, refused.NextStep));

        await app.Acme.RecordUsageAsync("api_calls", 10);
        Assert.Single(await app.HistoryAsync(), "UsageLimitReached");
        await app.DaysAsync(31);
        Assert.Equal((true, 0), await app.Acme.CheckAsync("api_calls", 1_000) is var anew ? (anew.IsAllowed, anew.Used) : default);
    }

    [Fact]
    public async Task Without_a_meter_the_quantity_is_the_total()
    {
        await using var app = new BillingApp(builder => builder.AddPlan("plain", plan => plan.Price(1m, "USD", BillingInterval.Monthly).Feature("members", limit: 5)));
        await app.SubscribedAsync("plain");

        Assert.True((await app.Acme.CheckAsync("members", 5)).IsAllowed);
        Assert.Equal(new AccessDecision(false, AccessReason.Subscribed, null, 5, null, NextStep.Upgrade), await app.Acme.CheckAsync("members", 6));
        Assert.False((await app.Acme.CheckAsync("members", long.MaxValue)).IsAllowed);
    }

    [Fact]
    public async Task A_feature_that_the_catalogue_does_not_know_is_never_a_silent_no()
    {
        await using var app = new BillingApp();
        const string Message = "There is no feature 'exprot'. Use one of these features, or declare it on a plan: 'api_calls', 'export', 'projects', 'seats_report', 'sso'.";
        await app.RefusedAsync(BillingErrorCode.UnknownFeature, Message, async () => await app.Acme.CheckAsync("exprot"));
        await app.SubscribedAsync();
        await app.RefusedAsync(BillingErrorCode.UnknownFeature, Message, async () => (await app.Acme.GetAccessAsync()).Has("exprot"));
    }

    [Fact]
    public async Task Access_of_somebody_unknown_is_no_subscription_and_costs_no_memory()
    {
        await using var app = new BillingApp();
        for (var i = 0; i < 100; i++)
        {
            var access = await app.Billing.For($"nobody-{i}").GetAccessAsync();
            Assert.Equal((false, AccessReason.NoSubscription, null), (access.IsGranted, access.Reason, access.PlanKey));
            Assert.False(access.Has("export"));
            Assert.Equal(NextStep.Subscribe, (await app.Billing.For($"nobody-{i}").CheckAsync("export")).NextStep);
        }

        Assert.Equal(0, app.Cache.Count);
    }

    [Fact]
    public async Task Every_commit_replaces_the_cached_answer()
    {
        await using var app = new BillingApp();
        Assert.False((await app.Acme.GetAccessAsync()).IsGranted);
        await app.SubscribedAsync();
        Assert.True((await app.Acme.GetAccessAsync()).Has("export"));
        Assert.Same(await app.Acme.GetAccessAsync(), await app.Billing.For("acme").GetAccessAsync());
        await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team" });
        Assert.True((await app.Acme.GetAccessAsync()).Has("sso"));
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
        Assert.False((await app.Acme.GetAccessAsync()).Has("sso"));
    }

    [Fact]
    public async Task A_grace_period_ends_by_the_passing_of_time_alone()
    {
        await using var app = new BillingApp(engine: memory => memory.PaymentRetries = [TimeSpan.FromDays(30)]);
        await app.SubscribedAsync();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await app.DaysAsync(31);
        await app.HoursAsync(1);
        var grace = await app.Acme.GetAccessAsync();
        Assert.Equal((true, AccessReason.GracePeriod, app.Now.AddDays(7)), (grace.IsGranted, grace.Reason, grace.Until));

        await app.DaysAsync(7);
        Assert.Equal((false, AccessReason.PaymentFailed), await app.Acme.GetAccessAsync() is var after ? (after.IsGranted, after.Reason) : default);
        Assert.Equal(NextStep.UpdatePaymentMethod, (await app.Acme.CheckAsync("export")).NextStep);
        Assert.Single(await app.HistoryAsync(), "AccessRestricted");
    }

    [Fact]
    public async Task A_warm_check_of_access_allocates_nothing()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var acme = app.Acme;
        Assert.True((await acme.GetAccessAsync()).Has("export"));

        Assert.Equal(0, Allocations.Of(() =>
        {
            var access = acme.GetAccessAsync();
            if (!access.IsCompletedSuccessfully || !access.GetAwaiter().GetResult().Has("export"))
                throw new InvalidOperationException("The check was not answered from memory.");
        }));
    }

    [Fact]
    public async Task Usage_for_nobodys_subscription_is_refused()
    {
        await using var app = new BillingApp();
        await app.RefusedAsync(
            BillingErrorCode.NotSubscribed,
            "Customer 'acme' has no subscription that this usage could count for. Begin with SubscribeAsync or StartTrialAsync.",
            () => app.Acme.RecordUsageAsync("api_calls", 1));
    }

    [Fact]
    public async Task Usage_of_a_closed_period_is_taken_until_its_invoice_is_finalized()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("api");
        var end = BillingApp.Start.AddMonths(1);
        await app.Simulator.AdvanceToAsync(end.AddMinutes(30));
        await app.Acme.RecordUsageAsync("api_calls", 100, at: end.AddMinutes(-1));
        await app.Simulator.AdvanceToAsync(end.AddHours(1));
        Assert.Equal(Money.Of(21m, "USD"), (await app.Acme.GetInvoicesAsync())[0].AmountPaid);

        await app.RefusedAsync(
            BillingErrorCode.InvalidArgument,
            "Usage of 'api_calls' at 2026-01-31 23:59:00Z comes too late: the invoice of that period is finalized. Record usage from 2026-02-01 00:00:00Z on, or add a one-off charge.",
            () => app.Acme.RecordUsageAsync("api_calls", 100, at: end.AddMinutes(-1)));
    }
}
