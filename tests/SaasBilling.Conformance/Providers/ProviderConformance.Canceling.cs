using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>Cancellations.</content>
public abstract partial class ProviderConformance
{
    /// <summary>B-10: at the period's end it goes on until then, with one field that says when; then it is over, and is not renewed.</summary>
    [Fact]
    public async Task Cancel_AtPeriodEnd_EndsThere()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var end = subscription.CurrentPeriod.End;

        var scheduled = await scene.CancelAsync(subscription, new CancelOptions { Reason = "too expensive" });
        Assert.Equal(subscription with { CancelsAt = end, CanceledAt = scene.Now, CancellationReason = "too expensive" }, scheduled);
        await scene.AdvanceToAsync(end.AddDays(40));

        var ended = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Canceled, end, scheduled.CanceledAt, "too expensive"), (ended.Status, ended.EndedAt, ended.CanceledAt, ended.CancellationReason));
        Assert.Equal(subscription.CurrentPeriod, ended.CurrentPeriod);
        Assert.Single(await scene.InvoicesAsync());
    }

    /// <summary>Undone before its end, the subscription is equal to what it was, and renews.</summary>
    [Fact]
    public async Task Resume_AfterAScheduledCancellation_GivesBackAnEqualSubscription()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        await scene.CancelAsync(subscription, new CancelOptions { Reason = "not sure" });
        await scene.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Equal(subscription, await scene.ResumeAsync(subscription));
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(InvoiceStatus.Paid, (await scene.NewestInvoiceAsync()).Status);
        Assert.Equal(2, (await scene.InvoicesAsync()).Count);
    }

    /// <summary>Pending prorations and the period's usage are billed on a last invoice at its end.</summary>
    [Fact]
    public async Task Cancel_AtPeriodEnd_BillsWhatIsPendingAtTheEnd()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Metered);
        await scene.RecordUsageAsync(200);
        await scene.CancelAsync(subscription);

        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(SubscriptionStatus.Canceled, (await scene.SubscriptionAsync(subscription.Id)).Status);
        Assert.Equal([Usd(5), Usd(2)], (await scene.InvoicesAsync()).Select(invoice => invoice.AmountPaid));
    }

    /// <summary>At a date inside the period it ends there; with prorate the time that was cut off goes to the balance then.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 10.29)]
    public async Task Cancel_AtADateInThePeriod_EndsThere(bool prorate, double credit)
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var at = StartAt.AddDays(20);

        var scheduled = await scene.CancelAsync(subscription, new CancelOptions { At = at, Prorate = prorate });
        Assert.Equal((SubscriptionStatus.Active, at), (scheduled.Status, scheduled.CancelsAt));
        await scene.AdvanceToAsync(at.AddHours(-1));
        Assert.True((await scene.BalanceAsync() ?? Usd(0)).IsZero);
        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
        await scene.AdvanceToAsync(at.AddHours(2));

        Assert.Equal((SubscriptionStatus.Canceled, at), ((await scene.SubscriptionAsync(subscription.Id)).Status, (await scene.SubscriptionAsync(subscription.Id)).EndedAt));
        Assert.Equal(Usd((decimal)credit), await scene.BalanceAsync() ?? Usd(0));
    }

    /// <summary>At a date in a later period it renews until then.</summary>
    [Fact]
    public async Task Cancel_AtADateInALaterPeriod_RenewsUntilThen()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var at = StartAt.AddMonths(1).AddDays(15);

        await scene.CancelAsync(subscription, new CancelOptions { At = at });
        await scene.AdvanceToAsync(at.AddDays(40));

        Assert.Equal((SubscriptionStatus.Canceled, at), ((await scene.SubscriptionAsync(subscription.Id)).Status, (await scene.SubscriptionAsync(subscription.Id)).EndedAt));
        Assert.Equal([Usd(29), Usd(29)], (await scene.InvoicesAsync()).Select(invoice => invoice.AmountPaid));
    }

    /// <summary>Now: over at once; with prorate the unused time goes to the balance, without it nothing does.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 19.65)]
    public async Task Cancel_Now_EndsAtOnce(bool prorate, double credit)
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);

        var ended = await scene.CancelAsync(subscription, new CancelOptions { Timing = CancelTiming.Immediately, Prorate = prorate, Reason = "done" });

        Assert.Equal((SubscriptionStatus.Canceled, scene.Now, scene.Now, "done"), (ended.Status, ended.EndedAt, ended.CanceledAt, ended.CancellationReason));
        Assert.Equal(Usd((decimal)credit), await scene.BalanceAsync() ?? Usd(0));
        await scene.AdvanceAsync(TimeSpan.FromDays(60));
        Assert.Equal(ended, await scene.SubscriptionAsync(subscription.Id));
        Assert.Equal(Usd(29), Assert.Single(await scene.PayableInvoicesAsync(), invoice => invoice.Total.IsPositive).AmountPaid);
    }

    /// <summary>Now, with an invoice: pending lines and unbilled usage are charged at once.</summary>
    [Fact]
    public async Task Cancel_NowAndInvoiced_ChargesWhatIsPending()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Metered);
        await scene.AdvanceAsync(TimeSpan.FromDays(DaysBeforeTheChange));
        await scene.RecordUsageAsync(300);
        await scene.AddChargeAsync(Usd(4), "Onboarding", subscription);

        await scene.CancelAsync(subscription, new CancelOptions { Timing = CancelTiming.Immediately, InvoiceNow = true });

        var final = await scene.NewestInvoiceAsync();
        Assert.Equal((InvoiceStatus.Paid, Usd(7), scene.Now), (final.Status, final.AmountPaid, final.PaidAt));
        Assert.Empty((await scene.ReadAsync()).PendingCharges ?? []);
    }

    /// <summary>Now, without an invoice: prorations and usage are dropped, a one-off charge stays with the customer.</summary>
    [Fact]
    public async Task Cancel_NowWithoutAnInvoice_DropsProrationsAndUsageButKeepsCharges()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Metered);
        await scene.AdvanceAsync(TimeSpan.FromDays(DaysBeforeTheChange));
        await scene.ChangeAsync(subscription, new SubscriptionChange { AddOns = new Dictionary<string, long> { [ConformanceCatalog.Support] = 1 } });
        await scene.RecordUsageAsync(300);
        var charge = await scene.AddChargeAsync(Usd(4), "Onboarding", subscription);

        await scene.CancelAsync(subscription, new CancelOptions { Timing = CancelTiming.Immediately });

        Assert.Equal([Usd(5)], (await scene.InvoicesAsync()).Select(invoice => invoice.Total));
        Assert.Equal([charge.Id], (await scene.ReadAsync()).PendingCharges?.Select(pending => pending.Id));
        await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Solo));
        Assert.Equal(Usd(14), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>Open invoices of an ended subscription are no longer collected; they can be paid by hand, which revives nothing.</summary>
    [Fact]
    public async Task Cancel_NowWithAnOpenInvoice_StopsCollectingItButLetsItBePaid()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene);

        var ended = await scene.CancelAsync(subscription, new CancelOptions { Timing = CancelTiming.Immediately });
        Assert.Equal((InvoiceStatus.Open, null), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).NextPaymentAttempt));
        await scene.AddCardAsync(scene.Cards.Works);
        await scene.AdvanceAsync(TimeSpan.FromDays(20));
        Assert.Equal(InvoiceStatus.Open, (await scene.NewestInvoiceAsync()).Status);
        var paid = await scene.ActAsync(await scene.NewestInvoiceAsync(), InvoiceAction.Pay);

        Assert.Equal((InvoiceStatus.Paid, Usd(29)), (paid.Status, paid.AmountPaid));
        Assert.Equal((SubscriptionStatus.Canceled, ended.EndedAt), ((await scene.SubscriptionAsync(subscription.Id)).Status, (await scene.SubscriptionAsync(subscription.Id)).EndedAt));
    }

    /// <summary>Coming back is a new subscription of the same name.</summary>
    [Fact]
    public async Task CreateSubscription_AfterACancellation_IsANewOne()
    {
        await using var scene = await StartAsync();
        var first = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var ended = await scene.CancelAsync(first, new CancelOptions { Timing = CancelTiming.Immediately });

        var second = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro));

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal((SubscriptionStatus.Active, scene.Now), (second.Status, second.CurrentPeriod.Start));
        Assert.Equal(ended, await scene.SubscriptionAsync(first.Id));
    }

    /// <summary>The credit for unused time does not ask whether the period was paid: earlier invoices are taken to be paid in the end.</summary>
    [Fact]
    public async Task Cancel_NowWithProrateWhilePastDue_CreditsAllTheSame()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene);
        await scene.AdvanceToAsync(StartAt.AddMonths(1).AddDays(3));

        await scene.CancelAsync(subscription, new CancelOptions { Timing = CancelTiming.Immediately, Prorate = true });

        // 27 of the 30 days of April.
        Assert.Equal(Usd(26.10m), await scene.BalanceAsync());
        Assert.Equal(InvoiceStatus.Open, (await scene.NewestInvoiceAsync()).Status);
    }

    /// <summary>A voided invoice is never paid: nothing of its time is given back.</summary>
    [Fact]
    public async Task Cancel_NowWithProrateAfterTheInvoiceWasVoided_CreditsNothing()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene);
        await scene.ActAsync(await scene.NewestInvoiceAsync(), InvoiceAction.Void);
        await scene.AdvanceToAsync(StartAt.AddMonths(1).AddDays(3));

        await scene.CancelAsync(subscription, new CancelOptions { Timing = CancelTiming.Immediately, Prorate = true });

        Assert.True((await scene.BalanceAsync() ?? Usd(0)).IsZero);
    }

    /// <summary>Asked for again at the same date, what is said last of the credit counts.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 10.29)]
    public async Task Cancel_AgainAtTheSameDate_CreditsAsWasSaidLast(bool prorate, double credit)
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var at = StartAt.AddDays(20);

        var first = await scene.CancelAsync(subscription, new CancelOptions { At = at, Prorate = !prorate });
        var second = await scene.CancelAsync(subscription, new CancelOptions { At = at, Prorate = prorate });
        await scene.AdvanceToAsync(at.AddHours(2));

        Assert.Equal((!prorate, prorate), (first.CancelProrates, second.CancelProrates));
        Assert.Equal(Usd((decimal)credit), await scene.BalanceAsync() ?? Usd(0));
    }

    /// <summary>An ended subscription never lives again: nothing can be done with it, and nothing happens to it.</summary>
    [Fact]
    public async Task EndedSubscription_IsTerminal()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        await scene.CancelAsync(subscription, new CancelOptions { Timing = CancelTiming.Immediately });
        var before = await scene.FactsAsync();

        await RefusedAsync(() => scene.ResumeAsync(subscription));
        await RefusedAsync(() => scene.CancelAsync(subscription));
        await RefusedAsync(() => scene.PauseAsync(subscription));
        await RefusedAsync(() => scene.SetTrialEndAsync(subscription, scene.Now.AddDays(5)));
        await RefusedAsync(() => scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Solo }));
        await RefusedAsync(() => scene.ApplyCouponAsync(subscription, ConformanceCatalog.FiveForever));

        Facts.AssertEqual(before, await scene.FactsAsync());
    }

    /// <summary>A draft that outlived its subscription can be finalized and charged by hand; declined, it is not tried again.</summary>
    [Fact]
    public async Task Cancel_NowWithADraft_LeavesItToBeFinalizedByHandOnly()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        await scene.AddCardAsync(scene.Cards.Declines);
        await scene.AdvanceToAsync(subscription.CurrentPeriod.End.AddMinutes(5));
        await scene.CancelAsync(subscription, new CancelOptions { Timing = CancelTiming.Immediately });
        await scene.AdvanceAsync(TimeSpan.FromDays(2));
        var draft = await scene.NewestInvoiceAsync();
        Assert.Equal((InvoiceStatus.Draft, null), (draft.Status, draft.NextPaymentAttempt));

        var declined = await scene.ActAsync(draft, InvoiceAction.Finalize);

        Assert.Equal((InvoiceStatus.Open, 1, null), (declined.Status, declined.AttemptCount, declined.NextPaymentAttempt));
    }
}
