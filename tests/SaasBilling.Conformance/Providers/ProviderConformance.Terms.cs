using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>Coupons at the start, a given anchor, sent invoices.</content>
public abstract partial class ProviderConformance
{
    /// <summary>Coupons apply one after the other, in their order: 20 % then 5.00 off 100.00 is 75.00, reversed it is 76.00.</summary>
    [Theory]
    [InlineData(ConformanceCatalog.FifthForever, ConformanceCatalog.FiveForever, 75)]
    [InlineData(ConformanceCatalog.FiveForever, ConformanceCatalog.FifthForever, 76)]
    public async Task CreateSubscription_SeveralCoupons_ApplyInTheirOrder(string first, string second, int expected)
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);

        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Hundred) with { Coupons = [first, second] });

        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal((Usd(100), Usd(100 - expected), Usd(expected), Usd(expected)), (invoice.Subtotal, invoice.Discount, invoice.Total, invoice.AmountPaid));
        Assert.Equal([first, second], subscription.Discounts.Select(discount => discount.CouponKey));
        Assert.All(subscription.Discounts, discount => Assert.Equal((StartAt, null), (discount.StartsAt, discount.EndsAt)));
    }

    /// <summary>An amount never takes an invoice below zero, and what is left of it is not carried over.</summary>
    [Fact]
    public async Task CreateSubscription_CouponsWorthMoreThanTheInvoice_StopAtZero()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);

        await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Solo) with { Coupons = [ConformanceCatalog.Everything, ConformanceCatalog.FiveForever] });

        Assert.Equal((Usd(0), Usd(10)), ((await scene.NewestInvoiceAsync()).Total, (await scene.NewestInvoiceAsync()).Discount));
        Assert.True((await scene.BalanceAsync() ?? Usd(0)).IsZero);
    }

    /// <summary>When nothing is due no card is needed; the zero invoice is paid and has a number.</summary>
    [Fact]
    public async Task CreateSubscription_FullDiscountAndNoCard_IsActive()
    {
        await using var scene = await StartAsync();

        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro) with { Coupons = [ConformanceCatalog.Everything] });

        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal((SubscriptionStatus.Active, InvoiceStatus.Paid, Usd(0), 0), (subscription.Status, invoice.Status, invoice.AmountPaid, invoice.AttemptCount));
        Assert.NotNull(invoice.Number);
    }

    /// <summary>A coupon whose redemptions are used up is refused.</summary>
    [Fact]
    public async Task ApplyCoupon_UsedUp_IsRefused()
    {
        await using var scene = await StartAsync();
        var first = await scene.SubscribeAsync(ConformanceCatalog.Solo);
        var second = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Solo) with { Name = "side" });
        await scene.ApplyCouponAsync(first, ConformanceCatalog.OnlyOne);

        var refusal = await RefusedAsync(() => scene.ApplyCouponAsync(second, ConformanceCatalog.OnlyOne));

        Assert.Equal(BillingErrorCode.InvalidState, refusal.Code);
        Assert.Equal(second, await scene.SubscriptionAsync(second.Id));
    }

    /// <summary>An anchor ahead: the time until then is a share of the period that ends there, 15 of 28 days; then whole periods follow.</summary>
    [Fact]
    public async Task CreateSubscription_AnchorAhead_StartsWithAProratedPeriod()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var anchor = StartAt.AddDays(15);

        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro) with { BillingCycleAnchor = anchor });
        Assert.Equal((new BillingPeriod(StartAt, anchor), anchor), (subscription.CurrentPeriod, subscription.BillingCycleAnchor));
        Assert.Equal(Usd(15.54m), (await scene.NewestInvoiceAsync()).AmountPaid);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        var renewed = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((new BillingPeriod(anchor, anchor.AddMonths(1)), anchor), (renewed.CurrentPeriod, renewed.BillingCycleAnchor));
        Assert.Equal(Usd(29), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>An anchor ahead without prorations: the time until then is free.</summary>
    [Fact]
    public async Task CreateSubscription_AnchorAheadWithoutProrations_ChargesFirstAtTheAnchor()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var anchor = StartAt.AddDays(15);

        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro) with { BillingCycleAnchor = anchor, Proration = Proration.None });
        Assert.Equal((SubscriptionStatus.Active, anchor), (subscription.Status, subscription.CurrentPeriod.End));
        Assert.Empty(await scene.PayableInvoicesAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(Usd(29), Assert.Single(await scene.PayableInvoicesAsync()).AmountPaid);
    }

    /// <summary>Sent invoices: active at once, finalized after an hour, due so many days after it was made, and nothing is charged.</summary>
    [Fact]
    public async Task CreateSubscription_InvoicesAreSent_IsActiveAndNothingIsCharged()
    {
        await using var scene = await StartAsync();

        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro) with { InvoiceDueInDays = 14 });
        Assert.Equal((SubscriptionStatus.Active, 14), (subscription.Status, subscription.InvoiceDueInDays));
        Assert.Equal(InvoiceStatus.Draft, (await scene.NewestInvoiceAsync()).Status);
        await scene.AdvanceAsync(TimeSpan.FromHours(2));

        var sent = await scene.NewestInvoiceAsync();
        Assert.Equal((InvoiceStatus.Open, StartAt.AddDays(14), Usd(29), Usd(0)), (sent.Status, sent.DueAt, sent.AmountDue, sent.AmountPaid));
        Assert.Equal((0, null), (sent.AttemptCount, sent.NextPaymentAttempt));
        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
    }

    /// <summary>A sent invoice that is not paid when it is due makes the subscription past due; a bank transfer mends it.</summary>
    [Fact]
    public async Task SentInvoice_NotPaidWhenDue_IsPastDueUntilItIsPaid()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro) with { InvoiceDueInDays = 14 });

        await scene.AdvanceToAsync(StartAt.AddDays(14).AddHours(-1));
        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
        await scene.AdvanceToAsync(StartAt.AddDays(14).AddHours(1));
        Assert.Equal(SubscriptionStatus.PastDue, (await scene.SubscriptionAsync(subscription.Id)).Status);
        var paid = await scene.ActAsync(await scene.NewestInvoiceAsync(), InvoiceAction.PayOutOfBand);

        Assert.Equal((InvoiceStatus.Paid, Usd(29), scene.Now), (paid.Status, paid.AmountPaid, paid.PaidAt));
        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
    }

    /// <summary>A coupon in another currency is refused.</summary>
    [Fact]
    public async Task ApplyCoupon_InAnotherCurrency_IsRefused()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Solo);

        await RefusedAsync(() => scene.ApplyCouponAsync(subscription, ConformanceCatalog.FiveEurosForever));

        Assert.Equal(subscription, await scene.SubscriptionAsync(subscription.Id));
    }

    /// <summary>A trial with an anchor after its end: nothing at first, a share of the month from the trial's end to the anchor, then whole months.</summary>
    [Fact]
    public async Task CreateSubscription_TrialWithALaterAnchor_BillsTheTimeBetween()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var (end, anchor) = (StartAt.AddDays(17), StartAt.AddMonths(1));

        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro) with { TrialEnd = end, BillingCycleAnchor = anchor });
        Assert.Equal((SubscriptionStatus.Trialing, end), (subscription.Status, subscription.CurrentPeriod.End));
        Assert.Empty(await scene.PayableInvoicesAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);
        Assert.Equal(new BillingPeriod(end, anchor), (await scene.SubscriptionAsync(subscription.Id)).CurrentPeriod);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        // 14 of 31 days.
        Assert.Equal([Usd(13.10m), Usd(29)], (await scene.PayableInvoicesAsync()).Select(invoice => invoice.AmountPaid));
        Assert.Equal((new BillingPeriod(anchor, anchor.AddMonths(1)), anchor), ((await scene.SubscriptionAsync(subscription.Id)).CurrentPeriod, (await scene.SubscriptionAsync(subscription.Id)).BillingCycleAnchor));
    }

    /// <summary>Due on receipt: an invoice cannot be overdue before it is finalized.</summary>
    [Fact]
    public async Task SentInvoice_DueAtOnce_IsOverdueWhenItIsFinalized()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro) with { InvoiceDueInDays = 0 });
        await scene.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);

        await scene.AdvanceAsync(TimeSpan.FromHours(1));

        var invoice = await scene.NewestInvoiceAsync();
        Assert.Equal((InvoiceStatus.Open, StartAt), (invoice.Status, invoice.DueAt));
        Assert.Equal((SubscriptionStatus.PastDue, invoice.FinalizedAt), ((await scene.SubscriptionAsync(subscription.Id)).Status, (await scene.SubscriptionAsync(subscription.Id)).PastDueSince));
    }
}
