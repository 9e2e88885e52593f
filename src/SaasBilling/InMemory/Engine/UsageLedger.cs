using SaasBilling.Pricing;

namespace SaasBilling.InMemory.Engine;

/// <summary>How much was used of the metered prices, and which invoice bills it?</summary>
internal static class UsageLedger
{
    /// <summary>Starts to count for every metered item that is not counted yet.</summary>
    internal static void Open(EngineContext context, EngineSubscription subscription, long at)
    {
        foreach (var item in subscription.Items)
        {
            if (!item.IsMetered || HasOpen(subscription, item.Price))
                continue;

            (subscription.Usage ??= []).Add(new UsageSegment
            {
                Price = item.Price,
                Aggregation = context.Catalog.GetMeter(item.Price.Price.Meter!).Aggregation,
                Start = at,
            });
        }
    }

    /// <summary>The period is over, or the price changed: what was used until now is to be billed.</summary>
    internal static void Close(EngineSubscription subscription, long at)
    {
        if (subscription.Usage is null)
            return;

        foreach (var segment in subscription.Usage)
        {
            if (segment.IsOpen)
                segment.End = at;
        }
    }

    /// <summary>Closes what is counted for prices that the subscription no longer has. A segment without length is dropped.</summary>
    internal static void CloseRemoved(EngineSubscription subscription, long at)
    {
        if (subscription.Usage is not { } usage)
            return;

        foreach (var segment in usage)
        {
            if (segment.IsOpen && !Array.Exists(subscription.Items, item => ReferenceEquals(item.Price, segment.Price)))
                segment.End = at;
        }

        usage.RemoveAll(static segment => segment.End == segment.Start && segment.Value == 0);
    }

    /// <summary>Puts what was used in closed periods on the invoice that is being made; zero usage shows a line of zero.</summary>
    internal static void AddLines(List<EngineLine> lines, EngineSubscription subscription, Currency currency, int invoiceNumber)
    {
        if (subscription.Usage is null)
            return;

        foreach (var segment in subscription.Usage)
        {
            if (segment.IsOpen || segment.InvoiceNumber != 0 || segment.Price.Price.Currency != currency)
                continue;

            segment.InvoiceNumber = invoiceNumber;
            lines.Add(LineOf(segment));
        }
    }

    /// <summary>The invoice is finalized: its lines are frozen, and usage for them comes too late.</summary>
    internal static void Release(EngineSubscription subscription, int invoiceNumber) =>
        subscription.Usage?.RemoveAll(segment => segment.InvoiceNumber == invoiceNumber);

    internal static void Record(EngineContext context, EngineCustomer customer, string meter, decimal quantity, long at, string key)
    {
        if (IsKnown(customer, meter, key))
            return;

        RefuseClosed(customer, meter, at);
        foreach (var subscription in customer.Subscriptions)
        {
            if (subscription.Usage is null)
                continue;

            foreach (var segment in subscription.Usage)
            {
                if (segment.Meter != meter || !segment.Covers(at))
                    continue;

                segment.Add(quantity, at, key);
                if (segment.InvoiceNumber != 0 && customer.FindInvoice(segment.InvoiceNumber) is { Status: InvoiceStatus.Draft } draft)
                    Update(context, customer, draft, segment);
            }
        }
    }

    private static bool IsKnown(EngineCustomer customer, string meter, string key)
    {
        foreach (var subscription in customer.Subscriptions)
        {
            if (subscription.Usage is not null && subscription.Usage.Exists(segment => segment.Meter == meter && segment.Knows(key)))
                return true;
        }

        return false;
    }

    // Usage of a time before the oldest period that is still open, and after the trial, would be billed by nobody.
    private static void RefuseClosed(EngineCustomer customer, string meter, long at)
    {
        foreach (var subscription in customer.Subscriptions)
        {
            var oldest = Instants.Never;
            foreach (var segment in subscription.Usage ?? [])
            {
                if (segment.Meter == meter)
                    oldest = Math.Min(oldest, segment.Start);
            }

            if (oldest == Instants.Never || at >= oldest || at < subscription.CreatedAt || IsInTrial(subscription, at))
                continue;

            throw new BillingException(
                BillingErrorCode.InvalidArgument,
                $"Usage of '{meter}' at {Instants.At(at):yyyy-MM-dd HH:mm:ss}Z comes too late: the invoice of that period is finalized. Record usage from {Instants.At(oldest):yyyy-MM-dd HH:mm:ss}Z on, or add a one-off charge.");
        }
    }

    private static bool IsInTrial(EngineSubscription subscription, long at) =>
        subscription.TrialStart != Instants.Never && at >= subscription.TrialStart && at < subscription.TrialEnd;

    private static bool HasOpen(EngineSubscription subscription, CatalogPrice price) =>
        subscription.Usage is not null && subscription.Usage.Exists(segment => segment.IsOpen && ReferenceEquals(segment.Price, price));

    private static EngineLine LineOf(UsageSegment segment) => new()
    {
        Kind = LineKind.Usage,
        Price = segment.Price,
        Quantity = segment.Value,
        Amount = PriceMath.AmountFor(segment.Price.Price, segment.Value).MinorUnits,
        Start = segment.Start,
        End = segment.End,
    };

    private static void Update(EngineContext context, EngineCustomer customer, EngineInvoice draft, UsageSegment segment)
    {
        foreach (ref var line in draft.Lines.AsSpan())
        {
            if (line.Kind == LineKind.Usage && ReferenceEquals(line.Price, segment.Price) && line.Start == segment.Start && line.End == segment.End)
                line = LineOf(segment);
        }

        Totals.Compute(context, customer, draft);
        draft.AmountDue = Finalization.ExpectedDue(customer, draft);
        customer.Touch(draft);
    }
}
