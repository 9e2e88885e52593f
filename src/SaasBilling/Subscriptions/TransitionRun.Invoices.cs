namespace SaasBilling.Subscriptions;

/// <content>What happened to invoices and payments.</content>
internal sealed partial class TransitionRun
{
    private void MergeInvoices(IReadOnlyList<Invoice> mentioned)
    {
        for (var i = 0; i < mentioned.Count; i++)
        {
            var seen = mentioned[i];
            var stored = Stored(seen.Id);
            if (stored is not null && (IsOldNews(stored, seen) || stored.Equals(seen)))
                continue;

            Keep(seen);
            Tell(stored, seen);
        }
    }

    private Invoice? Stored(string invoiceId) => Find(_invoices.Value, invoiceId) ?? Find(_openInvoices.Value, invoiceId) ?? Find(_input.Settled, invoiceId);

    // Paid and void are final, a number is never taken back, and what failed, was returned or was disputed is not undone.
    private static bool IsOldNews(Invoice stored, Invoice seen) =>
        stored.Status switch
        {
            InvoiceStatus.Paid or InvoiceStatus.Void => seen.Status != stored.Status,
            InvoiceStatus.Uncollectible => seen.Status is InvoiceStatus.Draft or InvoiceStatus.Open,
            InvoiceStatus.Open => seen.Status == InvoiceStatus.Draft,
            _ => false,
        }
        || seen.Failures.Count < stored.Failures.Count
        || seen.Refunds.Count < stored.Refunds.Count
        || (stored.DisputedAt is not null && seen.DisputedAt is null);

    private void Keep(Invoice seen)
    {
        Put(ref _invoices, seen);
        if (seen.Status is InvoiceStatus.Draft or InvoiceStatus.Open or InvoiceStatus.Uncollectible)
        {
            Put(ref _openInvoices, seen);
            return;
        }

        var index = IndexOf(_openInvoices.Value, seen.Id);
        if (index >= 0)
            _openInvoices.RemoveAt(index);
    }

    private void Tell(Invoice? stored, Invoice seen)
    {
        // A draft that is thrown away never was an invoice.
        if (stored is null or { Status: InvoiceStatus.Draft } && seen.Status != InvoiceStatus.Draft && (seen.Status != InvoiceStatus.Void || seen.FinalizedAt is not null))
            _events.Add(EventKind.InvoiceFinalized, seen.FinalizedAt ?? seen.CreatedAt, seen);

        TellFailures(stored, seen);
        if (seen.Status == InvoiceStatus.Paid && stored?.Status != InvoiceStatus.Paid)
        {
            var at = seen.PaidAt ?? _observed;
            _events.Add(EventKind.InvoicePaid, at, seen);
            if (Recovers(seen))
                _events.Add(EventKind.PaymentRecovered, at, seen, Explain.Declines(seen) is > 0 and var declines ? Explain.Failures(declines) : null);
        }

        for (var i = 0; i < seen.Refunds.Count; i++)
        {
            if (stored is null || !HasRefund(stored, seen.Refunds[i].Id))
                _events.Add(EventKind.PaymentRefunded, seen.Refunds[i].CreatedAt, seen.Refunds[i]);
        }

        if (seen.DisputedAt is { } disputed && stored?.DisputedAt is null)
            _events.Add(EventKind.PaymentDisputed, disputed, seen);
    }

    private void TellFailures(Invoice? stored, Invoice seen)
    {
        for (var i = 0; i < seen.Failures.Count; i++)
        {
            var failure = seen.Failures[i];
            if (stored is not null && HasFailure(stored, failure.Id))
                continue;

            if (failure.DeclineCode is not null)
                _events.Add(EventKind.PaymentFailed, failure.At, seen, failure.DeclineCode);

            if (failure.RequiresAction)
                _events.Add(EventKind.PaymentActionRequired, failure.At, seen, Explain.BankAsks);
        }
    }

    // An invoice that was only sent, or that only waited on the bank, recovers when its payment ends what the subscription owed.
    private bool Recovers(Invoice paid)
    {
        // A first payment that succeeds at the second try starts a subscription, and recovers nothing; but one that was sent may have been overdue on a
        // subscription that lives.
        if (paid is { Reason: BillingReason.SubscriptionCreate, DueAt: null })
            return false;

        if (Explain.Declines(paid) > 0)
            return true;

        return paid is { SubscriptionId: { } id, AmountPaid.IsPositive: true } && Owed(id) && IndexOf(id) is >= 0 and var index && _subscriptions[index].Status == SubscriptionStatus.Active;
    }

    private bool Owed(string subscriptionId) => StoredSubscription(subscriptionId)?.Status is SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid;

    // A trial has converted when the first invoice after it is paid, be it zero, be it late. What is seen again counts too: subscription and invoice may
    // have come one after the other.
    private void ConvertTrials(IReadOnlyList<Invoice> mentioned)
    {
        for (var i = 0; i < _trials.Count && mentioned.Count > 0; i++)
        {
            var trial = _trials[i];
            if (trial.ConvertedAt is not null || IndexOf(trial.SubscriptionId) is not (>= 0 and var index))
                continue;

            var subscription = _subscriptions[index];
            if (subscription.Trial is not { } period || subscription.Status == SubscriptionStatus.Trialing)
                continue;

            for (var k = 0; k < mentioned.Count; k++)
            {
                var invoice = mentioned[k];
                if (invoice.SubscriptionId != subscription.Id || invoice.Status != InvoiceStatus.Paid || invoice.Reason is BillingReason.Manual or BillingReason.SubscriptionCreate || invoice.CreatedAt < period.End)
                    continue;

                var at = invoice.PaidAt ?? invoice.CreatedAt;
                _trials.Replace(i, trial with { ConvertedAt = at });
                _events.Add(EventKind.TrialConverted, at, subscription);
                break;
            }
        }
    }

    private static bool HasFailure(Invoice invoice, string failureId)
    {
        for (var i = 0; i < invoice.Failures.Count; i++)
        {
            if (invoice.Failures[i].Id == failureId)
                return true;
        }

        return false;
    }

    private static bool HasRefund(Invoice invoice, string refundId)
    {
        for (var i = 0; i < invoice.Refunds.Count; i++)
        {
            if (invoice.Refunds[i].Id == refundId)
                return true;
        }

        return false;
    }

    private static void Put(ref ListEdit<Invoice> invoices, Invoice invoice)
    {
        var index = IndexOf(invoices.Value, invoice.Id);
        if (index >= 0)
            invoices.Replace(index, invoice);
        else
            invoices.Add(invoice);
    }

    private static Invoice? Find(IReadOnlyList<Invoice> invoices, string id) => IndexOf(invoices, id) is >= 0 and var index ? invoices[index] : null;

    private static int IndexOf(IReadOnlyList<Invoice> invoices, string id)
    {
        for (var i = 0; i < invoices.Count; i++)
        {
            if (invoices[i].Id == id)
                return i;
        }

        return -1;
    }
}
