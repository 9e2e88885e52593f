using SaasBilling.Pricing;

namespace SaasBilling.InMemory.Engine;

/// <summary>What stands on an invoice? Gathers lines, and makes a draft of them.</summary>
internal static class Drafting
{
    /// <summary>
    /// The invoice of a period that starts now: its prices in advance, the usage of closed periods in arrears, and what was waiting. Null when
    /// there is nothing to invoice, as on a free plan.
    /// </summary>
    internal static EngineInvoice? Period(EngineContext context, EngineCustomer customer, EngineSubscription subscription, BillingReason reason)
    {
        var lines = context.Lines;
        lines.Clear();
        AddLicensed(lines, subscription);
        var currency = CurrencyOf(customer, subscription);
        AddWaiting(lines, customer, subscription, currency);
        if (lines.Count == 0)
            return null;

        var invoice = Make(context, customer, subscription, reason, currency, lines);
        Debit(subscription, invoice);
        return invoice;
    }

    /// <summary>The invoice of a trial's start: a line of zero for each item.</summary>
    internal static EngineInvoice Trial(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        var lines = context.Lines;
        lines.Clear();
        foreach (var item in subscription.Items)
        {
            lines.Add(new EngineLine
            {
                Kind = LineKind.Trial,
                Price = item.Price,
                Quantity = item.Quantity,
                Start = subscription.TrialStart,
                End = subscription.TrialEnd,
            });
        }

        return Make(context, customer, subscription, BillingReason.SubscriptionCreate, subscription.Currency, lines);
    }

    /// <summary>What was waiting for the subscription's next invoice, which is its last; null when nothing was.</summary>
    internal static EngineInvoice? Final(EngineContext context, EngineCustomer customer, EngineSubscription subscription, ReadOnlySpan<EngineLine> credit)
    {
        var lines = context.Lines;
        lines.Clear();
        var currency = CurrencyOf(customer, subscription);
        AddWaiting(lines, customer, subscription, currency);
        lines.AddRange(credit);
        return lines.Count == 0 ? null : Make(context, customer, subscription, BillingReason.SubscriptionUpdate, currency, lines);
    }

    /// <summary>The invoice that a change in mid-period makes at once: its prorations, and what was waiting.</summary>
    internal static EngineInvoice Changed(EngineContext context, EngineCustomer customer, EngineSubscription subscription, Currency currency, ReadOnlySpan<EngineLine> prorations)
    {
        var lines = context.Lines;
        lines.Clear();
        lines.AddRange(prorations);
        AddPending(lines, customer, subscription, currency);
        return Make(context, customer, subscription, BillingReason.SubscriptionUpdate, currency, lines);
    }

    /// <summary>
    /// The invoice of a change to a free plan, which has no need of a next invoice that would take what is waiting: a credit goes to the balance by it, at once.
    /// Null, and everything waits on, when the plan is not free or the customer owes more than is credited.
    /// </summary>
    internal static EngineInvoice? Credited(EngineContext context, EngineCustomer customer, EngineSubscription subscription, Currency currency)
    {
        if (subscription.Items.Length > 0 || customer.Pending is not { } pending)
            return null;

        var lines = context.Lines;
        lines.Clear();
        long sum = 0;
        foreach (var waiting in pending)
        {
            if (!Prorations.Takes(waiting, subscription, currency))
                continue;

            lines.Add(waiting.Line);
            sum += waiting.Line.Amount;
        }

        if (sum >= 0)
            return null;

        pending.RemoveAll(waiting => Prorations.Takes(waiting, subscription, currency));
        return Make(context, customer, subscription, BillingReason.SubscriptionUpdate, currency, lines);
    }

    /// <summary>The invoice of a period that a change started: credit for the old one, the new one in full, and what was waiting. Null when there is nothing.</summary>
    internal static EngineInvoice? Restarted(EngineContext context, EngineCustomer customer, EngineSubscription subscription, Currency currency, ReadOnlySpan<EngineLine> credit)
    {
        var lines = context.Lines;
        lines.Clear();
        lines.AddRange(credit);
        AddLicensed(lines, subscription);
        AddWaiting(lines, customer, subscription, currency);
        if (lines.Count == 0)
            return null;

        var invoice = Make(context, customer, subscription, BillingReason.SubscriptionUpdate, currency, lines);
        Debit(subscription, invoice);
        return invoice;
    }

    /// <summary>A draft of these lines. <paramref name="subscription"/> is null for a one-off charge.</summary>
    internal static EngineInvoice Make(EngineContext context, EngineCustomer customer, EngineSubscription? subscription, BillingReason reason, Currency currency, List<EngineLine> lines)
    {
        var invoice = new EngineInvoice
        {
            Number = ++customer.LastInvoiceNumber,
            SubscriptionNumber = subscription?.Number ?? 0,
            Reason = reason,
            Currency = currency,
            CreatedAt = context.Now,
            Lines = [.. lines],
        };
        if (subscription is not null)
        {
            invoice.Discounts = Coupons.ForInvoice(subscription, context.Now);
            if (subscription.DueInDays is { } days)
            {
                invoice.IsSent = true;
                invoice.DueAt = context.Now + days * Instants.SecondsPerDay;
            }
        }

        Totals.Compute(context, customer, invoice);
        invoice.AmountDue = Finalization.ExpectedDue(customer, invoice);
        if (subscription is not null)
            Coupons.Consume(customer, subscription, invoice);

        customer.Invoices.Add(invoice);
        customer.Touch(invoice);
        return invoice;
    }

    /// <summary>The prices in advance of the period that starts, or of the short period up to the anchor, counted by the second.</summary>
    internal static void AddLicensed(List<EngineLine> lines, EngineSubscription subscription)
    {
        var natural = Periods.NaturalStart(subscription);
        foreach (var item in subscription.Items)
        {
            if (item.IsMetered)
                continue;

            var amount = natural == subscription.PeriodStart
                ? item.Amount
                : ProrationMath.Charge(item.Amount, subscription.PeriodEnd - subscription.PeriodStart, subscription.PeriodEnd - natural);
            lines.Add(new EngineLine
            {
                Kind = LineKind.Licensed,
                Price = item.Price,
                Quantity = item.Quantity,
                Amount = amount,
                Start = subscription.PeriodStart,
                End = subscription.PeriodEnd,
            });
        }
    }

    /// <summary>Notes what each item was really debited for the period, net of discounts.</summary>
    internal static void Debit(EngineSubscription subscription, EngineInvoice invoice)
    {
        var line = 0;
        foreach (var item in subscription.Items)
        {
            if (item.IsMetered)
                continue;

            while (invoice.Lines[line].Kind != LineKind.Licensed)
                line++;

            item.Debited = invoice.Lines[line].Amount - invoice.Lines[line].Discount;
            item.DebitedFrom = subscription.PeriodStart;
            item.DebitedBy = invoice.Number;
            line++;
        }
    }

    /// <summary>Nothing was debited for the period that starts: a trial, free time, or a pause that voids its invoice.</summary>
    internal static void DebitNothing(EngineSubscription subscription)
    {
        foreach (var item in subscription.Items)
        {
            item.Debited = 0;
            item.DebitedFrom = subscription.PeriodStart;
            item.DebitedBy = 0;
        }
    }

    private static void AddWaiting(List<EngineLine> lines, EngineCustomer customer, EngineSubscription subscription, Currency currency)
    {
        UsageLedger.AddLines(lines, subscription, currency, customer.LastInvoiceNumber + 1);
        AddPending(lines, customer, subscription, currency);
    }

    private static void AddPending(List<EngineLine> lines, EngineCustomer customer, EngineSubscription subscription, Currency currency)
    {
        // An invoice that a pause voids takes no charge with it that waited.
        if (customer.Pending is not { Count: > 0 } pending || subscription.Pause is { Behavior: PauseBehavior.Void })
            return;

        var before = pending.Count;
        foreach (var waiting in pending)
        {
            if (IsFor(waiting, subscription, currency))
                lines.Add(waiting.Line);
        }

        pending.RemoveAll(waiting => IsFor(waiting, subscription, currency));
        if (pending.Count != before)
            customer.PendingRevision = customer.Touch();
    }

    private static bool IsFor(in PendingLine waiting, EngineSubscription subscription, Currency currency) =>
        waiting.Currency == currency && (waiting.SubscriptionNumber == subscription.Number || waiting.SubscriptionNumber == 0);

    // A free plan has no currency of its own; what waits from a paid one has.
    private static Currency CurrencyOf(EngineCustomer customer, EngineSubscription subscription)
    {
        if (!subscription.Currency.IsNone)
            return subscription.Currency;

        foreach (var segment in subscription.Usage ?? [])
        {
            if (!segment.IsOpen && segment.InvoiceNumber == 0)
                return segment.Price.Price.Currency;
        }

        foreach (var waiting in customer.Pending ?? [])
        {
            if (waiting.SubscriptionNumber == subscription.Number || waiting.SubscriptionNumber == 0)
                return waiting.Currency;
        }

        return default;
    }
}
