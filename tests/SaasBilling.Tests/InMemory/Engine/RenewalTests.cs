namespace SaasBilling.Tests.InMemory.Engine;

public class RenewalTests
{
    [Fact]
    public void RINV2_FirstInvoice_IsFinalizedAndPaidAtOnce()
    {
        var world = new World();
        world.Card();
        world.Subscribe("basic");

        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        var invoice = Assert.Single(world.Invoices);
        Assert.Equal(InvoiceStatus.Paid, invoice.Status);
        Assert.Equal(Money.Of(10m, "USD"), invoice.AmountPaid);
        Assert.Equal(BillingReason.SubscriptionCreate, invoice.Reason);
        Assert.Equal(1, invoice.AttemptCount);
        Assert.EndsWith("-0001", invoice.Number, StringComparison.Ordinal);
    }

    [Fact]
    public void RINV3_Renewal_IsDraftedAtTheBoundary_AndChargedAnHourLater()
    {
        var world = new World();
        world.Card();
        world.Subscribe("basic");

        world.To("2026-02-01");
        var draft = world.Newest;
        Assert.Equal(InvoiceStatus.Draft, draft.Status);
        Assert.Null(draft.Number);
        Assert.Equal(World.At("2026-02-01T01:00:00Z"), draft.NextPaymentAttempt);
        Assert.Equal(World.At("2026-02-01"), world.Subscription.CurrentPeriod.Start);

        world.Advance(hours: 1);
        var paid = world.Newest;
        Assert.Equal(InvoiceStatus.Paid, paid.Status);
        Assert.Equal(draft.Id, paid.Id);
        Assert.EndsWith("-0002", paid.Number, StringComparison.Ordinal);
        Assert.Equal(World.At("2026-02-01T01:00:00Z"), paid.PaidAt);
        Assert.Equal(BillingReason.SubscriptionCycle, paid.Reason);
    }

    [Fact]
    public void AYearOfRenewals_KeepsEveryInvoice()
    {
        var world = new World();
        world.Card();
        world.Subscribe("basic");
        world.To("2027-01-01T02:00:00Z");

        Assert.Equal(13, world.Invoices.Count);
        Assert.All(world.Invoices, invoice => Assert.Equal(InvoiceStatus.Paid, invoice.Status));
        Assert.Equal(Enumerable.Range(1, 13).Select(number => $"{number:D4}"), world.Invoices.Select(invoice => invoice.Number![^4..]));
        Assert.Equal(new BillingPeriod(World.At("2027-01-01"), World.At("2027-02-01")), world.Subscription.CurrentPeriod);
    }

    [Fact]
    public void Trial_WithCard_ConvertsAtItsEnd_AndIsChargedAnHourLater()
    {
        var world = new World();
        world.Card();
        world.Trial("basic", 14);
        Assert.Equal(SubscriptionStatus.Trialing, world.Subscription.Status);
        Assert.Equal(InvoiceStatus.Paid, Assert.Single(world.Invoices).Status);

        world.Advance(days: 14);
        Assert.Equal(SubscriptionStatus.Active, world.Subscription.Status);
        Assert.Equal(InvoiceStatus.Draft, world.Newest.Status);
        world.Advance(hours: 1);
        Assert.Equal(InvoiceStatus.Paid, world.Newest.Status);
        Assert.Equal(World.At("2026-01-15"), world.Subscription.BillingCycleAnchor);
    }
}
