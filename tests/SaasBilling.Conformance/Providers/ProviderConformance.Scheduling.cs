using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>Changes at the period's end, pauses.</content>
public abstract partial class ProviderConformance
{
    /// <summary>B-16: a change at the period's end is shown, costs nothing, and takes place with the next period.</summary>
    [Fact]
    public async Task Change_AtPeriodEnd_WaitsAndTakesPlace()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var change = new SubscriptionChange { PlanKey = ConformanceCatalog.Solo, Timing = ChangeTiming.AtPeriodEnd };
        var request = scene.Change(subscription, change);

        var preview = await scene.PreviewAsync(subscription, request);
        var scheduled = await scene.ChangeAsync(request);
        Assert.Equal(subscription with { ScheduledChange = change }, scheduled);
        Assert.Empty(preview.Lines);
        Assert.True(preview.DueNow.IsZero);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        var changed = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((ConformanceCatalog.Solo, null), (changed.PlanKey, changed.ScheduledChange));
        Assert.Equal(["solo/usd/month"], changed.Items.Select(item => item.PriceKey));
        Assert.Equal([Usd(29), Usd(10)], (await scene.InvoicesAsync()).Select(invoice => invoice.AmountPaid));
        Assert.Equal(Usd(10), preview.NextInvoice?.Total);
    }

    /// <summary>Another interval at the period's end starts there.</summary>
    [Fact]
    public async Task Change_OfTheIntervalAtPeriodEnd_StartsThere()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var end = subscription.CurrentPeriod.End;

        await scene.ChangeAsync(subscription, new SubscriptionChange { Interval = BillingInterval.Yearly, Timing = ChangeTiming.AtPeriodEnd });
        await scene.AdvancePastRenewalAsync(subscription.Id);

        var changed = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((new BillingPeriod(end, end.AddYears(1)), BillingInterval.Yearly, end), (changed.CurrentPeriod, changed.Interval, changed.BillingCycleAnchor));
        Assert.Equal([Usd(29), Usd(290)], (await scene.InvoicesAsync()).Select(invoice => invoice.AmountPaid));
    }

    /// <summary>A change now brings anew what waits for the period's end; where that comes to what there then is, nothing waits.</summary>
    [Fact]
    public async Task Change_Now_TakesTheWaitingChangeAlong()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var waiting = scene.Change(subscription, new() { PlanKey = ConformanceCatalog.Solo, Timing = ChangeTiming.AtPeriodEnd });
        subscription = await scene.ChangeAsync(waiting);
        var now = scene.Change(subscription, new() { AddOns = new Dictionary<string, long> { [ConformanceCatalog.Support] = 1 }, Proration = Proration.None });
        var anew = waiting with { Items = [.. waiting.Items, now.Items[^1]] };

        var changed = await scene.ChangeAsync(now with { AtPeriodEnd = anew });
        Assert.Equal((ConformanceCatalog.Pro, waiting.Change), (changed.PlanKey, changed.ScheduledChange));
        await scene.AdvancePastRenewalAsync(subscription.Id);
        changed = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal(["solo/usd/month", "support/usd/month"], changed.Items.Select(item => item.PriceKey));

        await scene.ChangeAsync(scene.Change(changed, new() { PlanKey = ConformanceCatalog.Pro, Timing = ChangeTiming.AtPeriodEnd }));
        var same = scene.Change(changed, new() { PlanKey = ConformanceCatalog.Pro });
        Assert.Null((await scene.ChangeAsync(same with { AtPeriodEnd = same })).ScheduledChange);
    }

    /// <summary>A scheduled change that is dropped leaves an equal subscription, which renews as before.</summary>
    [Fact]
    public async Task DropScheduledChange_GivesBackAnEqualSubscription()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Solo, Timing = ChangeTiming.AtPeriodEnd });

        Assert.Equal(subscription, await scene.DropScheduledChangeAsync(subscription));
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal([Usd(29), Usd(29)], (await scene.InvoicesAsync()).Select(invoice => invoice.AmountPaid));
    }

    /// <summary>B-14: paused is paused, whatever the provider calls it. Periods go on, and the invoices meanwhile become what was asked for.</summary>
    [Theory]
    [InlineData(PauseBehavior.Void, InvoiceStatus.Void)]
    [InlineData(PauseBehavior.KeepAsDraft, InvoiceStatus.Draft)]
    [InlineData(PauseBehavior.MarkUncollectible, InvoiceStatus.Uncollectible)]
    public async Task Pause_CollectsNothingMeanwhile(PauseBehavior behavior, InvoiceStatus expected)
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var options = new PauseOptions { Behavior = behavior };

        var paused = await scene.PauseAsync(subscription, options);
        Assert.Equal((SubscriptionStatus.Paused, options), (paused.Status, paused.Pause));
        await scene.AdvancePastRenewalAsync(subscription.Id);

        var renewed = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Paused, StartAt.AddMonths(1)), (renewed.Status, renewed.CurrentPeriod.Start));
        Assert.Equal((expected, Usd(0)), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).AmountPaid));
        await scene.ResumeAsync(subscription);
        await scene.AdvancePastRenewalAsync(subscription.Id);
        Assert.Equal((InvoiceStatus.Paid, Usd(29)), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).AmountPaid));
        Assert.Equal(expected, (await scene.InvoicesAsync())[1].Status);
    }

    /// <summary>Resumed before anything came of it, the subscription is equal to what it was.</summary>
    [Fact]
    public async Task Resume_AfterAPause_GivesBackAnEqualSubscription()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);

        await scene.PauseAsync(subscription);
        await scene.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal(subscription, await scene.ResumeAsync(subscription));
    }

    /// <summary>A pause with an end ends by itself.</summary>
    [Fact]
    public async Task Pause_WithAnEnd_EndsByItself()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var end = scene.Now.AddDays(5);

        var paused = await scene.PauseAsync(subscription, new PauseOptions { ResumesAt = end });
        Assert.Equal(end, paused.Pause?.ResumesAt);
        await scene.AdvanceToAsync(end.AddHours(-1));
        Assert.Equal(SubscriptionStatus.Paused, (await scene.SubscriptionAsync(subscription.Id)).Status);
        await scene.AdvanceToAsync(end.AddHours(1));

        Assert.Equal(subscription, await scene.SubscriptionAsync(subscription.Id));
    }

    /// <summary>An invoice that was open before the pause keeps its collection.</summary>
    [Fact]
    public async Task Pause_WithAnOpenInvoice_GoesOnCollectingThatOne()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene);
        await scene.AddCardAsync(scene.Cards.Works);

        await scene.PauseAsync(subscription);
        Assert.NotNull((await scene.NewestInvoiceAsync()).NextPaymentAttempt);
        await scene.AdvanceAsync(TimeSpan.FromDays(4));

        Assert.Equal(InvoiceStatus.Paid, (await scene.NewestInvoiceAsync()).Status);
        Assert.Equal(SubscriptionStatus.Paused, (await scene.SubscriptionAsync(subscription.Id)).Status);
    }

    /// <summary>Resuming ends a pause and undoes a scheduled cancellation, both at once.</summary>
    [Fact]
    public async Task Resume_PausedAndScheduledToEnd_UndoesBoth()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        await scene.PauseAsync(subscription);
        await scene.CancelAsync(subscription);

        Assert.Equal(subscription, await scene.ResumeAsync(subscription));
    }

    /// <summary>A scheduled change looks at the interval when it takes place, not when it was asked for.</summary>
    [Fact]
    public async Task Change_AtPeriodEndAfterTheIntervalChangedInBetween_StartsThere()
    {
        await using var scene = await StartAsync();
        var monthly = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        var yearly = await scene.ChangeAsync(monthly, new SubscriptionChange { Interval = BillingInterval.Yearly });
        await scene.ChangeAsync(yearly, new SubscriptionChange { Interval = BillingInterval.Yearly, Timing = ChangeTiming.AtPeriodEnd });
        await scene.AdvanceAsync(TimeSpan.FromDays(10));
        var back = await scene.ChangeAsync(yearly, new SubscriptionChange { Interval = BillingInterval.Monthly });
        var end = back.CurrentPeriod.End;

        await scene.AdvancePastRenewalAsync(back.Id);

        var changed = await scene.SubscriptionAsync(back.Id);
        Assert.Equal((new BillingPeriod(end, end.AddYears(1)), BillingInterval.Yearly, end), (changed.CurrentPeriod, changed.Interval, changed.BillingCycleAnchor));
    }
}
