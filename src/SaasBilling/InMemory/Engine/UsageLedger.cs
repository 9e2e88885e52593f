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
            lines.Add(LineOf(segment, segment.Value));
        }
    }

    /// <summary>The invoice is finalized: its lines are frozen, and usage for them comes too late.</summary>
    internal static void Release(EngineSubscription subscription, int invoiceNumber) =>
        subscription.Usage?.RemoveAll(segment => segment.InvoiceNumber == invoiceNumber);

    internal static void Record(EngineContext context, EngineCustomer customer, string meter, decimal quantity, long at, string key)
    {
        if (IsKnown(customer, meter, key))
            return;

        var segments = SegmentsAt(customer, meter, at);
        if (segments.Count == 0)
            RefuseClosed(customer, meter, at);

        // All that can be refused comes first, so that a refusal changes nothing.
        var drafts = new EngineInvoice?[segments.Count];
        for (var i = 0; i < drafts.Length; i++)
        {
            RequireBillable(segments[i], quantity, at);
            drafts[i] = DraftWith(context, customer, segments[i], segments[i].ValueWith(quantity, at));
        }

        for (var i = 0; i < drafts.Length; i++)
        {
            segments[i].Add(quantity, at, key);
            if (drafts[i] is not { } draft)
                continue;

            customer.Invoices[customer.Invoices.FindIndex(invoice => invoice.Number == draft.Number)] = draft;
            customer.Touch(draft);
        }
    }

    private static List<UsageSegment> SegmentsAt(EngineCustomer customer, string meter, long at)
    {
        var found = new List<UsageSegment>(1);
        foreach (var subscription in customer.Subscriptions)
        {
            if (subscription.Usage is not null)
                found.AddRange(subscription.Usage.FindAll(segment => segment.Meter == meter && segment.Covers(at)));
        }

        return found;
    }

    // What cannot be put on an invoice is refused when it is recorded, not when the period ends.
    private static void RequireBillable(UsageSegment segment, decimal quantity, long at)
    {
        try
        {
            Amounts.Of(segment.Price, segment.ValueWith(quantity, at));
        }
        catch (OverflowException exception)
        {
            throw new BillingException(BillingErrorCode.InvalidArgument, $"Usage of {quantity} of '{segment.Meter}' is more than can be counted. Record smaller quantities.", exception);
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

    private static EngineLine LineOf(UsageSegment segment, decimal value) => new()
    {
        Kind = LineKind.Usage,
        Price = segment.Price,
        Quantity = value,
        Amount = Amounts.Of(segment.Price, value),
        Start = segment.Start,
        End = segment.End,
    };

    // The draft that bills the segment, as it will be; null when none does yet.
    private static EngineInvoice? DraftWith(EngineContext context, EngineCustomer customer, UsageSegment segment, decimal value)
    {
        if (segment.InvoiceNumber == 0 || customer.FindInvoice(segment.InvoiceNumber) is not { Status: InvoiceStatus.Draft } draft)
            return null;

        var updated = draft.Copy();
        foreach (ref var line in updated.Lines.AsSpan())
        {
            if (line.Kind == LineKind.Usage && ReferenceEquals(line.Price, segment.Price) && line.Start == segment.Start && line.End == segment.End)
                line = LineOf(segment, value);
        }

        Totals.Compute(context, customer, updated);
        updated.AmountDue = Finalization.ExpectedDue(customer, updated);
        return updated;
    }
}
