namespace SaasBilling.InMemory.Engine;

/// <summary>What does a payment, or its failure, make of the subscription? The edges of the status table.</summary>
internal static class Statuses
{
    /// <summary>Notes a change of an invoice, and of the subscription that shows it as its pending payment.</summary>
    internal static void TouchWith(EngineCustomer customer, EngineInvoice invoice)
    {
        customer.Touch(invoice);
        if (customer.FindSubscription(invoice.SubscriptionNumber) is { } subscription && ShowsPendingPayment(subscription))
            customer.Touch(subscription);
    }

    internal static bool ShowsPendingPayment(EngineSubscription subscription) =>
        subscription.Status is SubscriptionStatus.Incomplete or SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid;

    internal static void Paid(EngineCustomer customer, EngineInvoice invoice)
    {
        if (customer.FindSubscription(invoice.SubscriptionNumber) is not { } subscription || !ShowsPendingPayment(subscription))
            return;

        // An invoice on which nothing was due, as a downgrade's, pays for nothing that is owed beside it.
        if (subscription.Status == SubscriptionStatus.Incomplete || (IsLatest(customer, invoice) && (invoice.AmountDue > 0 || !Owes(customer, subscription))))
            Activate(subscription);

        customer.Touch(subscription);
    }

    /// <summary>The first attempt of the engine failed.</summary>
    internal static void Failed(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        if (customer.FindSubscription(invoice.SubscriptionNumber) is { Status: SubscriptionStatus.Active } subscription)
            FallBehind(context, customer, subscription);
    }

    internal static void FallBehind(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        subscription.Status = SubscriptionStatus.PastDue;
        subscription.PastDueSince = context.Now;
        customer.Touch(subscription);
    }

    /// <summary>An invoice was voided or written off: nothing is owed for it any more.</summary>
    internal static void WrittenOff(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        if (customer.FindSubscription(invoice.SubscriptionNumber) is not { } subscription)
            return;

        if (subscription.Status == SubscriptionStatus.Incomplete && invoice.Status == InvoiceStatus.Void)
            Cancellation.Expire(context, customer, subscription);
        else if (subscription.Status == SubscriptionStatus.PastDue && IsLatest(customer, invoice))
            Activate(subscription);

        customer.Touch(subscription);
    }

    // Only the latest invoice counts: an older one that is paid leaves the newer one owed.
    private static bool IsLatest(EngineCustomer customer, EngineInvoice invoice) =>
        !customer.Invoices.Exists(other => other.Number > invoice.Number && other.SubscriptionNumber == invoice.SubscriptionNumber && other.Status == InvoiceStatus.Open);

    private static bool Owes(EngineCustomer customer, EngineSubscription subscription) =>
        customer.Invoices.Exists(invoice => invoice.SubscriptionNumber == subscription.Number && invoice.Status == InvoiceStatus.Open);

    private static void Activate(EngineSubscription subscription)
    {
        subscription.Status = SubscriptionStatus.Active;
        subscription.PastDueSince = Instants.Never;
    }
}
