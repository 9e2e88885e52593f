using System.Globalization;
using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>Renewals, coupons over time, metered usage.</content>
public abstract partial class ProviderConformance
{
    /// <summary>At the boundary the period moves and a draft is made; an hour later it is finalized and charged.</summary>
    [Fact]
    public async Task Renewal_IsADraftForAnHour_ThenPaid()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        var boundary = StartAt.AddMonths(1);

        await scene.AdvanceToAsync(boundary.AddMinutes(1));
        Assert.Equal((SubscriptionStatus.Active, new BillingPeriod(boundary, boundary.AddMonths(1))), ((await scene.SubscriptionAsync(subscription.Id)).Status, (await scene.SubscriptionAsync(subscription.Id)).CurrentPeriod));
        var draft = await scene.NewestInvoiceAsync();
        Assert.Equal((InvoiceStatus.Draft, null, null, boundary), (draft.Status, draft.Number, draft.FinalizedAt, draft.CreatedAt));
        Assert.Equal((Usd(29), 0), (draft.Total, draft.AttemptCount));
        await scene.AdvanceToAsync(boundary.AddHours(2));

        var paid = await scene.InvoiceAsync(draft.Id);
        Assert.Equal((InvoiceStatus.Paid, BillingReason.SubscriptionCycle, Usd(29), 1), (paid.Status, paid.Reason, paid.AmountPaid, paid.AttemptCount));
        Assert.Equal(draft.NextPaymentAttempt, paid.FinalizedAt);
        Assert.Equal(2, (await scene.InvoicesAsync()).Count);
    }

    /// <summary>Numbers have a prefix and are consecutive within a customer, zero invoices included.</summary>
    [Fact]
    public async Task Invoices_HaveConsecutiveNumbers()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14));
        await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Solo) with { Name = "side" });
        await scene.AdvanceToAsync(StartAt.AddMonths(3).AddHours(2));

        var numbers = (await scene.InvoicesAsync()).OrderBy(invoice => invoice.FinalizedAt).ThenBy(invoice => invoice.Number, StringComparer.Ordinal).Select(invoice => invoice.Number!).ToList();

        Assert.All(numbers, number => Assert.Matches("^[0-9A-Z]{3,12}-[0-9]{4,}$", number));
        Assert.Single(numbers.Select(number => number.Split('-')[0]).Distinct());
        Assert.Equal(Enumerable.Range(1, 8), numbers.Select(number => int.Parse(number.Split('-')[1], CultureInfo.InvariantCulture)));
    }

    /// <summary>B-19: month-ends do not drift. Boundaries are counted from the anchor, never from the boundary before.</summary>
    [Fact]
    public async Task Renewals_FromThe31st_ClampToTheMonthAndComeBack()
    {
        var start = new DateTimeOffset(2027, 1, 31, 10, 30, 0, TimeSpan.Zero);
        await using var scene = await StartAsync(start);
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);

        var ends = new List<DateTimeOffset> { subscription.CurrentPeriod.End };
        while (ends.Count < 5)
        {
            await scene.AdvancePastRenewalAsync(subscription.Id);
            var renewed = await scene.SubscriptionAsync(subscription.Id);
            Assert.Equal((ends[^1], start), (renewed.CurrentPeriod.Start, renewed.BillingCycleAnchor));
            ends.Add(renewed.CurrentPeriod.End);
        }

        Assert.Equal(["02-28 10:30", "03-31 10:30", "04-30 10:30", "05-31 10:30", "06-30 10:30"], ends.Select(end => end.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)));
        Assert.Equal(5, (await scene.PayableInvoicesAsync()).Count);
    }

    /// <summary>A yearly subscription from 29 February renews on the 28th in common years.</summary>
    [Fact]
    public async Task Renewals_YearlyFromALeapDay_ClampToFebruary()
    {
        var start = new DateTimeOffset(2028, 2, 29, 0, 0, 0, TimeSpan.Zero);
        await using var scene = await StartAsync(start);
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro, BillingInterval.Yearly));

        Assert.Equal(new DateTimeOffset(2029, 2, 28, 0, 0, 0, TimeSpan.Zero), subscription.CurrentPeriod.End);
        Assert.Equal(Usd(290), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>A coupon for once reduces one invoice and is gone; one for three months reduces the invoices of three months, end exclusive; one for ever goes on.</summary>
    [Theory]
    [InlineData(ConformanceCatalog.HalfOnce, "50 100 100 100 100")]
    [InlineData(ConformanceCatalog.HalfForThreeMonths, "50 50 50 100 100")]
    [InlineData(ConformanceCatalog.QuarterForever, "75 75 75 75 75")]
    public async Task Coupons_ReduceTheInvoicesOfTheirTime(string couponKey, string expected)
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Hundred) with { Coupons = [couponKey] });

        await scene.AdvanceToAsync(StartAt.AddMonths(4).AddHours(2));

        var paid = (await scene.InvoicesAsync()).Select(invoice => invoice.AmountPaid.Amount.ToString("0", CultureInfo.InvariantCulture));
        Assert.Equal(expected, string.Join(' ', paid));
    }

    /// <summary>A coupon that is applied in mid-period counts from the next invoice on; taken off, it counts no longer.</summary>
    [Fact]
    public async Task ApplyCoupon_AndRemoveIt_CountFromTheNextInvoice()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Hundred);
        await scene.AdvanceAsync(TimeSpan.FromDays(3));

        var applied = await scene.ApplyCouponAsync(subscription, ConformanceCatalog.QuarterForever);
        Assert.Equal([new AppliedDiscount(ConformanceCatalog.QuarterForever, scene.Now, null)], applied.Discounts);
        Assert.Single(await scene.InvoicesAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);
        Assert.Equal((Usd(100), Usd(25), Usd(75)), ((await scene.NewestInvoiceAsync()).Subtotal, (await scene.NewestInvoiceAsync()).Discount, (await scene.NewestInvoiceAsync()).AmountPaid));
        var removed = await scene.RemoveCouponAsync(subscription, ConformanceCatalog.QuarterForever);
        Assert.Empty(removed.Discounts);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(Usd(100), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>Without a change the preview says what the next renewal invoices; it changes nothing.</summary>
    [Fact]
    public async Task Preview_WithoutAChange_IsTheNextRenewal()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Team, seats: 4);
        await scene.AddChargeAsync(Usd(7), "Setup help");
        await scene.AddCreditAsync(Usd(10));
        var before = await scene.FactsAsync();

        var preview = await scene.PreviewAsync(subscription);
        Facts.AssertEqual(before, await scene.FactsAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.NotNull(preview.NextInvoice);
        var renewal = await scene.NewestInvoiceAsync();
        Assert.Equal((Usd(59), Usd(49)), (renewal.Total, renewal.AmountPaid));
        Assert.Equal((renewal.Subtotal, renewal.Total, renewal.AmountDue), (preview.NextInvoice.Subtotal, preview.NextInvoice.Total, preview.NextInvoice.AmountDue));
        Assert.Equal(renewal.Lines, preview.NextInvoice.Lines);
        Assert.True(preview.DueNow.IsZero);
    }

    /// <summary>Nothing will be invoiced: a free plan, and a subscription that ends with its period.</summary>
    [Fact]
    public async Task Preview_NothingWillBeInvoiced_HasNoNextInvoice()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        var free = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Free) with { Name = "side" });
        await scene.CancelAsync(subscription);

        Assert.Null((await scene.PreviewAsync(subscription)).NextInvoice);
        Assert.Null((await scene.PreviewAsync(free)).NextInvoice);
    }

    /// <summary>Usage of a period is billed when it ends, beside the fee of the next one; no usage shows a line of zero.</summary>
    [Fact]
    public async Task Usage_IsBilledInArrears()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Metered);
        Assert.Equal(Usd(5), (await scene.NewestInvoiceAsync()).AmountPaid);
        await scene.AdvanceAsync(TimeSpan.FromDays(2));
        await scene.RecordUsageAsync(150);
        await scene.AdvanceAsync(TimeSpan.FromDays(2));
        await scene.RecordUsageAsync(100);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        var second = await scene.NewestInvoiceAsync();
        var usage = Assert.Single(second.Lines, line => line.Period.Start == StartAt);
        Assert.Equal((Usd(2.50m), 250L, subscription.CurrentPeriod, false), (usage.Amount, usage.Quantity, usage.Period, usage.IsProration));
        Assert.Equal(Usd(7.50m), second.AmountPaid);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        var third = await scene.NewestInvoiceAsync();
        Assert.Equal([Usd(0), Usd(5)], Amounts(third.Lines).Order());
        Assert.Equal(Usd(5), third.AmountPaid);
    }

    /// <summary>Usage with the same key counts once.</summary>
    [Fact]
    public async Task Usage_WithTheSameKey_CountsOnce()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Metered);
        var at = scene.Now;
        await scene.RecordUsageAsync(100, at, "a");
        await scene.AdvanceAsync(TimeSpan.FromDays(3));
        await scene.RecordUsageAsync(100, at, "a");
        await scene.RecordUsageAsync(100, at, "b");

        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(Usd(7), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>Usage of a closed period is taken until its invoice is finalized.</summary>
    [Fact]
    public async Task Usage_OfAClosedPeriod_IsTakenWhileItsInvoiceIsADraft()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Metered);
        var end = subscription.CurrentPeriod.End;
        await scene.AdvanceToAsync(end.AddMinutes(30));

        await scene.RecordUsageAsync(300, end.AddMinutes(-5));
        await scene.RecordUsageAsync(40, end.AddMinutes(5));
        await scene.AdvanceToAsync(end.AddHours(2));

        Assert.Equal(Usd(8), (await scene.NewestInvoiceAsync()).AmountPaid);
        await scene.AdvancePastRenewalAsync(subscription.Id);
        Assert.Equal(Usd(5.40m), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>Usage during a trial is free.</summary>
    [Fact]
    public async Task Usage_InATrial_IsFree()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Metered, days: 14));
        await scene.RecordUsageAsync(1_000);

        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(Usd(5), Assert.Single(await scene.PayableInvoicesAsync()).AmountPaid);
    }

    /// <summary>A metered price that changes in mid-period bills each part at its own price.</summary>
    [Fact]
    public async Task Usage_PriceChangesInMidPeriod_BillsEachPartAtItsOwnPrice()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Metered);
        await scene.RecordUsageAsync(100, StartAt.AddDays(1));
        await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.MeteredDear, Proration = Proration.None });
        await scene.AdvanceAsync(TimeSpan.FromDays(1));
        await scene.RecordUsageAsync(100);

        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal([Usd(1), Usd(3), Usd(5)], Amounts((await scene.NewestInvoiceAsync()).Lines).Order());
    }

    /// <summary>A coupon that ended in mid-period is in no proration after its end.</summary>
    [Fact]
    public async Task Coupons_ThatEndedInMidPeriod_AreInNoProrationAfterwards()
    {
        await using var scene = await StartAsync();
        var subscription = await InMidPeriodAsync(scene, ConformanceCatalog.Solo);
        await scene.ApplyCouponAsync(subscription, ConformanceCatalog.HalfForThreeMonths);
        await scene.AdvanceToAsync(StartAt.AddMonths(3).AddHours(2));
        Assert.Equal(Usd(5), (await scene.NewestInvoiceAsync()).AmountPaid);
        await scene.AdvanceToAsync(StartAt.AddMonths(3).AddDays(15));

        await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Hundred, Proration = Proration.AlwaysInvoice });

        // Half of the 30 days of June: what was debited was 5.00, what is charged is the whole price.
        Assert.Equal([Usd(-2.50m), Usd(50)], Amounts((await scene.NewestInvoiceAsync()).Lines));
    }
}
