using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>Changes of plan, seats, add-ons and interval. After ten of 31 days, 21/31 of the period are left.</content>
public abstract partial class ProviderConformance
{
    private const int DaysBeforeTheChange = 10;

    /// <summary>B-26: what the preview says is what is charged, line by line, and a preview changes nothing. The whole item is credited and debited, each line rounded by itself.</summary>
    [Fact]
    public async Task Change_InvoicedAtOnce_ChargesWhatThePreviewSaid()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Solo);
        var change = scene.Change(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro, Proration = Proration.AlwaysInvoice });
        var before = await scene.FactsAsync();

        var preview = await scene.PreviewAsync(subscription, change);
        Facts.AssertEqual(before, await scene.FactsAsync());
        var changed = await scene.ChangeAsync(change);

        Assert.Equal([Usd(-6.77m), Usd(19.65m)], Amounts(preview.Lines));
        Assert.All(preview.Lines, line => Assert.Equal((true, new BillingPeriod(scene.Now, subscription.CurrentPeriod.End)), (line.IsProration, line.Period)));
        Assert.Equal(Usd(12.88m), preview.DueNow);
        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal(preview.Lines, invoice.Lines);
        Assert.Equal((InvoiceStatus.Paid, BillingReason.SubscriptionUpdate, Usd(12.88m), 1), (invoice.Status, invoice.Reason, invoice.AmountPaid, invoice.AttemptCount));
        Assert.Equal((ConformanceCatalog.Pro, SubscriptionStatus.Active), (changed.PlanKey, changed.Status));
        Assert.Equal((subscription.CurrentPeriod, subscription.BillingCycleAnchor), (changed.CurrentPeriod, changed.BillingCycleAnchor));
        await scene.AdvancePastRenewalAsync(subscription.Id);
        Assert.Equal((Usd(29), Usd(29)), ((await scene.NewestInvoiceAsync()).AmountPaid, preview.NextInvoice?.AmountDue));
    }

    /// <summary>B-26 at many instants: whole seconds from the first to the last of the period.</summary>
    [Theory]
    [InlineData(0, ConformanceCatalog.Solo, ConformanceCatalog.Pro)]
    [InlineData(1, ConformanceCatalog.Pro, ConformanceCatalog.Hundred)]
    [InlineData(86_399, ConformanceCatalog.Solo, ConformanceCatalog.Team)]
    [InlineData(1_000_003, ConformanceCatalog.Team, ConformanceCatalog.Pro)]
    [InlineData(1_339_200, ConformanceCatalog.Pro, ConformanceCatalog.Solo)]
    [InlineData(2_222_221, ConformanceCatalog.Hundred, ConformanceCatalog.Metered)]
    [InlineData(2_678_399, ConformanceCatalog.Solo, ConformanceCatalog.Hundred)]
    public async Task Change_AtAnyInstant_ChargesWhatThePreviewSaid(int seconds, string from, string to)
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(from, seats: 3);
        if (seconds > 0)
            await scene.AdvanceAsync(TimeSpan.FromSeconds(seconds));
        var paidBefore = (await scene.InvoicesAsync()).Count;
        var change = scene.Change(subscription, new SubscriptionChange { PlanKey = to, Proration = Proration.AlwaysInvoice });

        var preview = await scene.PreviewAsync(subscription, change);
        await scene.ChangeAsync(change);

        var made = (await scene.InvoicesAsync()).Skip(paidBefore).ToList();
        Assert.Equal(preview.Lines, made.SelectMany(invoice => invoice.Lines));
        Assert.Equal(preview.DueNow, made.Aggregate(Usd(0), (sum, invoice) => sum + invoice.AmountPaid));
        await scene.AdvancePastRenewalAsync(subscription.Id);
        Assert.Equal((preview.NextInvoice?.Total, preview.NextInvoice?.AmountDue), ((await scene.NewestInvoiceAsync()).Total, (await scene.NewestInvoiceAsync()).AmountDue));
    }

    /// <summary>A quote pins its instant: accepted later, it charges what it said.</summary>
    [Fact]
    public async Task Change_AcceptedLaterThanQuoted_ChargesFromTheQuotedInstant()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Solo);
        var change = scene.Change(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro, Proration = Proration.AlwaysInvoice });
        var preview = await scene.PreviewAsync(subscription, change);

        await scene.AdvanceAsync(TimeSpan.FromMinutes(50));
        await scene.ChangeAsync(change);

        Assert.Equal(preview.Lines, (await scene.NewestInvoiceAsync()).Lines);
        Assert.Equal(preview.DueNow, (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>CreateProrations: the lines go on the next invoice, and nothing is charged now.</summary>
    [Fact]
    public async Task Change_WithProrations_PutsThemOnTheNextInvoice()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Solo);
        var change = scene.Change(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro });

        var preview = await scene.PreviewAsync(subscription, change);
        await scene.ChangeAsync(change);
        Assert.Single(await scene.InvoicesAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);

        var renewal = await scene.NewestInvoiceAsync();
        Assert.True(preview.DueNow.IsZero);
        Assert.Equal([Usd(-6.77m), Usd(19.65m)], Amounts(renewal.Lines.Where(line => line.IsProration)));
        Assert.Equal((Usd(41.88m), Usd(41.88m)), (renewal.AmountPaid, preview.NextInvoice?.AmountDue));
    }

    /// <summary>None: no lines, the new price is billed from the next period on.</summary>
    [Fact]
    public async Task Change_WithoutProrations_IsBilledFromTheNextPeriod()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Solo);
        var change = scene.Change(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro, Proration = Proration.None });

        var preview = await scene.PreviewAsync(subscription, change);
        Assert.Equal(ConformanceCatalog.Pro, (await scene.ChangeAsync(change)).PlanKey);
        Assert.Empty(preview.Lines);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal([Usd(10), Usd(29)], (await scene.InvoicesAsync()).Select(invoice => invoice.AmountPaid));
    }

    /// <summary>Nothing is credited that was never charged: up without prorations and back again at once costs and credits nothing.</summary>
    [Fact]
    public async Task Change_BackAfterAnUnchargedUpgrade_CreditsNothing()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Solo);
        var upgraded = await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro, Proration = Proration.None });
        await scene.AdvanceAsync(TimeSpan.FromDays(5));

        await scene.ChangeAsync(upgraded, new SubscriptionChange { PlanKey = ConformanceCatalog.Solo, Proration = Proration.AlwaysInvoice });

        Assert.Equal(Usd(10), (await scene.InvoicesAsync()).Aggregate(Usd(0), (sum, invoice) => sum + invoice.Total));
        Assert.True((await scene.BalanceAsync() ?? Usd(0)).IsZero);
    }

    /// <summary>A negative net goes to the credit balance, not to the card, and pays later invoices.</summary>
    [Fact]
    public async Task Change_Downgrade_CreditsTheBalance()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);

        await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Solo, Proration = Proration.AlwaysInvoice });
        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal((InvoiceStatus.Paid, Usd(-12.88m), Usd(0), Usd(0), 0), (invoice.Status, invoice.Total, invoice.AmountDue, invoice.AmountPaid, invoice.AttemptCount));
        Assert.Equal(Usd(12.88m), await scene.BalanceAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal((Usd(10), Usd(0)), ((await scene.NewestInvoiceAsync()).Total, (await scene.NewestInvoiceAsync()).AmountDue));
        Assert.Equal(Usd(2.88m), await scene.BalanceAsync());
    }

    /// <summary>Seats are prorated like prices: the item as a whole; items that stay have no lines.</summary>
    [Fact]
    public async Task Change_Seats_ProratesTheSeatItemOnly()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Team, seats: 3);

        var changed = await scene.ChangeAsync(subscription, new SubscriptionChange { Seats = 5, Proration = Proration.AlwaysInvoice });

        Assert.Equal([Usd(-16.26m), Usd(27.10m)], Amounts((await scene.NewestInvoiceAsync()).Lines));
        Assert.Equal(5, Assert.Single(changed.Items, item => item.PriceKey == "team/seat/usd/month").Quantity);
    }

    /// <summary>An added item is only debited, a removed one only credited.</summary>
    [Fact]
    public async Task Change_AddOns_AreDebitedWhenAddedAndCreditedWhenRemoved()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);

        var added = await scene.ChangeAsync(subscription, new SubscriptionChange { AddOns = new Dictionary<string, long> { [ConformanceCatalog.Support] = 1 }, Proration = Proration.AlwaysInvoice });
        Assert.Equal([Usd(10.16m)], Amounts((await scene.NewestInvoiceAsync()).Lines));
        Assert.Equal(2, added.Items.Count);
        await scene.AdvanceAsync(TimeSpan.FromDays(7));
        await scene.ChangeAsync(added, new SubscriptionChange { AddOns = new Dictionary<string, long>(), Proration = Proration.AlwaysInvoice });

        // What was debited for 21 days was 10.16; 14 of them are left.
        Assert.Equal([Usd(-6.77m)], Amounts((await scene.NewestInvoiceAsync()).Lines));
        Assert.Equal(subscription.Items.Select(item => item.PriceKey), (await scene.SubscriptionAsync(subscription.Id)).Items.Select(item => item.PriceKey));
    }

    /// <summary>Another interval: the time that is left is credited, a new period starts now and is charged in full at once.</summary>
    [Fact]
    public async Task Change_Interval_StartsANewPeriodAndChargesItAtOnce()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var change = scene.Change(subscription, new SubscriptionChange { Interval = BillingInterval.Yearly });

        var preview = await scene.PreviewAsync(subscription, change);
        var changed = await scene.ChangeAsync(change);

        Assert.Equal((new BillingPeriod(scene.Now, scene.Now.AddYears(1)), scene.Now, BillingInterval.Yearly), (changed.CurrentPeriod, changed.BillingCycleAnchor, changed.Interval));
        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal([(Usd(-19.65m), true), (Usd(290), false)], invoice.Lines.Select(line => (line.Amount, line.IsProration)));
        Assert.Equal((Usd(270.35m), Usd(270.35m)), (invoice.AmountPaid, preview.DueNow));
        Assert.Equal(preview.Lines, invoice.Lines);
    }

    /// <summary>From free to paid a period starts now, and is charged at once.</summary>
    [Fact]
    public async Task Change_FromFreeToPaid_StartsAPeriodAndChargesIt()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Free));
        await scene.AdvanceAsync(TimeSpan.FromDays(DaysBeforeTheChange));

        var changed = await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro });

        Assert.Equal((SubscriptionStatus.Active, new BillingPeriod(scene.Now, scene.Now.AddMonths(1)), scene.Now), (changed.Status, changed.CurrentPeriod, changed.BillingCycleAnchor));
        Assert.Equal(Currency.Of("USD"), changed.Currency);
        Assert.Equal([Usd(29)], (await scene.InvoicesAsync()).Select(invoice => invoice.AmountPaid));
    }

    /// <summary>From paid to free the credit is on the balance at once: a free plan has no need of a next invoice, and may end before it.</summary>
    [Fact]
    public async Task Change_FromPaidToFree_CreditsTheBalanceAtOnce()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Pro);
        var change = scene.Change(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Free });

        var preview = await scene.PreviewAsync(subscription, change);
        var changed = await scene.ChangeAsync(change);

        Assert.Equal((ConformanceCatalog.Free, SubscriptionStatus.Active), (changed.PlanKey, changed.Status));
        Assert.Equal((Usd(0), null), (preview.DueNow, preview.NextInvoice));
        Assert.Equal([Usd(-19.65m)], Amounts(preview.Lines));
        Assert.Equal(Usd(19.65m), await scene.BalanceAsync());
        await scene.CancelAsync(changed, new CancelOptions { Timing = CancelTiming.Immediately });
        await scene.AdvanceAsync(TimeSpan.FromDays(60));
        Assert.Equal(Usd(19.65m), await scene.BalanceAsync());
        Assert.Equal(Usd(29), (await scene.InvoicesAsync()).Aggregate(Usd(0), (sum, invoice) => sum + invoice.AmountPaid));
    }

    /// <summary>A change and its reverse at one instant cost nothing, and give the subscription back as it was.</summary>
    [Theory]
    [InlineData(Proration.CreateProrations)]
    [InlineData(Proration.AlwaysInvoice)]
    [InlineData(Proration.None)]
    public async Task Change_AndItsReverseAtOneInstant_CostNothing(Proration proration)
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Team, seats: 3);

        var changed = await scene.ChangeAsync(subscription, new SubscriptionChange { Seats = 7, Proration = proration });
        var reversed = await scene.ChangeAsync(changed, new SubscriptionChange { Seats = 3, Proration = proration });

        Assert.Equal(WithoutItemIds(subscription), WithoutItemIds(reversed));
        await scene.AdvancePastRenewalAsync(subscription.Id);
        Assert.Equal(Usd(44) + Usd(44), (await scene.InvoicesAsync()).Aggregate(Usd(0), (sum, invoice) => sum + invoice.Total));
    }

    /// <summary>Prorations carry the running discounts in their amounts, and are not discounted again.</summary>
    [Fact]
    public async Task Change_WithARunningDiscount_ProratesWhatWasReallyDebited()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Solo) with { Coupons = [ConformanceCatalog.QuarterForever] });
        await scene.AdvanceAsync(TimeSpan.FromDays(DaysBeforeTheChange));

        await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro, Proration = Proration.AlwaysInvoice });

        // 7.50 and 21.75 for the month, 21/31 of them.
        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal([Usd(-5.08m), Usd(14.73m)], Amounts(invoice.Lines));
        Assert.Equal((Usd(0), Usd(9.65m)), (invoice.Discount, invoice.AmountPaid));
    }

    /// <summary>A change whose charge fails stands: the subscription is past due, the invoice open.</summary>
    [Fact]
    public async Task Change_InvoicedAtOnceAndDeclined_StandsAndIsPastDue()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Solo);
        await scene.AddCardAsync(scene.Cards.Declines);

        var changed = await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro, Proration = Proration.AlwaysInvoice });

        Assert.Equal((SubscriptionStatus.PastDue, ConformanceCatalog.Pro), (changed.Status, changed.PlanKey));
        Assert.Equal((InvoiceStatus.Open, Usd(12.88m)), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).AmountDue));
    }

    private static async Task<Subscription> InMidPeriodAsync(Scene scene, string planKey, long seats = 1)
    {
        var subscription = await scene.SubscribeAsync(planKey, seats);
        await scene.AdvanceAsync(TimeSpan.FromDays(DaysBeforeTheChange));
        return subscription;
    }

    // A provider may make a new item in the place of a removed one.
    private static Subscription WithoutItemIds(Subscription subscription) => subscription with
    {
        Items = [.. subscription.Items.Select(item => item with { Id = "" }).OrderBy(item => item.PriceKey, StringComparer.Ordinal)],
    };

    /// <summary>Also at half a cent: 21.75 for the month, half of which is 10.875, is credited and charged back as the same amount.</summary>
    [Fact]
    public async Task Change_AndItsReverseAtHalfACent_CostNothing()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro) with { Coupons = [ConformanceCatalog.QuarterForever] });
        await scene.AdvanceAsync(TimeSpan.FromDays(15.5));

        var changed = await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Solo });
        await scene.ChangeAsync(changed, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro });
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(Usd(21.75m), (await scene.NewestInvoiceAsync()).AmountPaid);
    }
}
