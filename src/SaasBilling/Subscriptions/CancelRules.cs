namespace SaasBilling.Subscriptions;

/// <summary>What does a cancellation come to?</summary>
internal static class CancelRules
{
    /// <summary>What can be said without the subscription.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>.</exception>
    public static CancelOptions Check(CancelOptions options)
    {
        Checks.Defined(options.Timing);
        if (options.InvoiceNow && (options.Timing != CancelTiming.Immediately || options.At is not null))
            throw Checks.Invalid("InvoiceNow needs a cancellation that is immediate. Set Timing to CancelTiming.Immediately and leave At out, or leave InvoiceNow out: a later cancellation invoices what is pending when it takes place.");
        if (string.IsNullOrWhiteSpace(options.Reason))
            return options with { Reason = null };
        if (Checks.WordsFault(options.Reason, Bounds.Reason) is { } fault)
            throw Checks.Invalid($"Reason cannot be used. {fault}");

        return options;
    }

    /// <returns>Null when it is canceled in just that way already.</returns>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>, <see cref="BillingErrorCode.InvalidState"/>.</exception>
    public static CancelOptions? Decide(Subscription subscription, CancelOptions options, DateTimeOffset now)
    {
        var wanted = options.At is { } at ? options with { At = Checks.Ahead(at, now, "At") } : options;
        if (wanted is { At: null, Timing: CancelTiming.Immediately })
            return wanted;

        if (subscription.Status is SubscriptionStatus.Incomplete or SubscriptionStatus.Paused && subscription.Pause is null)
            throw Checks.State($"Subscription '{subscription.Name}' of customer '{subscription.CustomerId}' is {subscription.Status}, and no period of it is running out. Cancel it with Timing = CancelTiming.Immediately.");

        // A reason that comes late is taken (B-10); an earlier one stays. What is said last of the credit counts; at the period's end there is none.
        var end = wanted.At ?? subscription.CurrentPeriod.End;
        var prorates = wanted is { At: not null, Prorate: true };
        return subscription.CancelsAt == end && subscription.CancelProrates == prorates && (wanted.Reason is null || wanted.Reason == subscription.CancellationReason)
            ? null
            : wanted with { Reason = wanted.Reason ?? (subscription.CancelsAt is null ? null : subscription.CancellationReason) };
    }
}
