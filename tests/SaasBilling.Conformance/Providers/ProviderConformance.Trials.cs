using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>Trials.</content>
public abstract partial class ProviderConformance
{
    /// <summary>A trial is its own period, its end is the anchor, and a zero invoice with a number is paid at once.</summary>
    [Fact]
    public async Task Trial_Started_CostsNothingAndAnchorsAtItsEnd()
    {
        await using var scene = await StartAsync();

        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14));

        var trial = new BillingPeriod(StartAt, StartAt.AddDays(14));
        Assert.Equal(SubscriptionStatus.Trialing, subscription.Status);
        Assert.Equal((trial, trial, trial.End), (subscription.Trial, subscription.CurrentPeriod, subscription.BillingCycleAnchor));
        var invoice = Assert.Single(await scene.InvoicesAsync());
        Assert.Equal((InvoiceStatus.Paid, Usd(0), 0), (invoice.Status, invoice.Total, invoice.AttemptCount));
        Assert.NotNull(invoice.Number);
    }

    /// <summary>With a card it converts: active at its end with a draft, which is charged an hour later.</summary>
    [Fact]
    public async Task Trial_EndsWithACard_Converts()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14));
        var end = StartAt.AddDays(14);

        await scene.AdvanceToAsync(end.AddMinutes(1));
        var active = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Active, new BillingPeriod(end, end.AddMonths(1)), end), (active.Status, active.CurrentPeriod, active.BillingCycleAnchor));
        Assert.Equal(subscription.Trial, active.Trial);
        Assert.Equal((InvoiceStatus.Draft, null), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).Number));
        await scene.AdvanceToAsync(end.AddHours(2));

        var paid = Assert.Single(await scene.PayableInvoicesAsync());
        Assert.Equal((InvoiceStatus.Paid, Usd(29), BillingReason.SubscriptionCycle), (paid.Status, paid.AmountPaid, paid.Reason));
    }

    /// <summary>B-27: a trial that ends without a card does what the plan says. Cancel: it is over, and nothing is invoiced.</summary>
    [Fact]
    public async Task Trial_EndsWithoutACardAndCancels_IsCanceled()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14));

        await scene.AdvanceToAsync(StartAt.AddDays(40));

        var ended = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Canceled, StartAt.AddDays(14)), (ended.Status, ended.EndedAt));
        Assert.Empty(await scene.PayableInvoicesAsync());
    }

    /// <summary>Pause: it waits, for however long; with a card it is resumed into a new period that is charged at once.</summary>
    [Fact]
    public async Task Trial_EndsWithoutACardAndPauses_WaitsAndIsResumedIntoANewPeriod()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14, TrialEndBehavior.Pause));

        await scene.AdvanceToAsync(StartAt.AddDays(100));
        var paused = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Paused, null), (paused.Status, paused.Pause));
        Assert.Empty(await scene.PayableInvoicesAsync());
        await scene.AddCardAsync(scene.Cards.Works);
        var resumed = await scene.ResumeAsync(paused);

        Assert.Equal((SubscriptionStatus.Active, new BillingPeriod(scene.Now, scene.Now.AddMonths(1)), scene.Now), (resumed.Status, resumed.CurrentPeriod, resumed.BillingCycleAnchor));
        var invoice = Assert.Single(await scene.PayableInvoicesAsync());
        Assert.Equal((InvoiceStatus.Paid, Usd(29), scene.Now), (invoice.Status, invoice.AmountPaid, invoice.PaidAt));
    }

    /// <summary>A declined payment on resumption is past due, not an exception.</summary>
    [Fact]
    public async Task Trial_PausedAtItsEndAndResumedWithACardThatDeclines_IsPastDue()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14, TrialEndBehavior.Pause));
        await scene.AdvanceToAsync(StartAt.AddDays(20));
        await scene.AddCardAsync(scene.Cards.Declines);

        var resumed = await scene.ResumeAsync(subscription);

        Assert.Equal(SubscriptionStatus.PastDue, resumed.Status);
        Assert.Equal(InvoiceStatus.Open, (await scene.NewestInvoiceAsync()).Status);
    }

    /// <summary>CreateInvoice: active with a draft, past due when it is finalized and there is nothing to charge.</summary>
    [Fact]
    public async Task Trial_EndsWithoutACardAndInvoices_IsPastDueWhenTheInvoiceIsFinalized()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14, TrialEndBehavior.CreateInvoice));

        await scene.AdvanceToAsync(StartAt.AddDays(14).AddMinutes(1));
        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
        await scene.AdvanceToAsync(StartAt.AddDays(14).AddHours(2));

        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal(SubscriptionStatus.PastDue, (await scene.SubscriptionAsync(subscription.Id)).Status);
        Assert.Equal((InvoiceStatus.Open, "no_payment_method", null), (invoice.Status, invoice.LastDeclineCode, invoice.NextPaymentAttempt));
    }

    /// <summary>What happens without a card is as the plan says that the trial has come to; a change that says nothing of it leaves it.</summary>
    [Theory]
    [InlineData(TrialEndBehavior.Pause, SubscriptionStatus.Paused)]
    [InlineData(TrialEndBehavior.Cancel, SubscriptionStatus.Canceled)]
    [InlineData(null, SubscriptionStatus.Paused)]
    public async Task Trial_ChangedToAnotherPlan_EndsAsTheChangeSays(TrialEndBehavior? whenNoPaymentMethod, SubscriptionStatus status)
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14, TrialEndBehavior.Pause));
        await scene.ChangeAsync(scene.Change(subscription, new() { PlanKey = ConformanceCatalog.Solo }) with { WhenNoPaymentMethod = whenNoPaymentMethod });

        await scene.AdvanceToAsync(StartAt.AddDays(14));

        Assert.Equal(status, (await scene.SubscriptionAsync(subscription.Id)).Status);
    }

    /// <summary>A card that is added before the end converts, whatever would have happened without one.</summary>
    [Theory]
    [InlineData(TrialEndBehavior.Cancel)]
    [InlineData(TrialEndBehavior.Pause)]
    [InlineData(TrialEndBehavior.CreateInvoice)]
    public async Task Trial_CardAddedBeforeTheEnd_Converts(TrialEndBehavior whenNoPaymentMethod)
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14, whenNoPaymentMethod));
        await scene.AdvanceAsync(TimeSpan.FromDays(13));

        await scene.AddCardAsync(scene.Cards.Works);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
        Assert.Equal(Usd(29), Assert.Single(await scene.PayableInvoicesAsync()).AmountPaid);
    }

    /// <summary>The end can be moved, later or earlier.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(7)]
    public async Task SetTrialEnd_InATrial_MovesItsEndAndTheAnchor(int days)
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14));
        await scene.AdvanceAsync(TimeSpan.FromDays(2));
        var end = StartAt.AddDays(days);

        var moved = await scene.SetTrialEndAsync(subscription, end);
        Assert.Equal((SubscriptionStatus.Trialing, end, end, end), (moved.Status, moved.Trial?.End, moved.CurrentPeriod.End, moved.BillingCycleAnchor));
        await scene.AdvanceToAsync(end.AddHours(-1));
        Assert.Equal(SubscriptionStatus.Trialing, (await scene.SubscriptionAsync(subscription.Id)).Status);
        await scene.AdvanceToAsync(end.AddHours(2));

        Assert.Equal(new BillingPeriod(end, end.AddMonths(1)), (await scene.SubscriptionAsync(subscription.Id)).CurrentPeriod);
        Assert.Equal(Usd(29), Assert.Single(await scene.PayableInvoicesAsync()).AmountPaid);
    }

    /// <summary>Ended now with a card: active, a new period from now, charged at once.</summary>
    [Fact]
    public async Task SetTrialEnd_NowWithACard_ConvertsAndChargesAtOnce()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14));
        await scene.AdvanceAsync(TimeSpan.FromDays(5));

        var active = await scene.SetTrialEndAsync(subscription, end: null);

        Assert.Equal((SubscriptionStatus.Active, new BillingPeriod(scene.Now, scene.Now.AddMonths(1)), scene.Now), (active.Status, active.CurrentPeriod, active.BillingCycleAnchor));
        Assert.Equal(scene.Now, active.Trial?.End);
        var invoice = Assert.Single(await scene.PayableInvoicesAsync());
        Assert.Equal((InvoiceStatus.Paid, Usd(29), BillingReason.SubscriptionUpdate), (invoice.Status, invoice.AmountPaid, invoice.Reason));
    }

    /// <summary>Ended now without a card: it does at once what its end would do.</summary>
    [Theory]
    [InlineData(TrialEndBehavior.Cancel, SubscriptionStatus.Canceled)]
    [InlineData(TrialEndBehavior.Pause, SubscriptionStatus.Paused)]
    public async Task SetTrialEnd_NowWithoutACard_DoesWhatThePlanSays(TrialEndBehavior whenNoPaymentMethod, SubscriptionStatus expected)
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14, whenNoPaymentMethod));

        var ended = await scene.SetTrialEndAsync(subscription, end: null);

        Assert.Equal(expected, ended.Status);
        Assert.Empty(await scene.PayableInvoicesAsync());
    }

    /// <summary>Ended now without a card where an invoice would follow: refused, and it goes on.</summary>
    [Fact]
    public async Task SetTrialEnd_NowWithoutACardWhereAnInvoiceFollows_IsRefused()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14, TrialEndBehavior.CreateInvoice));
        var before = await scene.FactsAsync();

        await RefusedAsync(() => scene.SetTrialEndAsync(subscription, end: null));

        Facts.AssertEqual(before, await scene.FactsAsync());
    }

    /// <summary>Free time for an active subscription: it is trialing, nothing is credited or charged now, and the anchor moves.</summary>
    [Fact]
    public async Task SetTrialEnd_OnAnActiveSubscription_GivesFreeTime()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        await scene.AdvanceAsync(TimeSpan.FromDays(10));
        var end = StartAt.AddDays(60);

        var free = await scene.SetTrialEndAsync(subscription, end);
        Assert.Equal((SubscriptionStatus.Trialing, end, end, end), (free.Status, free.Trial?.End, free.CurrentPeriod.End, free.BillingCycleAnchor));
        await scene.AdvanceToAsync(end.AddHours(-1));
        Assert.Equal(Usd(29), Assert.Single(await scene.PayableInvoicesAsync()).AmountPaid);
        await scene.AdvanceToAsync(end.AddHours(2));

        var invoices = await scene.PayableInvoicesAsync();
        Assert.Equal([Usd(29), Usd(29)], invoices.Select(invoice => invoice.AmountPaid));
        Assert.Equal((SubscriptionStatus.Active, new BillingPeriod(end, end.AddMonths(1))), ((await scene.SubscriptionAsync(subscription.Id)).Status, (await scene.SubscriptionAsync(subscription.Id)).CurrentPeriod));
    }

    /// <summary>A change in a trial costs nothing and keeps the trial; its end bills what is then wanted.</summary>
    [Fact]
    public async Task Change_InATrial_CostsNothingAndIsBilledAtItsEnd()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Solo, days: 14));
        await scene.AdvanceAsync(TimeSpan.FromDays(5));
        var change = scene.Change(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro, Proration = Proration.AlwaysInvoice });

        var preview = await scene.PreviewAsync(subscription, change);
        var changed = await scene.ChangeAsync(change);
        Assert.True(preview.DueNow.IsZero);
        Assert.All(preview.Lines, line => Assert.True(line.Amount.IsZero));
        Assert.Equal((SubscriptionStatus.Trialing, subscription.Trial, ConformanceCatalog.Pro), (changed.Status, changed.Trial, changed.PlanKey));
        Assert.Empty(await scene.PayableInvoicesAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(Usd(29), Assert.Single(await scene.PayableInvoicesAsync()).AmountPaid);
    }

    /// <summary>A trial that is canceled at its end is never charged, card or not.</summary>
    [Fact]
    public async Task Cancel_AtTheEndOfATrial_IsNeverCharged()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14));

        var scheduled = await scene.CancelAsync(subscription);
        Assert.Equal((SubscriptionStatus.Trialing, StartAt.AddDays(14), StartAt), (scheduled.Status, scheduled.CancelsAt, scheduled.CanceledAt));
        await scene.AdvanceToAsync(StartAt.AddDays(60));

        Assert.Equal((SubscriptionStatus.Canceled, StartAt.AddDays(14)), ((await scene.SubscriptionAsync(subscription.Id)).Status, (await scene.SubscriptionAsync(subscription.Id)).EndedAt));
        Assert.Empty(await scene.PayableInvoicesAsync());
    }
}
