using System.Collections.Frozen;

namespace SaasBilling.InMemory.Engine;

/// <summary>When is a failed payment tried again, and what becomes of the subscription when the last try failed?</summary>
internal static class Dunning
{
    // https://docs.stripe.com/billing/revenue-recovery/smart-retries: nothing is charged until there is a new payment method.
    private static readonly FrozenSet<string> HardDeclines = FrozenSet.Create(
        "incorrect_number",
        "lost_card",
        "pickup_card",
        "stolen_card",
        "revocation_of_authorization",
        "revocation_of_all_authorizations",
        "authentication_required",
        "highest_risk_level",
        "transaction_not_allowed");

    /// <summary>Whether a retry would be of no use: no card, or still the card that the bank declined for good or wants the customer for.</summary>
    internal static bool IsPassedOver(EngineInvoice invoice, EngineCard? card) =>
        card is null || (card.Number == invoice.FailedCard && invoice.Failures is [.., var last] && (last.RequiresAction || HardDeclines.Contains(last.DeclineCode ?? "")));

    /// <summary>The schedule goes on, and nobody hears of it.</summary>
    internal static void PassOver(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        TakeRetry(context, customer, invoice);
        customer.Touch(invoice);
    }

    internal static void AfterFailure(EngineContext context, EngineCustomer customer, EngineInvoice invoice, Attempt attempt, string? code)
    {
        // A first payment has 23 hours and no retries; with no card there is nothing to retry; and what outlived its subscription is no longer collected.
        if (attempt == Attempt.First && (IsFirstPayment(customer, invoice) || code == Payments.NoPaymentMethod || IsOutlived(customer, invoice)))
            return;

        if (attempt == Attempt.First)
            Schedule(context, customer, invoice);
        else if (attempt == Attempt.Retry)
            TakeRetry(context, customer, invoice);
    }

    private static bool IsFirstPayment(EngineCustomer customer, EngineInvoice invoice) =>
        customer.FindSubscription(invoice.SubscriptionNumber) is { Status: SubscriptionStatus.Incomplete };

    // Its last invoice is made when it ends, and is collected.
    private static bool IsOutlived(EngineCustomer customer, EngineInvoice invoice) =>
        customer.FindSubscription(invoice.SubscriptionNumber) is { } subscription && subscription.EndedAt != Instants.Never && invoice.CreatedAt < subscription.EndedAt;

    private static void TakeRetry(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        invoice.RetriesTaken++;
        Schedule(context, customer, invoice);
    }

    private static void Schedule(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        if (invoice.RetriesTaken < context.Retries.Length)
        {
            invoice.NextAttemptAt = context.Now + context.Retries[invoice.RetriesTaken];
            return;
        }

        invoice.NextAttemptAt = Instants.Never;
        if (customer.FindSubscription(invoice.SubscriptionNumber) is { Status: SubscriptionStatus.PastDue } subscription)
            Exhausted(context, customer, subscription);
    }

    private static void Exhausted(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        switch (context.WhenRetriesExhausted)
        {
            case RetriesExhausted.Cancel:
                Cancellation.End(context, customer, subscription);
                break;
            case RetriesExhausted.MarkUnpaid:
                subscription.Status = SubscriptionStatus.Unpaid;
                customer.Touch(subscription);
                break;
        }
    }
}
