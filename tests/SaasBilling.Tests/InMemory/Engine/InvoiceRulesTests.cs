using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

public class InvoiceRulesTests
{
    [Fact]
    public void RBAL1_Credit_IsAppliedAtFinalization_AndTheRestIsKept()
    {
        var world = StatusTableTests.Active();
        world.Credit(2_500);
        world.To("2026-02-01");
        Assert.Equal(2_500, world.Balance);
        Assert.True(world.Newest.AmountDue.IsZero);

        world.To("2026-02-01T01:00:00Z");
        Assert.Equal((InvoiceStatus.Paid, 0, 1_500), (world.Newest.Status, (int)world.Newest.AmountPaid.MinorUnits, (int)world.Balance));
        Assert.Equal(0, world.Newest.AttemptCount);
        Assert.NotNull(world.Newest.Number);

        world.To("2026-03-01T01:00:00Z");
        Assert.Equal(500, world.Balance);
        world.To("2026-04-01T01:00:00Z");
        Assert.Equal(0, world.Balance);
        Assert.Equal(Money.Of(5m, "USD"), world.Newest.AmountPaid);
    }

    [Fact]
    public void RBAL2_ANegativeTotal_AddsToTheCredit_AndTheInvoiceIsPaid()
    {
        var world = StatusTableTests.Active();
        world.Charge(-3_000);
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal(Money.Of(-20m, "USD"), world.Newest.Total);
        Assert.Equal((InvoiceStatus.Paid, 0L, 2_000L), (world.Newest.Status, world.Newest.AmountDue.MinorUnits, world.Balance));
    }

    [Fact]
    public void RBAL3_Voiding_GivesTheCreditBack()
    {
        var world = StatusTableTests.Active();
        world.Card(TestPaymentMethods.DeclinedAfterAttaching);
        world.Credit(400);
        world.To("2026-02-01T01:00:00Z");
        Assert.Equal((600L, 0L), (world.Newest.AmountDue.MinorUnits, world.Balance));
        world.Act(world.Newest, InvoiceAction.Void);
        Assert.Equal((InvoiceStatus.Void, 400L), (world.Newest.Status, world.Balance));
    }

    [Theory]
    [InlineData("USD", 49, true)]
    [InlineData("USD", 50, false)]
    [InlineData("EUR", 49, true)]
    [InlineData("GBP", 29, true)]
    [InlineData("GBP", 30, false)]
    [InlineData("JPY", 49, true)]
    [InlineData("JPY", 50, false)]
    public void RBAL4_BelowTheMinimumCharge_IsPaidAndCarriedOver(string currency, long minorUnits, bool isCarried)
    {
        var amount = Money.FromMinorUnits(minorUnits, currency);
        var world = new World(catalog: builder => builder.AddPlan("tiny", plan => plan.Price(amount.Amount, currency, BillingInterval.Monthly)));
        world.Card();
        world.Subscribe("tiny");
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal(InvoiceStatus.Paid, world.Newest.Status);
        Assert.Equal(isCarried ? 0 : minorUnits, world.Newest.AmountPaid.MinorUnits);
        Assert.Equal(isCarried ? -minorUnits : 0, world.Balance);
        if (!isCarried)
            return;

        world.To("2026-02-01T01:00:00Z");
        Assert.Equal((2 * minorUnits, 0L), (world.Newest.AmountPaid.MinorUnits, world.Balance));
    }

    [Fact]
    public void RNUM2_Numbers_AreConsecutiveWithinACustomer_OverSubscriptionsAndZeroInvoices()
    {
        var world = new World();
        world.Trial("basic", 14);
        world.Card();
        world.Subscribe(world.Request("pro") with { Name = "second" });
        world.ChargeNow(500);
        world.To("2026-02-01");

        Assert.Equal(["0001", "0002", "0003", "0004"], world.Invoices.Take(4).Select(invoice => invoice.Number![^4..]));
        Assert.Single(world.Invoices.Select(invoice => invoice.Number?[..8]).Where(prefix => prefix is not null).Distinct());
        Assert.Null(world.Newest.Number);
        Assert.Matches("^[A-Z2-9]{8}$", world.Invoices[0].Number![..8]);
    }

    [Fact]
    public void RNUM3_ThePrefix_DependsOnTheCustomerIdOnly()
    {
        var first = new World();
        var second = new World();
        second.Ensure("other");
        first.Trial("basic", 3);
        second.Trial("basic", 3);
        second.Subscribe(second.Request("basic") with { CustomerId = "other" });
        Assert.Equal(first.Newest.Number, second.Newest.Number);
        Assert.NotEqual(first.Newest.Number, second.Read("other").Invoices[0].Number);
    }

    [Fact]
    public void RSTA7_SentInvoice_IsActiveAtOnce_FinalizedAnHourLater_AndPastDueAfterItsDueDate()
    {
        var world = new World();
        world.Subscribe(world.Request("basic") with { InvoiceDueInDays = 14 });
        Assert.Equal((SubscriptionStatus.Active, InvoiceStatus.Draft), (world.Subscription.Status, world.Newest.Status));

        world.Advance(hours: 1);
        Assert.Equal((InvoiceStatus.Open, world.Start.AddDays(14)), (world.Newest.Status, world.Newest.DueAt));
        Assert.Equal((0, (DateTimeOffset?)null), (world.Newest.AttemptCount, world.Newest.NextPaymentAttempt));

        world.To(world.Start.AddDays(14).AddSeconds(-1));
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        world.Advance(seconds: 1);
        Assert.Equal((SubscriptionStatus.PastDue, world.Now), (world.Subscription.Status, world.Subscription.PastDueSince));

        world.Act(world.Newest, InvoiceAction.PayOutOfBand);
        Assert.Equal((SubscriptionStatus.Active, InvoiceStatus.Paid), (world.Subscription.Status, world.Newest.Status));
        Assert.Equal(
            BillingErrorCode.InvalidState,
            Assert.Throws<BillingException>(() => world.Refund(world.Newest, 100)).Code);
    }

    [Fact]
    public void SentInvoice_PaidInTime_IsNeverPastDue()
    {
        var world = new World();
        world.Subscribe(world.Request("basic") with { InvoiceDueInDays = 14 });
        world.Advance(days: 3);
        world.Act(world.Newest, InvoiceAction.PayOutOfBand);
        world.To("2026-01-31");
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
    }

    [Fact]
    public void Finalize_BeforeItsTime_ChargesADraft()
    {
        var world = StatusTableTests.Active();
        world.To("2026-02-01");
        world.Act(world.Newest, InvoiceAction.Finalize);
        Assert.Equal((InvoiceStatus.Paid, World.At("2026-02-01")), (world.Newest.Status, world.Newest.PaidAt));
        Assert.Equal(
            $"Invoice '{world.Newest.Id}' is Paid and cannot be finalized. Only a draft can be.",
            Assert.Throws<BillingException>(() => world.Act(world.Newest, InvoiceAction.Finalize)).Message);
    }

    [Theory]
    [InlineData(InvoiceAction.Finalize)]
    [InlineData(InvoiceAction.Pay)]
    [InlineData(InvoiceAction.PayOutOfBand)]
    [InlineData(InvoiceAction.Void)]
    [InlineData(InvoiceAction.MarkUncollectible)]
    public void RINV5_PaidInvoice_IsFinal(InvoiceAction action)
    {
        var world = StatusTableTests.Active();
        var before = world.Read();
        Assert.Equal(BillingErrorCode.InvalidState, Assert.Throws<BillingException>(() => world.Act(world.Newest, action)).Code);
        Assert.Equal(before.Cursor, world.Read().Cursor);
    }

    [Fact]
    public void PayingWithoutACard_IsRefused_AndSaysWhatToDo()
    {
        var world = new World();
        world.Subscribe("basic");
        Assert.Equal(
            $"Invoice '{world.Newest.Id}' cannot be paid: there is no payment method. Add one with AddPaymentMethodAsync first, or record a payment out of band.",
            Assert.Throws<BillingException>(() => world.Act(world.Newest, InvoiceAction.Pay)).Message);
    }

    [Fact]
    public void UnknownInvoice_IsNamed()
    {
        var world = new World();
        Assert.Equal(
            "Customer 'acme' has no invoice 'in_9_9'. Use an id from GetInvoicesAsync.",
            Assert.Throws<BillingException>(() => World.Done(world.Provider.ActOnInvoiceAsync(World.Acme, "in_9_9", InvoiceAction.Pay, "k", default))).Message);
    }

    [Fact]
    public void RITM1_OneOffCharge_GoesOnTheNextInvoice_Once()
    {
        var world = StatusTableTests.Active();
        var made = world.Charge(750, world.Subscription.Id);
        var waiting = Assert.Single(world.Read().PendingCharges!);
        Assert.Equal((made.Id, world.Subscription.Id, "Set-up"), (waiting.Id, waiting.SubscriptionId, waiting.Line.Description));

        world.To("2026-02-01T01:00:00Z");
        Assert.Equal([1_000, 750], world.Newest.Lines.Select(line => line.Amount.MinorUnits));
        Assert.Empty(world.Read().PendingCharges!);
        world.To("2026-03-01T01:00:00Z");
        Assert.Single(world.Newest.Lines);
    }

    [Fact]
    public void OneOffCharge_BeforeTheFirstSubscription_IsOnItsFirstInvoice()
    {
        var world = new World();
        world.Charge(750);
        world.Card();
        world.Subscribe("basic");
        Assert.Equal(Money.Of(17.5m, "USD"), Assert.Single(world.Invoices).AmountPaid);
    }

    [Fact]
    public void OneOffCharge_InAnotherCurrency_IsRefused()
    {
        var world = StatusTableTests.Active();
        var refused = Assert.Throws<BillingException>(() => world.Charge(100, currency: "EUR"));
        Assert.Equal((BillingErrorCode.CurrencyMismatch, "1.00 EUR cannot be charged: the customer is billed in USD. Use an amount in USD."), (refused.Code, refused.Message));
    }

    [Theory]
    [InlineData(TestPaymentMethods.Visa, InvoiceStatus.Paid, null)]
    [InlineData(TestPaymentMethods.DeclinedAfterAttaching, InvoiceStatus.Open, "generic_decline")]
    [InlineData(null, InvoiceStatus.Open, "no_payment_method")]
    public void ChargeNow_CollectsAtOnce_AndADeclineIsNoException(string? card, InvoiceStatus status, string? code)
    {
        var world = new World();
        if (card is not null)
            world.Card(card);

        var result = world.ChargeNow(1_234);
        var invoice = Assert.Single(world.Invoices);
        Assert.Equal(result.Id, invoice.Id);
        Assert.Equal((status, code, BillingReason.Manual, (string?)null), (invoice.Status, invoice.LastDeclineCode, invoice.Reason, invoice.SubscriptionId));
    }

    [Fact]
    public void Refunds_AreOfWhatACardPaid_InParts_AlsoFromTheArchive()
    {
        var world = StatusTableTests.Active();
        world.To("2026-04-01T02:00:00Z");
        var first = world.Invoices[0];
        var refund = world.Refund(first, 400);
        world.Refund(first, 600);

        var refunded = world.Invoices[0];
        Assert.Equal([400, 600], refunded.Refunds.Select(made => made.Amount.MinorUnits));
        Assert.Equal(refund.Id, refunded.Refunds[0].Id);
        Assert.Equal(4, world.Invoices.Count);
        var refused = Assert.Throws<BillingException>(() => world.Refund(first, 1));
        Assert.Equal(
            (BillingErrorCode.InvalidArgument, $"0.01 USD is more than is left to refund of invoice '{first.Id}': 0.00 USD. Refund at most that."),
            (refused.Code, refused.Message));
    }

    [Fact]
    public void Refund_OfAnInvoiceThatCreditPaid_IsRefused()
    {
        var world = new World();
        world.Credit(1_000);
        world.Subscribe("basic");
        Assert.Equal(
            $"No card was charged for invoice '{world.Newest.Id}' (Paid), so that nothing can go back to one. Use AddCreditAsync to credit the customer.",
            Assert.Throws<BillingException>(() => world.Refund(world.Newest, 100)).Message);
    }

    [Fact]
    public void RCARD5_DisputedCharge_IsPaid_ThenDisputed()
    {
        var world = new World();
        world.Card(TestPaymentMethods.Disputed);
        world.Subscribe("basic");
        Assert.Equal((InvoiceStatus.Paid, world.Now), (world.Newest.Status, world.Newest.DisputedAt));
    }

    [Fact]
    public void Tax_IsAskedForEachLine_AfterDiscounts()
    {
        var world = new World(tax: new Vat());
        world.Card();
        world.Subscribe(world.Request("basic", new PriceQuantity("basic/usd/month", 1), new PriceQuantity("boost/usd/month", 2)) with { Coupons = ["p20"] });
        var invoice = world.Newest;
        Assert.Equal((2_000L, 400L, 320L, 1_920L), (invoice.Subtotal.MinorUnits, invoice.Discount.MinorUnits, invoice.Tax.MinorUnits, invoice.AmountPaid.MinorUnits));
    }

    [Fact]
    public void B28_ATaxCalculatorThatThrows_ChangesNothing_AndStopsNobodyElse()
    {
        var tax = new Vat();
        var world = new World(tax: tax);
        world.Card();
        world.Subscribe("basic");
        world.Ensure("other");
        world.Card(customer: "other");
        world.Subscribe(world.Request("pro") with { CustomerId = "other" });

        tax.Refuses = "acme";
        var before = world.Read();
        Assert.Throws<NotSupportedException>(() => world.Change("pro", Proration.AlwaysInvoice));
        Assert.Equal(before.Subscriptions, world.Read().Subscriptions);
        Assert.Equal(before.Invoices, world.Read().Invoices);

        world.Sleep(days: 32);
        Assert.Throws<NotSupportedException>(() => world.Provider.RunNext(world.Now));
        Assert.Equal("other", world.Provider.RunNext(world.Now)!.Customer.Id);
        Assert.Equal(before.Subscriptions, world.Read().Subscriptions);

        tax.Refuses = null;
        world.Advance(hours: 2);
        Assert.Equal(2, world.Invoices.Count);
        Assert.Equal(new BillingPeriod(World.At("2026-02-01"), World.At("2026-03-01")), world.Subscription.CurrentPeriod);
    }

    private sealed class Vat : ITaxCalculator
    {
        public string? Refuses { get; set; }

        public Money CalculateTax(TaxRequest request) => request.CustomerId == Refuses
            ? throw new NotSupportedException("no rate")
            : Money.FromMinorUnits(request.Amount.MinorUnits / 5, request.Amount.Currency);
    }
}
