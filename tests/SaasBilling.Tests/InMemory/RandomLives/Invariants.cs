using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.RandomLives;

/// <summary>What is always true of a customer, whatever was done.</summary>
internal static class Invariants
{
    public static void Check(CustomerSnapshot now)
    {
        foreach (var invoice in now.Invoices)
            Check(invoice, now.ObservedAt);
        foreach (var subscription in now.Subscriptions)
            Check(subscription, now);

        var numbers = now.Invoices.Where(invoice => invoice.Number is not null).Select(invoice => invoice.Number!).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(serial => $"{serial:D4}"), numbers.Select(number => number.Split('-')[1]));
        Assert.Equal(now.Invoices.Select(invoice => invoice.CreatedAt).Order(), now.Invoices.Select(invoice => invoice.CreatedAt));
        Assert.All(now.Subscriptions.Where(subscription => subscription.IsLive).GroupBy(subscription => subscription.Name), live => Assert.Single(live));
        Assert.InRange(now.PaymentMethods!.Count(method => method.IsDefault), 0, 1);
    }

    /// <summary>The status graph: https://docs.stripe.com/billing/subscriptions/overview, and pauses, which hide what goes on beneath them.</summary>
    public static void CheckEdges(CustomerSnapshot before, CustomerSnapshot after)
    {
        foreach (var old in before.Subscriptions)
        {
            var subscription = Assert.Single(after.Subscriptions, candidate => candidate.Id == old.Id);
            if (subscription.Status == old.Status)
                continue;
            var isLegal = old.Status switch
            {
                SubscriptionStatus.Canceled or SubscriptionStatus.IncompleteExpired => false,
                SubscriptionStatus.Incomplete => subscription.Status is SubscriptionStatus.Active or SubscriptionStatus.IncompleteExpired or SubscriptionStatus.Canceled,
                _ => subscription.Status is not (SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired or SubscriptionStatus.Unknown),
            };
            Assert.True(isLegal, $"{old.Status} -> {subscription.Status}");
        }

        foreach (var old in before.Invoices)
        {
            var invoice = Assert.Single(after.Invoices, candidate => candidate.Id == old.Id);
            var isLegal = invoice.Status == old.Status || old.Status switch
            {
                InvoiceStatus.Draft => true,
                InvoiceStatus.Open => invoice.Status is InvoiceStatus.Paid or InvoiceStatus.Void or InvoiceStatus.Uncollectible,
                InvoiceStatus.Uncollectible => invoice.Status is InvoiceStatus.Paid or InvoiceStatus.Void,
                _ => false,
            };
            Assert.True(isLegal, $"{old.Status} -> {invoice.Status}");

            // Once finalized, what is asked for does not change.
            if (old.Status != InvoiceStatus.Draft)
                Assert.Equal((old.Number, old.Total, old.FinalizedAt), (invoice.Number, invoice.Total, invoice.FinalizedAt));
            if (old.Status != InvoiceStatus.Draft)
                Assert.Equal(old.Lines, invoice.Lines);
        }
    }

    private static void Check(Invoice invoice, DateTimeOffset now)
    {
        var zero = Money.Zero(invoice.Total.Currency);
        Assert.Equal(invoice.Subtotal - invoice.Discount + invoice.Tax, invoice.Total);
        Assert.Equal(invoice.Subtotal, invoice.Lines.Aggregate(zero, (sum, line) => sum + line.Amount));
        Assert.False(invoice.AmountDue.IsNegative);
        Assert.False(invoice.Discount.IsNegative);
        Assert.Equal(invoice.Status == InvoiceStatus.Paid, invoice.PaidAt is not null);
        Assert.Equal(invoice.Status == InvoiceStatus.Paid ? invoice.AmountDue : zero, invoice.AmountPaid);
        Assert.Equal(invoice.Number is null, invoice.FinalizedAt is null);
        Assert.True(invoice.Status is InvoiceStatus.Draft or InvoiceStatus.Void || invoice.Number is not null, "A finalized invoice has no number.");
        Assert.True(invoice.Status != InvoiceStatus.Draft || invoice.Number is null, "A draft has a number.");
        Assert.True(invoice.NextPaymentAttempt is null || invoice.Status is InvoiceStatus.Draft or InvoiceStatus.Open, $"A {invoice.Status} invoice will be tried again.");
        Assert.True(invoice.NextPaymentAttempt is null || invoice.NextPaymentAttempt > now, "An attempt is overdue.");
        Assert.True(invoice.Refunds.Aggregate(zero, (sum, refund) => sum + refund.Amount) <= invoice.AmountPaid, "More was refunded than paid.");
        Assert.Equal(invoice.Failures.Select(failure => failure.At).Order(), invoice.Failures.Select(failure => failure.At));
        Assert.InRange(invoice.AttemptCount, 0, invoice.Failures.Count + 1);
    }

    private static void Check(Subscription subscription, CustomerSnapshot now)
    {
        Assert.True(subscription.CurrentPeriod.Start <= subscription.CurrentPeriod.End, "A period ends before it starts.");
        Assert.Equal(!subscription.IsLive, subscription.EndedAt is not null);
        Assert.Equal(subscription.Items.Count, subscription.Items.Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(subscription.PlanKey, subscription.Items.Count == 0 ? subscription.PlanKey : subscription.Items[0].PriceKey.Split('/')[0]);
        if (!subscription.IsLive)
        {
            Assert.Equal((null, null, null), (subscription.Pause, subscription.ScheduledChange, subscription.PendingPayment));
            Assert.DoesNotContain(now.Invoices, invoice => invoice.SubscriptionId == subscription.Id && invoice.CreatedAt < subscription.EndedAt && invoice.NextPaymentAttempt is not null);
            return;
        }

        Assert.Null(now.Customer.DeletedAt);
        Assert.True(subscription.CancelsAt is null || subscription.CancelsAt > now.ObservedAt, "It should have ended.");
        Assert.Equal(subscription.CancelsAt is null, subscription.CanceledAt is null);
        if (subscription.Status is SubscriptionStatus.Active or SubscriptionStatus.Trialing or SubscriptionStatus.PastDue)
            Assert.True(subscription.CurrentPeriod.Start <= now.ObservedAt && now.ObservedAt < subscription.CurrentPeriod.End, "The period is not the present one.");
        if (subscription.Status == SubscriptionStatus.Trialing)
            Assert.Equal((subscription.Trial, subscription.CurrentPeriod.End), (subscription.CurrentPeriod, subscription.Trial!.End));
        if (subscription.Status is SubscriptionStatus.Active or SubscriptionStatus.Trialing)
            Assert.Equal((null, null), (subscription.PastDueSince, subscription.PendingPayment));
        if (subscription.Status == SubscriptionStatus.PastDue)
            Assert.NotNull(subscription.PastDueSince);
        if (subscription.Status == SubscriptionStatus.Incomplete)
            Assert.True(subscription.PendingPayment is not null || now.Invoices.Any(invoice => invoice.SubscriptionId == subscription.Id && invoice.Status == InvoiceStatus.Uncollectible), "Nothing is to be paid.");
        if (subscription.PendingPayment is { } pending)
        {
            var owed = Assert.Single(now.Invoices, invoice => invoice.Id == pending.InvoiceId);
            Assert.Equal((InvoiceStatus.Open, owed.AmountDue, subscription.Id), (owed.Status, pending.Amount, owed.SubscriptionId));
        }
    }
}
