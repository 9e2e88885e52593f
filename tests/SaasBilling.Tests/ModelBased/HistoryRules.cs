using SaasBilling.Storage;

namespace SaasBilling.Tests.ModelBased;

/// <summary>What is always true of one customer's history.</summary>
internal static class HistoryRules
{
    public static void Check(string customerId, CustomerState state, IReadOnlyList<BillingEvent> history, IReadOnlyList<Invoice> invoices, bool inOrder = true)
    {
        Assert.Equal(Enumerable.Range(1, history.Count).Select(number => $"{customerId}/{number}"), history.Select(raised => raised.Id));
        Assert.Equal(history.Count, state.EventCount);
        for (var i = 1; inOrder && i < history.Count; i++)
            Assert.True(history[i - 1].OccurredAt <= history[i].OccurredAt, $"{Show(history[i - 1])} comes before {Show(history[i])}.");

        var twice = history.GroupBy(Subject).FirstOrDefault(raised => raised.Key is not null && raised.Count() > 1);
        Assert.True(twice is null, $"Raised more than once: {twice?.Key}.");

        var isGranted = false;
        foreach (var raised in history)
        {
            if (raised is not (AccessGranted or AccessRestricted))
                continue;
            Assert.True(raised is AccessGranted != isGranted, $"{Show(raised)}, but the answer was that already.");
            isGranted = raised is AccessGranted;
        }

        Assert.Equal(isGranted, state.AccessWasGranted);
        CheckMoney(history, invoices);
    }

    public static bool AccessAtTheEnd(IReadOnlyList<BillingEvent> history) => history.LastOrDefault(raised => raised is AccessGranted or AccessRestricted) is AccessGranted;

    /// <summary>What an event tells of, where that happens only once.</summary>
    public static string? Subject(BillingEvent raised) => raised switch
    {
        CustomerCreated => "CustomerCreated",
        MilestoneReached milestone => $"MilestoneReached {milestone.Milestone}",
        TrialStarted or TrialConverted or SubscriptionCanceled or SubscriptionReactivated when raised is SubscriptionEvent of =>
            $"{raised.GetType().Name} {of.Subscription.Id}",
        SubscriptionRenewed renewed => $"SubscriptionRenewed {renewed.Subscription.Id} {renewed.Subscription.CurrentPeriod.Start:O}",
        TrialEnding ending => $"TrialEnding {ending.Subscription.Id} {ending.Subscription.Trial!.End:O} {ending.OccurredAt:O}",
        InvoiceUpcoming upcoming => $"InvoiceUpcoming {upcoming.Invoice.SubscriptionId} {upcoming.OccurredAt:O}",
        InvoiceFinalized of => $"InvoiceFinalized {of.Invoice.Id}",
        InvoicePaid of => $"InvoicePaid {of.Invoice.Id}",
        PaymentRecovered of => $"PaymentRecovered {of.Invoice.Id}",
        PaymentFailed of => $"PaymentFailed {of.Invoice.Id} {of.OccurredAt:O}",
        PaymentDisputed of => $"PaymentDisputed {of.Invoice.Id}",
        PaymentRefunded of => $"PaymentRefunded {of.Refund.Id}",
        PaymentMethodAdded of => $"PaymentMethodAdded {of.PaymentMethod.Id}",
        PaymentMethodRemoved of => $"PaymentMethodRemoved {of.PaymentMethod.Id}",
        PaymentMethodExpiring of => $"PaymentMethodExpiring {of.PaymentMethod.Id}",
        _ => null,
    };

    public static string Show(BillingEvent raised) => $"{raised.Id} {raised.GetType().Name} at {raised.OccurredAt:yyyy-MM-dd HH:mm:ss}";

    private static void CheckMoney(IReadOnlyList<BillingEvent> history, IReadOnlyList<Invoice> invoices)
    {
        Assert.Equal(
            invoices.Where(invoice => invoice.Status == InvoiceStatus.Paid).Select(Paid).Order(),
            history.OfType<InvoicePaid>().Select(paid => Paid(paid.Invoice)).Order());
        Assert.Equal(
            invoices.Where(invoice => invoice.Number is not null).Select(invoice => invoice.Id).Order(),
            history.OfType<InvoiceFinalized>().Select(finalized => finalized.Invoice.Id).Order());
        Assert.Equal(
            invoices.SelectMany(invoice => invoice.Refunds).Select(refund => $"{refund.Id} {refund.Amount}").Order(),
            history.OfType<PaymentRefunded>().Select(refunded => $"{refunded.Refund.Id} {refunded.Refund.Amount}").Order());

        static string Paid(Invoice invoice) => $"{invoice.Id} {invoice.AmountPaid}";
    }
}
