using SaasBilling.Access;
using SaasBilling.Pricing;
using SaasBilling.Reporting;

namespace SaasBilling.Subscriptions;

/// <content>What happened to one subscription between two looks at it. Several things may have.</content>
internal sealed partial class TransitionRun
{
    private DateTimeOffset? _grantedAt;
    private DateTimeOffset? _restrictedAt;
    private DateTimeOffset? _revenueAt;

    /// <summary>Compares a subscription with what it was.</summary>
    /// <returns>When it got the status that it has now.</returns>
    private DateTimeOffset Step(Subscription was, Subscription now)
    {
        // A late reason, or other details of something that is over.
        if (!was.IsLive)
            return _observed;

        if (was.Status == SubscriptionStatus.Incomplete)
            return LeaveIncomplete(now);

        var at = FollowTrial(was, now);
        FollowPeriod(was, now);
        FollowItems(was, now);
        FollowCancellation(was, now);
        return FollowStatus(was, now, at);
    }

    /// <returns>When the trial ended; null when none did.</returns>
    private DateTimeOffset? FollowTrial(Subscription was, Subscription now)
    {
        if (IsInTrial(now))
        {
            if (!IsInTrial(was))
                _events.Add(EventKind.TrialExtended, _observed, now, Explain.FreeTime);
            else if (was.Trial?.End != now.Trial?.End && now.Trial is { } moved)
                _events.Add(EventKind.TrialExtended, _observed, now, Explain.TrialEnd(moved.End));

            return null;
        }

        if (!IsInTrial(was))
            return null;

        var end = (now.Trial ?? was.Trial)?.End ?? now.CurrentPeriod.Start;
        if (was.Trial is { } earlier && earlier.End < end)
            _events.Add(EventKind.TrialExtended, InstantMath.Min(earlier.End, _observed), now, Explain.TrialEnd(end));

        CloseTrial(now.Id, now.EndedAt < end ? now.EndedAt.Value : end);
        switch (now.Status)
        {
            case SubscriptionStatus.Paused when now.Pause is null:
            case SubscriptionStatus.Canceled when EndedByTrial(was, now, end):
                _events.Add(EventKind.TrialExpired, end, now, Explain.NoPaymentMethod);
                return end;

            // Ended within the trial.
            case SubscriptionStatus.Canceled when NeverLeft(now, end):
                return null;

            // The trial ended under a pause: what becomes active then is told when it is resumed.
            case SubscriptionStatus.Paused when was.Status == SubscriptionStatus.Paused:
                return null;

            default:
                _events.Add(EventKind.SubscriptionActivated, end, now);
                return end;
        }
    }

    // Free time that is given later is no trial of the ledger's.
    private void CloseTrial(string subscriptionId, DateTimeOffset at)
    {
        for (var i = 0; i < _trials.Count; i++)
        {
            if (_trials[i].SubscriptionId == subscriptionId && _trials[i].EndedAt is null)
                _trials.Replace(i, _trials[i] with { EndedAt = at });
        }
    }

    // A pause hides the status beneath it; the period still tells that it is a trial's.
    private static bool IsInTrial(Subscription subscription) =>
        subscription.Status == SubscriptionStatus.Trialing
        || (subscription is { Status: SubscriptionStatus.Paused, Pause: not null, Trial: { } trial } && subscription.CurrentPeriod.End <= trial.End);

    private bool EndedByTrial(Subscription was, Subscription now, DateTimeOffset end) =>
        was.CancelsAt is null && now.CancelsAt is null && (now.EndedAt ?? _observed) >= end && NeverLeft(now, end);

    // A trial can be ended in the very second in which it began.
    private static bool NeverLeft(Subscription now, DateTimeOffset trialEnd) => now.CurrentPeriod.Start < trialEnd || now.CurrentPeriod.End <= trialEnd;

    private void FollowPeriod(Subscription was, Subscription now)
    {
        var start = now.CurrentPeriod.Start;
        if (start < was.CurrentPeriod.End || IsInTrial(now))
            return;

        // The usual renewal: one boundary, and no trial before it.
        var anchor = now.BillingCycleAnchor;
        var afterTrial = was.Status == SubscriptionStatus.Trialing || was.Trial?.End >= was.CurrentPeriod.End;
        if (!afterTrial && (start == was.CurrentPeriod.End || was.BillingCycleAnchor != anchor || was.Interval != now.Interval))
        {
            _events.Add(EventKind.SubscriptionRenewed, start, now);
            return;
        }

        // Boundaries that passed unseen are told one by one: each was a renewal, with an invoice of its own. The period that follows a trial, or that begins
        // when a subscription is taken up after one, renews nothing.
        var last = BillingCycle.IndexAt(anchor, now.Interval, start);
        var next = afterTrial
            ? BillingCycle.IndexAt(anchor, now.Interval, Latest(now.Trial?.End, anchor)) + 1
            : BillingCycle.IndexAt(anchor, now.Interval, was.CurrentPeriod.End);
        for (; next < last; next++)
        {
            var from = BillingCycle.Boundary(anchor, now.Interval, next);
            var period = new BillingPeriod(from, BillingCycle.Boundary(anchor, now.Interval, next + 1));
            _events.Add(EventKind.SubscriptionRenewed, from, now with { CurrentPeriod = period });
        }

        if (next == last)
            _events.Add(EventKind.SubscriptionRenewed, start, now);
    }

    private void FollowItems(Subscription was, Subscription now)
    {
        if (was.PlanKey != now.PlanKey || was.Interval != now.Interval)
            _events.Add(EventKind.PlanChanged, ChangedAt(was, now), now, Explain.Plan(was, now), was.PlanKey);

        if (!ReferenceEquals(was.Items, now.Items) && Quantities.Difference(was, now, _catalog) is { } difference)
            _events.Add(EventKind.QuantityChanged, ChangedAt(was, now), now, difference);
    }

    // A change that came with a new period came at its start; any other when it was seen.
    private DateTimeOffset ChangedAt(Subscription was, Subscription now) =>
        now.CurrentPeriod.Start > was.CurrentPeriod.Start ? now.CurrentPeriod.Start : _observed;

    private void FollowCancellation(Subscription was, Subscription now)
    {
        if (was.CancelsAt == now.CancelsAt)
            return;

        if (now.CancelsAt is { } end)
        {
            // One that ended before its date was canceled anew, at once.
            if (now.IsLive || now.EndedAt >= end)
            {
                var at = now.CanceledAt is { } asked && asked != was.CanceledAt ? asked : _observed;
                _events.Add(EventKind.CancellationScheduled, InstantMath.Min(at, now.EndedAt ?? at), now, now.CancellationReason);
            }
        }
        else if (now.IsLive)
        {
            _events.Add(EventKind.CancellationUndone, _observed, now);
        }
    }

    private DateTimeOffset FollowStatus(Subscription was, Subscription now, DateTimeOffset? trialEnded)
    {
        if (was.Status == now.Status)
            return _observed;

        if (was.Status == SubscriptionStatus.Paused && now.IsLive)
        {
            var resumed = ResumedAt(was, now);
            _events.Add(EventKind.SubscriptionResumed, resumed, now);
            return now.Status == SubscriptionStatus.PastDue ? Latest(now.PastDueSince, resumed) : resumed;
        }

        switch (now.Status)
        {
            case SubscriptionStatus.Canceled:
                var ended = now.EndedAt ?? _observed;
                var givenUp = was.Status is SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid && now.CancelsAt is null;
                _events.Add(
                    givenUp ? EventKind.SubscriptionGivenUp : EventKind.SubscriptionCanceled,
                    ended,
                    now,
                    trialEnded is not null && EndedByTrial(was, now, trialEnded.Value) ? Explain.NoPaymentMethod : WhyCanceled(now, ended));
                return ended;

            case SubscriptionStatus.Paused when now.Pause is null && trialEnded is { } end:
                _events.Add(EventKind.SubscriptionPaused, end, now, Explain.NoPaymentMethod);
                return end;

            case SubscriptionStatus.Paused:
                _events.Add(EventKind.SubscriptionPaused, _observed, now, now.Pause?.ResumesAt is { } until ? Explain.PausedUntil(until) : null);
                return _observed;

            case SubscriptionStatus.PastDue:
                return trialEnded ?? now.PastDueSince ?? _observed;

            case SubscriptionStatus.Active when was.Status is SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid:
                return PaymentAfter(was.PastDueSince ?? was.CurrentPeriod.Start, now.Id) ?? _observed;

            default:
                return trialEnded ?? _observed;
        }
    }

    private DateTimeOffset ResumedAt(Subscription was, Subscription now)
    {
        if (was.Pause?.ResumesAt is { } planned && planned <= _observed)
            return planned;

        // What a trial's end paused starts a new period when it is resumed.
        return was.Pause is null && now.CurrentPeriod.Start > was.CurrentPeriod.Start ? now.CurrentPeriod.Start : _observed;
    }

    private string? WhyCanceled(Subscription now, DateTimeOffset ended)
    {
        if (now.CancellationReason is { } reason)
            return reason;

        if (_customer.DeletedAt is not null)
            return Explain.CustomerDeleted;

        for (var i = 0; i < _snapshot!.Invoices.Count; i++)
        {
            var invoice = _snapshot.Invoices[i];
            if (invoice.SubscriptionId == now.Id && invoice.Failures is [.., var last] && last.At == ended && last.DeclineCode is { } code)
                return Explain.GivenUp(code);
        }

        return null;
    }

    private DateTimeOffset? PaymentAfter(DateTimeOffset since, string subscriptionId)
    {
        DateTimeOffset? last = null;
        for (var i = 0; i < _snapshot!.Invoices.Count; i++)
        {
            var invoice = _snapshot.Invoices[i];
            if (invoice.SubscriptionId == subscriptionId && invoice.PaidAt is { } paid && paid >= since && (last is null || paid > last))
                last = paid;
        }

        return last;
    }

    // What the change means for access and for revenue, at the instant at which it happened.
    private void Note(Subscription? was, Subscription now, DateTimeOffset at)
    {
        if (was is not null && was.Status == now.Status && (now.Status != SubscriptionStatus.PastDue || was.PastDueSince == now.PastDueSince))
        {
            if (!MrrMovements.HaveSameValue(was, now))
                _revenueAt = Latest(_revenueAt, ChangedAt(was, now));

            return;
        }

        _revenueAt = Latest(_revenueAt, at);
        var gave = was is not null && AccessRules.IsGranted(AccessRules.ReasonOf(was, View, _catalog, _options, at));
        var gives = AccessRules.IsGranted(AccessRules.ReasonOf(now, View, _catalog, _options, _now));
        if (gives && !gave)
            _grantedAt = Earliest(_grantedAt, _begun is [.., var begun] && ReferenceEquals(begun.Subscription, now) ? begun.At : at);
        else if (gave && !gives)
            _restrictedAt = Latest(_restrictedAt, now.Status == SubscriptionStatus.PastDue ? AccessRules.GraceEnd(now, _options) : at);
    }

    private static DateTimeOffset Earliest(DateTimeOffset? one, DateTimeOffset other) => one is { } known ? InstantMath.Min(known, other) : other;

    private static DateTimeOffset Latest(DateTimeOffset? one, DateTimeOffset other) => one is { } known ? InstantMath.Max(known, other) : other;
}
