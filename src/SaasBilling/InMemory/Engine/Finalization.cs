namespace SaasBilling.InMemory.Engine;

/// <summary>A draft becomes an invoice: its number, the credit balance, what is due.</summary>
internal static class Finalization
{
    /// <summary>What would be due if it were finalized now.</summary>
    internal static long ExpectedDue(EngineCustomer customer, EngineInvoice draft)
    {
        var due = Math.Max(0, draft.Total - customer.BalanceIn(draft.Currency));
        return IsTooSmall(draft, due) ? 0 : due;
    }

    /// <summary>Finalizes a draft, and collects it if it is charged automatically.</summary>
    internal static void FinalizeAndCollect(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        Finalize(context, customer, invoice);
        if (invoice.Status == InvoiceStatus.Open && !invoice.IsSent)
            Payments.Collect(context, customer, invoice, Attempt.First);
    }

    /// <summary>Finalizes a draft: with nothing due it is paid at once, else it is open.</summary>
    internal static void Finalize(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        Number(context, customer, invoice);

        // Credit covers what it can, and a negative total adds to it; an amount that is too small to charge is carried over on the balance.
        invoice.AmountDue = ExpectedDue(customer, invoice);
        invoice.AppliedBalance = checked(invoice.Total - invoice.AmountDue);
        customer.AddToBalance(invoice.Currency, -invoice.AppliedBalance);
        if (invoice.AmountDue == 0)
        {
            Payments.MarkPaid(context, customer, invoice, byCard: false);
            return;
        }

        invoice.Status = InvoiceStatus.Open;
        Statuses.TouchWith(customer, invoice);
    }

    /// <summary>Finalizes an invoice that a pause voids: it takes a number, and nothing else happens.</summary>
    internal static void FinalizeVoid(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        Number(context, customer, invoice);
        invoice.AmountDue = Math.Max(0, invoice.Total);
        invoice.Status = InvoiceStatus.Void;
        customer.Touch(invoice);
    }

    private static void Number(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        invoice.Serial = ++customer.LastSerial;
        invoice.FinalizedAt = context.Now;
        invoice.NextAttemptAt = Instants.Never;
        invoice.Discounts = null;
        if (customer.FindSubscription(invoice.SubscriptionNumber) is { } subscription)
            UsageLedger.Release(subscription, invoice.Number);
    }

    private static bool IsTooSmall(EngineInvoice invoice, long due) => !invoice.IsSent && due > 0 && due < MinimumCharges.Of(invoice.Currency);
}
