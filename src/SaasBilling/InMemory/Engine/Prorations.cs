using SaasBilling.Pricing;

namespace SaasBilling.InMemory.Engine;

/// <summary>What does a change in mid-period cost? By the second; the whole item is credited and debited, each line rounded by itself.</summary>
internal static class Prorations
{
    /// <summary>Credit for the time that is left of what was really debited. None while collection is paused.</summary>
    internal static EngineLine[] CreditUnused(EngineCustomer customer, EngineSubscription subscription, long at)
    {
        if (subscription.Pause is not null || at >= subscription.PeriodEnd)
            return [];

        var lines = new List<EngineLine>(subscription.Items.Length);
        foreach (var item in subscription.Items)
            AddCredit(lines, customer, subscription, item, at);

        return [.. lines];
    }

    /// <summary>
    /// Credits for the items that are no longer as they were, and charges for those that are new. The subscription has its new items already;
    /// what each is debited is noted on it.
    /// </summary>
    internal static EngineLine[] OfChange(EngineContext context, EngineCustomer customer, EngineSubscription subscription, EngineItem[] before, long at)
    {
        var lines = new List<EngineLine>(before.Length + subscription.Items.Length);
        foreach (var item in before)
        {
            if (Array.IndexOf(subscription.Items, item) < 0)
                AddCredit(lines, customer, subscription, item, at);
        }

        var natural = Periods.NaturalStart(subscription);
        var net = new long[subscription.Items.Length];
        Totals.NetAmounts(subscription.Items, Coupons.ForProration(subscription, context.Now), net);
        for (var i = 0; i < net.Length; i++)
        {
            var item = subscription.Items[i];
            if (item.IsMetered || Array.IndexOf(before, item) >= 0)
                continue;

            item.Debited = net[i];
            item.DebitedFrom = natural;
            item.DebitedBy = 0;
            Add(lines, LineKind.RemainingTime, item, ProrationMath.Charge(net[i], subscription.PeriodEnd - at, subscription.PeriodEnd - natural), at, subscription.PeriodEnd);
        }

        return [.. lines];
    }

    /// <summary>The lines that take another change's lines back, to the minor unit.</summary>
    internal static EngineLine[] Reverse(EngineLine[] lines) => Array.ConvertAll(lines, static line => line with
    {
        Kind = line.Kind == LineKind.UnusedTime ? LineKind.RemainingTime : LineKind.UnusedTime,
        Amount = -line.Amount,
    });

    /// <summary>The lines wait for the subscription's next invoice.</summary>
    internal static void Await(EngineCustomer customer, EngineSubscription subscription, Currency currency, EngineLine[] lines)
    {
        if (lines.Length == 0)
            return;

        customer.Pending ??= [];
        foreach (var line in lines)
            customer.Pending.Add(new PendingLine(++customer.LastPendingNumber, subscription.Number, currency, line));
    }

    /// <summary>An invoice was voided: its time will never be paid for, so that none of it is given back, and what waited to give some back is dropped.</summary>
    internal static void TakeBack(EngineCustomer customer, EngineInvoice voided)
    {
        if (customer.FindSubscription(voided.SubscriptionNumber) is not { } subscription)
            return;

        foreach (var item in subscription.Items)
        {
            if (item.DebitedBy == voided.Number)
                item.Debited = 0;
        }

        subscription.LastChange = null;
        foreach (var line in voided.Lines)
        {
            var index = line.Kind is LineKind.Licensed or LineKind.RemainingTime ? customer.Pending?.FindIndex(waiting => GivesBack(waiting, subscription, line)) : null;
            if (index >= 0)
                customer.Pending!.RemoveAt(index.Value);
        }
    }

    /// <summary>
    /// Where a subscription ends: the credit goes to the balance at once, together with the prorations that were waiting, which it takes back.
    /// </summary>
    /// <returns>False, and nothing is done, when the customer owes more than is credited.</returns>
    internal static bool PutOnBalance(EngineContext context, EngineCustomer customer, EngineSubscription subscription, EngineLine[] credit)
    {
        var lines = new List<EngineLine>(credit);
        foreach (var waiting in customer.Pending ?? [])
        {
            if (Takes(waiting, subscription, subscription.Currency))
                lines.Add(waiting.Line);
        }

        // Not an invoice that anybody sees: it says what the lines come to with their tax.
        var sum = new EngineInvoice { Currency = subscription.Currency, CreatedAt = context.Now, Lines = [.. lines] };
        Totals.Compute(context, customer, sum);
        if (sum.Total > 0)
            return false;

        customer.Pending?.RemoveAll(waiting => Takes(waiting, subscription, subscription.Currency));
        customer.AddToBalance(subscription.Currency, -sum.Total);
        return true;
    }

    /// <summary>Whether a line that waits is one of the subscription's prorations in a currency.</summary>
    internal static bool Takes(in PendingLine waiting, EngineSubscription subscription, Currency currency) =>
        waiting.IsProration && waiting.SubscriptionNumber == subscription.Number && waiting.Currency == currency;

    private static bool GivesBack(in PendingLine waiting, EngineSubscription subscription, in EngineLine debit) =>
        waiting.SubscriptionNumber == subscription.Number && waiting.Line.Kind == LineKind.UnusedTime
        && waiting.Line.Price == debit.Price && waiting.Line.Quantity == debit.Quantity && waiting.Line.End == debit.End;

    // A written-off invoice can still be paid; as long as it is not, there is nothing to give back.
    private static void AddCredit(List<EngineLine> lines, EngineCustomer customer, EngineSubscription subscription, EngineItem item, long at)
    {
        if (!item.IsMetered && customer.FindInvoice(item.DebitedBy)?.Status != InvoiceStatus.Uncollectible)
            Add(lines, LineKind.UnusedTime, item, ProrationMath.Credit(item.Debited, subscription.PeriodEnd - at, subscription.PeriodEnd - item.DebitedFrom), at, subscription.PeriodEnd);
    }

    private static void Add(List<EngineLine> lines, LineKind kind, EngineItem item, long amount, long at, long end)
    {
        if (amount != 0)
            lines.Add(new EngineLine { Kind = kind, Price = item.Price, Quantity = item.Quantity, Amount = amount, Start = at, End = end });
    }
}
