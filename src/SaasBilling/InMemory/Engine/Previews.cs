using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>What would a change cost, and what will the next renewal invoice? Found by doing it on a copy, so that it is what will happen.</summary>
internal static class Previews
{
    internal static InvoicePreview Of(BillingEngine engine, EngineCustomer customer, EngineSubscription subscription, ChangeSubscriptionRequest? change, DateTimeOffset now)
    {
        var copy = engine.Fork(customer);
        var account = copy.Find(customer.Id)!;
        var number = subscription.Number;
        var outcome = copy.Run(account, now, (context, same) =>
            change is null ? default : Changes.Change(context, same, same.FindSubscription(number)!, change)).Answer;

        var currency = outcome.Invoice?.Currency ?? CurrencyOf(engine.Context.Catalog, subscription, change);
        var waits = outcome.Invoice is null or { Status: InvoiceStatus.Draft };
        return new InvoicePreview(
            Money.FromMinorUnits(waits ? 0 : outcome.Invoice!.AmountDue, currency),
            outcome.Lines is null ? [] : Array.ConvertAll(outcome.Lines, line => line.ToLine(currency)),
            Next(copy, account, number));
    }

    /// <summary>Runs a copy up to the end of the subscription's period; null when nothing will be invoiced then.</summary>
    internal static Invoice? Next(BillingEngine copy, EngineCustomer account, int subscriptionNumber)
    {
        var last = account.LastInvoiceNumber;
        if (account.FindSubscription(subscriptionNumber) is not { IsLive: true, Status: not (SubscriptionStatus.Incomplete or SubscriptionStatus.Paused) } subscription)
            return null;

        var end = Math.Min(subscription.PeriodEnd, subscription.CancelsAt);
        while (copy.RunNextWithoutSnapshot(end))
        {
            foreach (var invoice in account.Invoices)
            {
                if (invoice.Number > last && invoice.SubscriptionNumber == subscriptionNumber)
                    return invoice.Status == InvoiceStatus.Void ? null : Snapshots.Of(account, invoice);
            }
        }

        return null;
    }

    // A free plan has no currency: zero is then told in that of the change, or of the first price that is sold.
    private static Currency CurrencyOf(IEngineCatalog catalog, EngineSubscription subscription, ChangeSubscriptionRequest? change)
    {
        if (!subscription.Currency.IsNone)
            return subscription.Currency;

        return change?.Currency ?? catalog.DefaultCurrency;
    }
}
