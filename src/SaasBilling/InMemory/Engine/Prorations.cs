using SaasBilling.Pricing;

namespace SaasBilling.InMemory.Engine;

/// <summary>What does a change in mid-period cost? By the second; the whole item is credited and debited, each line rounded by itself.</summary>
internal static class Prorations
{
    /// <summary>Credit for the time that is left of what was really debited. None while collection is paused.</summary>
    internal static EngineLine[] CreditUnused(EngineSubscription subscription, long at)
    {
        if (subscription.Pause is not null || at >= subscription.PeriodEnd)
            return [];

        var lines = new List<EngineLine>(subscription.Items.Length);
        foreach (var item in subscription.Items)
            AddCredit(lines, subscription, item, at);

        return [.. lines];
    }

    /// <summary>
    /// Credits for the items that are no longer as they were, and charges for those that are new. The subscription has its new items already;
    /// what each is debited is noted on it.
    /// </summary>
    internal static EngineLine[] OfChange(EngineContext context, EngineSubscription subscription, EngineItem[] before, long at)
    {
        var lines = new List<EngineLine>(before.Length + subscription.Items.Length);
        foreach (var item in before)
        {
            if (Array.IndexOf(subscription.Items, item) < 0)
                AddCredit(lines, subscription, item, at);
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

    /// <summary>
    /// Where a subscription ends: the credit goes to the balance at once, together with the prorations that were waiting, which it takes back.
    /// </summary>
    /// <returns>False, and nothing is done, when the customer owes more than is credited.</returns>
    internal static bool PutOnBalance(EngineContext context, EngineCustomer customer, EngineSubscription subscription, EngineLine[] credit)
    {
        var lines = new List<EngineLine>(credit);
        foreach (var waiting in customer.Pending ?? [])
        {
            if (Takes(waiting, subscription))
                lines.Add(waiting.Line);
        }

        // Not an invoice that anybody sees: it says what the lines come to with their tax.
        var sum = new EngineInvoice { Currency = subscription.Currency, CreatedAt = context.Now, Lines = [.. lines] };
        Totals.Compute(context, customer, sum);
        if (sum.Total > 0)
            return false;

        customer.Pending?.RemoveAll(waiting => Takes(waiting, subscription));
        customer.AddToBalance(subscription.Currency, -sum.Total);
        return true;
    }

    private static bool Takes(in PendingLine waiting, EngineSubscription subscription) =>
        waiting.IsProration && waiting.SubscriptionNumber == subscription.Number && waiting.Currency == subscription.Currency;

    private static void AddCredit(List<EngineLine> lines, EngineSubscription subscription, EngineItem item, long at)
    {
        if (!item.IsMetered)
            Add(lines, LineKind.UnusedTime, item, ProrationMath.Credit(item.Debited, subscription.PeriodEnd - at, subscription.PeriodEnd - item.DebitedFrom), at, subscription.PeriodEnd);
    }

    private static void Add(List<EngineLine> lines, LineKind kind, EngineItem item, long amount, long at, long end)
    {
        if (amount != 0)
            lines.Add(new EngineLine { Kind = kind, Price = item.Price, Quantity = item.Quantity, Amount = amount, Start = at, End = end });
    }
}
