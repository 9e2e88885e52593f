namespace SaasBilling.InMemory.Engine;

/// <summary>How does a subscription end, and what becomes of what is still to be billed or credited?</summary>
internal static class Cancellation
{
    internal static void Cancel(EngineContext context, EngineCustomer customer, EngineSubscription subscription, CancelOptions options)
    {
        States.RequireLive(subscription, "A subscription can be canceled");
        if (options.At is { } at)
        {
            ScheduleAt(context, subscription, Instants.From(at), options.Prorate);
        }
        else if (options.Timing == CancelTiming.AtPeriodEnd && subscription.Status != SubscriptionStatus.Incomplete && !subscription.IsPausedAfterTrial)
        {
            subscription.CancelsAt = subscription.PeriodEnd;
            subscription.CancelsAtPeriodEnd = true;
            subscription.CancelProrates = false;
        }
        else
        {
            subscription.CancellationReason = options.Reason;
            Now(context, customer, subscription, options);
            return;
        }

        subscription.CanceledAt = context.Now;
        subscription.CancellationReason = options.Reason;
        customer.Touch(subscription);
    }

    internal static void Undo(EngineSubscription subscription)
    {
        subscription.CancelsAt = Instants.Never;
        subscription.CancelsAtPeriodEnd = false;
        subscription.CancelProrates = false;
        subscription.CanceledAt = Instants.Never;
        subscription.CancellationReason = null;
    }

    /// <summary>The end that was scheduled: what waited is billed on a last invoice; a trial is never charged.</summary>
    internal static void EndAsScheduled(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        if (subscription.Status is SubscriptionStatus.Trialing or SubscriptionStatus.Paused)
        {
            End(context, customer, subscription);
            return;
        }

        StopCollecting(customer, subscription);
        UsageLedger.Close(subscription, context.Now);
        var credit = subscription.CancelProrates ? Prorations.CreditUnused(customer, subscription, context.Now) : [];
        if (credit.Length > 0 && Prorations.PutOnBalance(context, customer, subscription, credit))
            credit = [];

        var last = Drafting.Final(context, customer, subscription, credit);
        if (last is not null)
            Renewals.Dispatch(context, customer, subscription, last);

        End(context, customer, subscription, last);
    }

    /// <summary>Ends it now. What waits is dropped, one-off charges stay with the customer, and open invoices are no longer collected.</summary>
    internal static void End(EngineContext context, EngineCustomer customer, EngineSubscription subscription, EngineInvoice? last = null)
    {
        StopCollecting(customer, subscription, last);
        Drop(customer, subscription, last);
        if (subscription.CancelsAt > context.Now)
        {
            subscription.CancelsAt = Instants.Never;
            subscription.CancelProrates = false;
        }

        if (subscription.CanceledAt == Instants.Never)
            subscription.CanceledAt = context.Now;
        Finish(context, customer, subscription, SubscriptionStatus.Canceled);
    }

    /// <summary>The first payment did not come in time: its invoice is voided.</summary>
    internal static void ExpireUnpaid(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        VoidOpen(customer, subscription);
        Expire(context, customer, subscription);
    }

    /// <summary>The first payment will not come: the subscription never lived.</summary>
    internal static void Expire(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        Drop(customer, subscription, null);
        Finish(context, customer, subscription, SubscriptionStatus.IncompleteExpired);
    }

    private static void ScheduleAt(EngineContext context, EngineSubscription subscription, long at, bool prorates)
    {
        if (at <= context.Now)
        {
            throw new BillingException(
                BillingErrorCode.InvalidArgument,
                $"A subscription cannot be canceled at {Instants.At(at):yyyy-MM-dd HH:mm:ss}Z, which is not in the future. Use a later instant, or CancelTiming.Immediately.");
        }

        States.RequireStarted(subscription, "A cancellation at a date can be scheduled");
        subscription.CancelsAt = at;
        subscription.CancelsAtPeriodEnd = false;
        subscription.CancelProrates = prorates;
    }

    private static void Now(EngineContext context, EngineCustomer customer, EngineSubscription subscription, CancelOptions options)
    {
        if (subscription.Status == SubscriptionStatus.Incomplete)
            VoidOpen(customer, subscription);

        var isBilled = subscription.Status is SubscriptionStatus.Active or SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid;
        StopCollecting(customer, subscription);
        EngineInvoice? last = null;
        if (isBilled)
        {
            var credit = options.Prorate ? Prorations.CreditUnused(customer, subscription, context.Now) : [];
            if (options.InvoiceNow)
            {
                UsageLedger.Close(subscription, context.Now);
                last = Drafting.Final(context, customer, subscription, credit);
            }
            else if (credit.Length > 0)
            {
                Prorations.PutOnBalance(context, customer, subscription, credit);
            }
        }

        subscription.CanceledAt = context.Now;
        End(context, customer, subscription, last);
        if (last is not null)
            Finalization.FinalizeAndCollect(context, customer, last);
    }

    // https://docs.stripe.com/billing/subscriptions/cancel: what is open or a draft can still be paid by hand, which revives nothing.
    private static void StopCollecting(EngineCustomer customer, EngineSubscription subscription, EngineInvoice? except = null)
    {
        foreach (var invoice in customer.Invoices)
        {
            if (invoice.SubscriptionNumber != subscription.Number || ReferenceEquals(invoice, except) || invoice.NextAttemptAt == Instants.Never)
                continue;

            invoice.NextAttemptAt = Instants.Never;
            customer.Touch(invoice);
        }
    }

    private static void VoidOpen(EngineCustomer customer, EngineSubscription subscription)
    {
        foreach (var invoice in customer.Invoices)
        {
            if (invoice.SubscriptionNumber == subscription.Number && invoice.Status is InvoiceStatus.Open or InvoiceStatus.Uncollectible)
                InvoiceActions.MakeVoid(customer, invoice);
        }
    }

    private static void Drop(EngineCustomer customer, EngineSubscription subscription, EngineInvoice? last)
    {
        subscription.Usage?.RemoveAll(segment => last is null || segment.InvoiceNumber != last.Number);
        if (customer.Pending is not { } pending || !pending.Exists(waiting => waiting.SubscriptionNumber == subscription.Number))
            return;

        pending.RemoveAll(waiting => waiting.SubscriptionNumber == subscription.Number && waiting.IsProration);
        for (var i = 0; i < pending.Count; i++)
        {
            if (pending[i].SubscriptionNumber == subscription.Number)
                pending[i] = pending[i] with { SubscriptionNumber = 0 };
        }

        customer.PendingRevision = customer.Touch();
    }

    private static void Finish(EngineContext context, EngineCustomer customer, EngineSubscription subscription, SubscriptionStatus status)
    {
        subscription.Status = status;
        subscription.EndedAt = context.Now;
        subscription.Scheduled = null;
        subscription.Pause = null;
        subscription.LastChange = null;
        customer.Touch(subscription);
    }
}
