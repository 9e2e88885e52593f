using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

/// <summary>The figures that were recorded from Stripe, and the rules beside them. April has 30 days, so that thirds come out.</summary>
public class ProrationRulesTests
{
    private static readonly Action<ISaasBillingBuilder> Plans = builder => builder
        .AddPlan("ten", plan => plan.Price(10m, "USD", BillingInterval.Monthly))
        .AddPlan("twenty", plan => plan.Price(20m, "USD", BillingInterval.Monthly))
        .AddPlan("big", plan => plan.Price(300m, "USD", BillingInterval.Monthly))
        .AddAddOn("more", addOn => addOn.Price(20m, "USD", BillingInterval.Monthly));

    [Fact]
    public void RPRO5_PositiveNet_IsChargedAtOnce()
    {
        var world = April("ten");
        world.To("2026-04-11");
        world.Change("big", Proration.AlwaysInvoice);

        var invoice = world.Newest;
        Assert.Equal([-667, 20_000], invoice.Lines.Select(line => line.Amount.MinorUnits));
        Assert.All(invoice.Lines, line => Assert.True(line.IsProration));
        Assert.All(invoice.Lines, line => Assert.Equal(new BillingPeriod(World.At("2026-04-11"), World.At("2026-05-01")), line.Period));
        Assert.Equal(["Unused time of ten after 11 Apr 2026", "Remaining time of big after 11 Apr 2026"], invoice.Lines.Select(line => line.Description));
        Assert.Equal((19_333L, 1, InvoiceStatus.Paid, BillingReason.SubscriptionUpdate), (invoice.AmountPaid.MinorUnits, invoice.AttemptCount, invoice.Status, invoice.Reason));
    }

    [Fact]
    public void RPRO5_NegativeNet_GoesToTheBalance_AndIsNeverChargedOrRefunded()
    {
        var world = April("twenty");
        world.To("2026-04-21");
        world.Change("ten", Proration.AlwaysInvoice);

        var invoice = world.Newest;
        Assert.Equal([-667, 333], invoice.Lines.Select(line => line.Amount.MinorUnits));
        Assert.Equal((-334L, 0L, 0, InvoiceStatus.Paid), (invoice.Total.MinorUnits, invoice.AmountDue.MinorUnits, invoice.AttemptCount, invoice.Status));
        Assert.Equal(334, world.Balance);
    }

    [Fact]
    public void RPRO7_Flexible_NothingIsCreditedThatWasNeverDebited()
    {
        var world = April("ten");
        world.To("2026-04-11");
        world.Change("twenty", Proration.None);
        Assert.Single(world.Invoices);
        world.To("2026-04-21");
        world.Change("ten", Proration.AlwaysInvoice);

        Assert.Equal([-333, 333], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
        Assert.Equal((0L, 0L), (world.Newest.Total.MinorUnits, world.Balance));
    }

    [Fact]
    public void RPRO7_RCOU4_RemovedItem_IsCreditedNetOfItsShareOfTheDiscount()
    {
        var world = April("ten", [new("more/usd/month", 1)], "minus5");
        Assert.Equal(2_500, world.Newest.AmountPaid.MinorUnits);
        world.To("2026-04-16");
        world.Change("ten", Proration.AlwaysInvoice, ChangeTiming.Immediately, new PriceQuantity("more/usd/month", 1));
        Assert.Equal(-417, Assert.Single(world.Newest.Lines).Amount.MinorUnits);
    }

    [Fact]
    public void CreateProrations_PutsTheLinesOnTheNextInvoice()
    {
        var world = April("ten");
        world.To("2026-04-11");
        world.Change("twenty");
        Assert.Single(world.Invoices);

        world.To("2026-05-01T01:00:00Z");
        Assert.Equal([2_000, -667, 1_333], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
        Assert.Equal([false, true, true], world.Newest.Lines.Select(line => line.IsProration));
        world.To("2026-06-01T01:00:00Z");
        Assert.Equal(2_000, Assert.Single(world.Newest.Lines).Amount.MinorUnits);
    }

    [Fact]
    public void None_MakesNoLines_AndBillsTheNewPriceFromTheNextPeriodOn()
    {
        var world = April("ten");
        world.To("2026-04-11");
        world.Change("twenty", Proration.None);
        world.To("2026-05-01T01:00:00Z");
        Assert.Equal(2_000, Assert.Single(world.Newest.Lines).Amount.MinorUnits);
    }

    [Theory]
    [InlineData(Proration.CreateProrations)]
    [InlineData(Proration.AlwaysInvoice)]
    public void AChangeAndItsReverse_AtOneInstant_CostNothing(Proration proration)
    {
        // Halves of a cent on both sides: rounding each line by itself would lose one.
        var world = new World(World.At("2026-04-01"), catalog: builder => builder
            .AddPlan("odd", plan => plan.Price(1.05m, "USD", BillingInterval.Monthly))
            .AddPlan("other", plan => plan.Price(3.33m, "USD", BillingInterval.Monthly)));
        world.Card();
        world.Subscribe("odd");
        var before = world.Subscription;
        world.To("2026-04-16");
        world.Change("other", proration);
        world.Change("odd", proration);

        Assert.Equal(before, world.Subscription);
        world.Change("odd", proration);
        world.To("2026-05-01T01:00:00Z");
        Assert.Equal(105, world.Invoices.Skip(1).Sum(invoice => invoice.Total.MinorUnits));
        Assert.Equal(105, world.Invoices.Skip(1).Sum(invoice => invoice.AmountPaid.MinorUnits) - world.Balance);
    }

    [Fact]
    public void RPRO9_Seats_AreProratedAsAWhole_NeverTheDifference()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("team", new PriceQuantity("team/seat/usd/month", 2));
        world.To("2026-04-16");
        world.Change("team", Proration.AlwaysInvoice, ChangeTiming.Immediately, new PriceQuantity("team/seat/usd/month", 3));
        Assert.Equal([(-1_000L, 2L), (1_500L, 3L)], world.Newest.Lines.Select(line => (line.Amount.MinorUnits, line.Quantity)));
        Assert.Equal(3, Assert.Single(world.Subscription.Items).Quantity);
    }

    [Fact]
    public void RPRO9_AnAddedItem_OnlyDebits_AndTheUntouchedOneHasNoLine()
    {
        var world = April("ten");
        var item = Assert.Single(world.Subscription.Items);
        world.To("2026-04-16");
        world.Change("ten", Proration.AlwaysInvoice, ChangeTiming.Immediately, new PriceQuantity("ten/usd/month", 1), new PriceQuantity("more/usd/month", 1));
        Assert.Equal(1_000, Assert.Single(world.Newest.Lines).Amount.MinorUnits);
        Assert.Equal(item, world.Subscription.Items[0]);
        Assert.Equal(2, world.Subscription.Items.Count);
    }

    [Fact]
    public void ASecondChange_CreditsWhatTheFirstDebited()
    {
        var world = April("ten");
        world.To("2026-04-11");
        world.Change("twenty", Proration.AlwaysInvoice);
        world.To("2026-04-21");
        world.Change("big", Proration.AlwaysInvoice);
        Assert.Equal([-667, 10_000], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
    }

    [Fact]
    public void RPRO2_Discounts_AreInTheAmount_AndNotTakenAgain()
    {
        var world = April("ten", coupons: "p20");
        Assert.Equal(800, world.Newest.AmountPaid.MinorUnits);
        world.To("2026-04-16");
        world.Change("twenty", Proration.AlwaysInvoice);
        Assert.Equal([-400, 800], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
        Assert.True(world.Newest.Discount.IsZero);
    }

    [Fact]
    public void RTRI11_ChangesInATrial_CostNothing_AndKeepTheTrial()
    {
        var world = new World();
        world.Card();
        world.Trial("basic", 14);
        world.Advance(days: 5);
        world.Change("pro", Proration.AlwaysInvoice);
        Assert.Equal((SubscriptionStatus.Trialing, "pro", 1), (world.Subscription.Status, world.Subscription.PlanKey, world.Invoices.Count));
        Assert.Equal(world.Start.AddDays(14), world.Subscription.CurrentPeriod.End);

        world.To(world.Start.AddDays(14).AddHours(1));
        Assert.Equal(2_000, Assert.Single(world.Newest.Lines).Amount.MinorUnits);
    }

    [Fact]
    public void RANC6_AnotherInterval_CreditsTheRest_AndChargesTheNewPeriodInFullAtOnce()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("basic");
        world.To("2026-04-16");
        world.Change("basic", Proration.CreateProrations, ChangeTiming.Immediately, new PriceQuantity("basic/usd/year", 1));

        Assert.Equal([(-500L, true), (10_000L, false)], world.Newest.Lines.Select(line => (line.Amount.MinorUnits, line.IsProration)));
        Assert.Equal((InvoiceStatus.Paid, 9_500L), (world.Newest.Status, world.Newest.AmountPaid.MinorUnits));
        Assert.Equal(new BillingPeriod(World.At("2026-04-16"), World.At("2027-04-16")), world.Subscription.CurrentPeriod);
        Assert.Equal((World.At("2026-04-16"), BillingInterval.Yearly), (world.Subscription.BillingCycleAnchor, world.Subscription.Interval));
    }

    [Fact]
    public void AnotherInterval_WithoutProration_IsChargedInFull_AndNothingIsCredited()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("basic");
        world.To("2026-04-16");
        world.Change("basic", Proration.None, ChangeTiming.Immediately, new PriceQuantity("basic/usd/year", 1));
        Assert.Equal(10_000, Assert.Single(world.Newest.Lines).Amount.MinorUnits);
    }

    [Fact]
    public void FromFreeToPaid_ANewPeriodStarts_AndIsCharged()
    {
        var world = new World();
        world.Subscribe("free");
        world.To("2026-02-10");
        Assert.Equal(new BillingPeriod(World.At("2026-02-01"), World.At("2026-03-01")), world.Subscription.CurrentPeriod);
        world.Card();
        world.Change("basic");
        Assert.Equal(new BillingPeriod(World.At("2026-02-10"), World.At("2026-03-10")), world.Subscription.CurrentPeriod);
        Assert.Equal((1_000L, Currency.Of("USD")), (Assert.Single(world.Invoices).AmountPaid.MinorUnits, world.Subscription.Currency));
    }

    [Fact]
    public void FromPaidToFree_TheRestIsCreditedAtOnce()
    {
        var world = new World(World.At("2026-04-01"));
        world.Card();
        world.Subscribe("basic");
        world.To("2026-04-16");
        world.Change("free");
        Assert.Null(world.Subscription.Currency);
        Assert.Empty(world.Subscription.Items);

        Assert.Equal((-500L, 500L, InvoiceStatus.Paid), (world.Newest.Total.MinorUnits, world.Balance, world.Newest.Status));
        world.To("2026-08-01");
        Assert.Equal(2, world.Invoices.Count);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
    }

    [Fact]
    public void FromPaidToFree_WithMoreOwedThanCredited_WaitsForTheNextInvoice()
    {
        var world = April("ten");
        world.To("2026-04-11");
        world.Change("big");
        world.To("2026-04-21");
        world.Change("free");

        // -6.67 + 200.00 - 100.00: charged with the next invoice, as the change said.
        Assert.Equal((1, 0L), (world.Invoices.Count, world.Balance));
        world.To("2026-05-01T01:00:00Z");
        Assert.Equal((9_333L, InvoiceStatus.Paid), (world.Newest.AmountPaid.MinorUnits, world.Newest.Status));
    }

    [Theory]
    [InlineData(InvoiceAction.Void)]
    [InlineData(InvoiceAction.MarkUncollectible)]
    public void WhatWasNotPaid_IsNotCredited_NorIsAnyOfItWithLaterChanges(InvoiceAction action)
    {
        var world = Unpaid();
        world.Act(world.Newest, action);
        world.To("2026-05-11");
        world.Change("twenty", Proration.AlwaysInvoice);

        Assert.Equal([1_355L], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
    }

    [Fact]
    public void AWrittenOffInvoice_ThatIsPaidAfterAll_IsCreditedAgain()
    {
        var world = Unpaid();
        world.Act(world.Newest, InvoiceAction.MarkUncollectible);
        world.Act(world.Newest, InvoiceAction.PayOutOfBand);
        world.To("2026-05-16T12:00:00Z");
        world.CancelNow(prorate: true);

        Assert.Equal(500, world.Balance);
    }

    [Fact]
    public void AVoidedInvoice_TakesBackTheCreditThatWaited()
    {
        var world = Unpaid();
        var unpaid = world.Newest;
        world.To("2026-05-11");
        world.Change("twenty");
        world.Act(unpaid, InvoiceAction.Void);
        world.To("2026-05-16T12:00:00Z");
        world.CancelNow(prorate: true);

        // The change's 13.55 were never charged; of them 10.00 are given back, and the rest is owed no more.
        Assert.Equal(0, world.Balance);
        world.To("2026-08-01");
        Assert.Equal(0, world.Balance);
    }

    [Fact]
    public void AVoidedInvoiceOfAChange_IsNotCredited()
    {
        var world = April("ten");
        world.To("2026-04-11");
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.Change("big", Proration.AlwaysInvoice);
        world.Act(world.Newest, InvoiceAction.Void);
        world.To("2026-04-21");
        world.CancelNow(prorate: true);

        Assert.Equal(0, world.Balance);
    }

    [Fact]
    public void B16_ADowngradeAtPeriodEnd_WaitsForTheBoundary_WithoutLines()
    {
        var world = new World();
        world.Card();
        world.Subscribe("pro");
        world.Advance(days: 10);
        world.Change("basic", timing: ChangeTiming.AtPeriodEnd);
        Assert.Equal(("pro", "basic"), (world.Subscription.PlanKey, world.Subscription.ScheduledChange!.PlanKey));

        world.To("2026-02-01");
        Assert.Equal("basic", world.Subscription.PlanKey);
        Assert.Null(world.Subscription.ScheduledChange);
        Assert.Equal(1_000, Assert.Single(world.Newest.Lines).Amount.MinorUnits);
        Assert.Equal(World.At("2026-01-01"), world.Subscription.BillingCycleAnchor);
    }

    [Fact]
    public void B16_AScheduledChange_CanBeUndone()
    {
        var world = new World();
        world.Card();
        world.Subscribe("pro");
        var before = world.Subscription;
        world.Change("basic", timing: ChangeTiming.AtPeriodEnd);
        world.DropScheduledChange();
        Assert.Equal(before, world.Subscription);
        Assert.Equal(
            "No change of 'default' is scheduled. There is nothing to undo.",
            Assert.Throws<BillingException>(world.DropScheduledChange).Message);
    }

    [Fact]
    public void AnotherInterval_AtPeriodEnd_StartsItsCalendarAtTheBoundary()
    {
        var world = new World(World.At("2026-01-31"));
        world.Card();
        world.Subscribe("basic");
        world.Change("basic", Proration.CreateProrations, ChangeTiming.AtPeriodEnd, new PriceQuantity("basic/usd/year", 1));
        world.To("2026-02-28");
        Assert.Equal(new BillingPeriod(World.At("2026-02-28"), World.At("2027-02-28")), world.Subscription.CurrentPeriod);
        Assert.Equal(10_000, Assert.Single(world.Newest.Lines).Amount.MinorUnits);
    }

    [Fact]
    public void RPRO1_WhilePaused_NothingIsProrated()
    {
        var world = April("ten");
        world.Pause();
        world.To("2026-04-16");
        world.Change("twenty", Proration.AlwaysInvoice);
        Assert.Single(world.Invoices);
    }

    [Fact]
    public void B26_WhatAQuoteSays_IsWhatTheChangeCharges_AtThePinnedInstant()
    {
        var world = April("ten");
        world.To("2026-04-11T12:34:56Z");
        var before = world.Read();
        var change = world.ChangeTo("big", Proration.AlwaysInvoice);
        var preview = world.Preview(change);
        Assert.Equal(before.Cursor, world.Read().Cursor);

        world.Advance(hours: 0.9);
        world.Change(change);
        Assert.Equal(preview.Lines, world.Newest.Lines);
        Assert.Equal(preview.DueNow, world.Newest.AmountPaid);
        world.To("2026-05-01");
        Assert.Equal(preview.NextInvoice!.Lines, world.Newest.Lines);
        Assert.Equal(preview.NextInvoice.AmountDue, world.Newest.AmountDue);
    }

    [Fact]
    public void RPRO8_AnInstantBeforeThePeriod_IsRefused()
    {
        var world = April("ten");
        var change = world.ChangeTo("twenty");
        world.To("2026-05-02");
        Assert.Equal(BillingErrorCode.QuoteExpired, Assert.Throws<BillingException>(() => world.Change(change)).Code);
    }

    [Fact]
    public void ACoupon_ChangesNothingOfTheRunningPeriod()
    {
        var world = April("ten");
        world.To("2026-04-16");
        world.Coupon("p20");
        Assert.Single(world.Invoices);
        world.To("2026-05-01T01:00:00Z");
        Assert.Equal((1_000L, 200L, 800L), (world.Newest.Subtotal.MinorUnits, world.Newest.Discount.MinorUnits, world.Newest.AmountPaid.MinorUnits));
    }

    [Fact]
    public void Unpaid_AnImmediateChange_StaysADraft()
    {
        var world = StatusTableTests.PastDue(options => options.WhenRetriesExhausted = RetriesExhausted.MarkUnpaid);
        world.Advance(days: 16);
        world.Change("pro", Proration.AlwaysInvoice);
        Assert.Equal((InvoiceStatus.Draft, null, SubscriptionStatus.Unpaid), (world.Newest.Status, world.Newest.NextPaymentAttempt, world.Subscription.Status));
    }

    // Of 31 days in May; its invoice is open.
    private static World Unpaid()
    {
        var world = April("ten");
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.To("2026-05-01T02:00:00Z");
        Assert.Equal((InvoiceStatus.Open, SubscriptionStatus.PastDue), (world.Newest.Status, world.Subscription.Status));
        return world;
    }

    private static World April(string plan, PriceQuantity[]? more = null, params string[] coupons)
    {
        var world = new World(World.At("2026-04-01"), catalog: Plans);
        world.Card();
        world.Subscribe(world.Request(plan, [new($"{plan}/usd/month", 1), .. more ?? []]) with { Coupons = coupons });
        return world;
    }
}
