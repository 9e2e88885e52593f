using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>One-off charges, credit, refunds, and what can be done with an invoice by hand.</content>
public abstract partial class ProviderConformance
{
    /// <summary>A one-off charge waits, and goes on the next invoice of its subscription.</summary>
    [Fact]
    public async Task AddCharge_GoesOnTheNextInvoiceOfItsSubscription()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);

        var charge = await scene.AddChargeAsync(Usd(12.34m), "Data import", subscription);
        Assert.Equal((subscription.Id, "Data import", Usd(12.34m), false), (charge.SubscriptionId, charge.Line.Description, charge.Line.Amount, charge.Line.IsProration));
        Assert.Single(await scene.InvoicesAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);

        var renewal = await scene.NewestInvoiceAsync();
        Assert.Equal(Usd(41.34m), renewal.AmountPaid);
        Assert.Single(renewal.Lines, line => line.Description == "Data import" && line.Amount == Usd(12.34m));
        Assert.Empty((await scene.ReadAsync()).PendingCharges ?? []);
        await scene.AdvancePastRenewalAsync(subscription.Id);
        Assert.Equal(Usd(29), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>A one-off charge may come before the first subscription.</summary>
    [Fact]
    public async Task AddCharge_BeforeTheFirstSubscription_GoesOnItsFirstInvoice()
    {
        await using var scene = await StartAsync();
        var charge = await scene.AddChargeAsync(Usd(5), "Setup");
        Assert.Null(charge.SubscriptionId);

        await scene.SubscribeAsync(ConformanceCatalog.Pro);

        Assert.Equal(Usd(34), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>A negative charge reduces the next invoice; below zero the rest is credit.</summary>
    [Theory]
    [InlineData(-9, 20, 0)]
    [InlineData(-40, 0, 11)]
    public async Task AddCharge_Negative_ReducesTheNextInvoice(int amount, int paid, int balance)
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);

        await scene.AddChargeAsync(Usd(amount), "Sorry", subscription);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal((InvoiceStatus.Paid, Usd(paid)), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).AmountPaid));
        Assert.Equal(Usd(balance), await scene.BalanceAsync() ?? Usd(0));
    }

    /// <summary>A charge now is an invoice of its own, finalized and paid at once.</summary>
    [Fact]
    public async Task ChargeNow_IsInvoicedAndPaidAtOnce()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);

        var invoice = await scene.ChargeNowAsync(Usd(99), "Training");

        Assert.Equal((InvoiceStatus.Paid, BillingReason.Manual, null, Usd(99)), (invoice.Status, invoice.Reason, invoice.SubscriptionId, invoice.AmountPaid));
        var line = Assert.Single(invoice.Lines);
        Assert.Equal(("Training", Usd(99), null), (line.Description, line.Amount, line.PriceKey));
        Assert.NotNull(invoice.Number);
    }

    /// <summary>A charge now does not take along what waits for the next invoice.</summary>
    [Fact]
    public async Task ChargeNow_LeavesPendingChargesWhereTheyAre()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var waiting = await scene.AddChargeAsync(Usd(5), "Later");

        var invoice = await scene.ChargeNowAsync(Usd(99), "Training");

        Assert.Equal(Usd(99), invoice.Total);
        Assert.Equal([waiting], (await scene.ReadAsync()).PendingCharges);
    }

    /// <summary>A declined charge is state: the invoice is open with the code, and the subscription goes on.</summary>
    [Fact]
    public async Task ChargeNow_Declined_IsAnOpenInvoice()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        await scene.AddCardAsync(scene.Cards.Declines);

        var invoice = await scene.ChargeNowAsync(Usd(99), "Training");

        Assert.Equal((InvoiceStatus.Open, 1, Usd(0)), (invoice.Status, invoice.AttemptCount, invoice.AmountPaid));
        Assert.NotNull(invoice.LastDeclineCode);
        Assert.Equal(subscription, await scene.SubscriptionAsync(subscription.Id));
    }

    /// <summary>An amount below the currency's minimum is not charged: paid, and carried over on the balance to the next invoice.</summary>
    [Fact]
    public async Task ChargeNow_BelowTheMinimum_IsCarriedOver()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);

        var small = await scene.ChargeNowAsync(Usd(0.49m), "A sticker");
        Assert.Equal((InvoiceStatus.Paid, Usd(0), 0), (small.Status, small.AmountPaid, small.AttemptCount));
        Assert.Equal(Usd(-0.49m), await scene.BalanceAsync());
        var next = await scene.ChargeNowAsync(Usd(0.50m), "Another");

        Assert.Equal((Usd(0.50m), Usd(0.99m), Usd(0.99m)), (next.Total, next.AmountDue, next.AmountPaid));
        Assert.True((await scene.BalanceAsync() ?? Usd(0)).IsZero);
    }

    /// <summary>Credit pays the next invoices; what is left stays.</summary>
    [Fact]
    public async Task AddCredit_PaysTheNextInvoices()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);

        await scene.AddCreditAsync(Usd(40));
        Assert.Equal(Usd(40), await scene.BalanceAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);
        Assert.Equal((InvoiceStatus.Paid, Usd(29), Usd(0), 0), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).Total, (await scene.NewestInvoiceAsync()).AmountDue, (await scene.NewestInvoiceAsync()).AttemptCount));
        Assert.Equal(Usd(11), await scene.BalanceAsync());
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal((Usd(29), Usd(18), Usd(18)), ((await scene.NewestInvoiceAsync()).Total, (await scene.NewestInvoiceAsync()).AmountDue, (await scene.NewestInvoiceAsync()).AmountPaid));
        Assert.True((await scene.BalanceAsync() ?? Usd(0)).IsZero);
    }

    /// <summary>Refunds are listed on their invoice, which stays paid.</summary>
    [Fact]
    public async Task Refund_InParts_IsListedOnTheInvoice()
    {
        await using var scene = await StartAsync();
        await scene.SubscribeAsync(ConformanceCatalog.Pro);
        await scene.AdvanceAsync(TimeSpan.FromDays(4));
        var invoice = await scene.NewestInvoiceAsync();

        var first = await scene.RefundAsync(invoice, Usd(9));
        await scene.AdvanceAsync(TimeSpan.FromDays(1));
        var second = await scene.RefundAsync(invoice, Usd(20));

        Assert.Equal((invoice.Id, Usd(9), StartAt.AddDays(4)), (first.InvoiceId, first.Amount, first.CreatedAt));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal([first, second], (await scene.NewestInvoiceAsync()).Refunds);
        Assert.Equal((InvoiceStatus.Paid, Usd(29)), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).AmountPaid));
    }

    /// <summary>A draft that is finalized before its time is charged at once, and not again later.</summary>
    [Fact]
    public async Task ActOnInvoice_FinalizeADraft_ChargesItOnce()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        await scene.AdvanceToAsync(subscription.CurrentPeriod.End.AddMinutes(10));

        var paid = await scene.ActAsync(await scene.NewestInvoiceAsync(), InvoiceAction.Finalize);
        Assert.Equal((InvoiceStatus.Paid, scene.Now, scene.Now), (paid.Status, paid.FinalizedAt, paid.PaidAt));
        await scene.AdvanceAsync(TimeSpan.FromHours(5));

        Assert.Equal(paid, await scene.NewestInvoiceAsync());
        Assert.Equal(2, (await scene.InvoicesAsync()).Count);
    }

    /// <summary>A payment that came another way settles the invoice without a charge.</summary>
    [Fact]
    public async Task ActOnInvoice_PaidOutOfBand_IsPaid()
    {
        await using var scene = await StartAsync();
        var subscription = await PastDueAsync(scene);

        var paid = await scene.ActAsync(await scene.NewestInvoiceAsync(), InvoiceAction.PayOutOfBand);

        Assert.Equal((InvoiceStatus.Paid, Usd(29), scene.Now), (paid.Status, paid.AmountPaid, paid.PaidAt));
        Assert.Single(paid.Failures);
        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
    }

    /// <summary>A void invoice gives back the credit that it took, and is never collected.</summary>
    [Fact]
    public async Task ActOnInvoice_Void_GivesBackTheCredit()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Declines);
        await scene.AddCreditAsync(Usd(10));
        var open = await scene.ChargeNowAsync(Usd(30), "Training");
        Assert.Equal((InvoiceStatus.Open, Usd(20), true), (open.Status, open.AmountDue, (await scene.BalanceAsync() ?? Usd(0)).IsZero));

        var voided = await scene.ActAsync(open, InvoiceAction.Void);

        Assert.Equal((InvoiceStatus.Void, null, Usd(0)), (voided.Status, voided.NextPaymentAttempt, voided.AmountPaid));
        Assert.Equal(Usd(10), await scene.BalanceAsync());
    }

    /// <summary>What was written off can still be paid.</summary>
    [Fact]
    public async Task ActOnInvoice_WrittenOff_CanStillBePaid()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Declines);
        var open = await scene.ChargeNowAsync(Usd(30), "Training");

        var writtenOff = await scene.ActAsync(open, InvoiceAction.MarkUncollectible);
        Assert.Equal((InvoiceStatus.Uncollectible, null), (writtenOff.Status, writtenOff.NextPaymentAttempt));
        await scene.AddCardAsync(scene.Cards.Works);
        var paid = await scene.ActAsync(writtenOff, InvoiceAction.Pay);

        Assert.Equal((InvoiceStatus.Paid, Usd(30)), (paid.Status, paid.AmountPaid));
    }

    /// <summary>A dispute shows on the invoice, which stays paid.</summary>
    [Fact]
    public async Task ChargeNow_WithACardThatIsDisputed_ShowsTheDispute()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Disputed);

        var invoice = await scene.ChargeNowAsync(Usd(30), "Training");
        await scene.AdvanceAsync(TimeSpan.FromDays(1));

        var disputed = await scene.InvoiceAsync(invoice.Id);
        Assert.Equal((InvoiceStatus.Paid, Usd(30)), (disputed.Status, disputed.AmountPaid));
        Assert.NotNull(disputed.DisputedAt);
    }

    /// <summary>The live subscriptions of a customer share one currency, and so do their charges.</summary>
    [Fact]
    public async Task AddCharge_InAnotherCurrency_IsRefused()
    {
        await using var scene = await StartAsync();
        await scene.SubscribeAsync(ConformanceCatalog.Pro);
        var before = await scene.FactsAsync();

        Assert.Equal(BillingErrorCode.CurrencyMismatch, (await RefusedAsync(() => scene.AddChargeAsync(Money.Of(5, "EUR"), "Training"))).Code);
        Assert.Equal(BillingErrorCode.CurrencyMismatch, (await RefusedAsync(() => scene.ChargeNowAsync(Money.Of(5, "EUR"), "Training"))).Code);

        Facts.AssertEqual(before, await scene.FactsAsync());
    }

    /// <summary>More than was paid cannot be refunded.</summary>
    [Fact]
    public async Task Refund_MoreThanIsLeft_IsRefused()
    {
        await using var scene = await StartAsync();
        await scene.SubscribeAsync(ConformanceCatalog.Pro);
        var invoice = await scene.NewestInvoiceAsync();
        await scene.RefundAsync(invoice, Usd(20));
        var before = await scene.FactsAsync();

        await RefusedAsync(() => scene.RefundAsync(invoice, Usd(9.01m)));

        Facts.AssertEqual(before, await scene.FactsAsync());
    }
}
