using SaasBilling.Access;
using SaasBilling.Pricing;

namespace SaasBilling.Subscriptions;

/// <content>Which subscriptions are there, which are new, and which of what is said is old news.</content>
internal sealed partial class TransitionRun
{
    // Subscriptions that became live in this transition, with the instant; usually none.
    private List<(Subscription Subscription, DateTimeOffset At)>? _begun;

    private void MergeSubscriptions(IReadOnlyList<Subscription> mentioned)
    {
        for (var i = 0; i < mentioned.Count; i++)
            Merge(mentioned[i]);

        TellReactivations();
    }

    private void Merge(Subscription seen)
    {
        var index = IndexOf(seen.Id);
        var stored = index < 0 ? null : _subscriptions[index];
        var was = stored is { Status: SubscriptionStatus.Unknown } ? Remembered(seen.Id) : stored;
        if (stored is not null ? stored.Equals(seen) || (was is not null && IsOldNews(was, seen)) : EndedLongAgo(seen))
            return;

        if (index >= 0)
            _subscriptions.Replace(index, seen);
        else
            _subscriptions.Insert(PlaceOf(seen), seen);

        if (seen.Status == SubscriptionStatus.Unknown)
        {
            if (stored is not null && stored.Status != SubscriptionStatus.Unknown)
                Remember(stored);

            return;
        }

        if (stored is { Status: SubscriptionStatus.Unknown })
            Forget(seen.Id);

        Note(was, seen, was is null ? Begin(seen) : Step(was, seen));
    }

    // What cannot follow what is stored was read before it: an end is final, a first payment is made once, and a period does not come back. The snapshot's
    // own instant decides about the period, because a provider may well move the start of one.
    private bool IsOldNews(Subscription stored, Subscription seen)
    {
        if (!stored.IsLive)
            return seen.IsLive || seen.Status != stored.Status;

        if (seen.Status is SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired && stored.Status != SubscriptionStatus.Incomplete)
            return true;

        return seen.CurrentPeriod.Start < stored.CurrentPeriod.Start && _observed < stored.CurrentPeriod.Start;
    }

    // A provider that is asked for everything also names subscriptions that the state has let go: they are not new.
    private bool EndedLongAgo(Subscription seen)
    {
        if (seen.IsLive || _before is null)
            return false;

        for (var i = 0; i < _before.Subscriptions.Count; i++)
        {
            var stored = _before.Subscriptions[i];
            if (stored.Name == seen.Name && stored.CreatedAt >= seen.CreatedAt)
                return true;
        }

        return false;
    }

    /// <summary>A subscription that was not there before. Tells how it came to be what it is, also when it is found some steps into its life.</summary>
    /// <returns>When it got its status.</returns>
    private DateTimeOffset Begin(Subscription now)
    {
        if (now.Status is SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired)
            return _observed;

        var created = now.CreatedAt == default ? _observed : now.CreatedAt;
        var first = FirstInvoice(now.Id);
        if (now is { Status: SubscriptionStatus.Canceled, InvoiceDueInDays: null } && first is not null && first.Status != InvoiceStatus.Paid)
            return EndBeforeLife(now);

        return GoLive(now, first?.PaidAt is { } paid ? InstantMath.Max(created, paid) : created);
    }

    /// <summary>The first payment was made, or the subscription ended without it.</summary>
    private DateTimeOffset LeaveIncomplete(Subscription now) => now.Status switch
    {
        SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired => _observed,
        SubscriptionStatus.Canceled when FirstInvoice(now.Id)?.Status != InvoiceStatus.Paid => EndBeforeLife(now),
        _ => GoLive(now, FirstInvoice(now.Id)?.PaidAt ?? _observed),
    };

    private DateTimeOffset EndBeforeLife(Subscription now)
    {
        var ended = now.EndedAt ?? _observed;
        _notices.Add(new(Announcements.NeverLive, now.Id, ended));
        _events.Add(EventKind.SubscriptionCanceled, ended, now, WhyCanceled(now, ended));
        return ended;
    }

    // Life begins with a trial or with being active. Where it has gone on since, the rest follows as if that had been seen.
    private DateTimeOffset GoLive(Subscription now, DateTimeOffset at)
    {
        var inTrial = now.Trial is { } trial && (now.Status == SubscriptionStatus.Trialing || now.CreatedAt == default || trial.Start <= now.CreatedAt);
        if (inTrial)
        {
            at = now.Trial!.Start;
            _trials.Add(new(now.Id, now.PlanKey, at, null));
            _events.Add(EventKind.TrialStarted, at, now);
        }
        else
        {
            _events.Add(EventKind.SubscriptionActivated, at, now);
        }

        (_begun ??= []).Add((now, at));
        var status = inTrial ? SubscriptionStatus.Trialing : SubscriptionStatus.Active;
        var period = FirstPeriod(now, inTrial);
        if (now.Status == status && now.CancelsAt is null && now.CurrentPeriod.Start <= period.Start)
            return at;

        var first = now with
        {
            Status = status,
            CurrentPeriod = period,
            CancelsAt = null,
            CancelProrates = false,
            CanceledAt = null,
            EndedAt = null,
            PastDueSince = null,
            Pause = null,
        };
        var then = Step(first, now);
        return now.Status == status ? at : then;
    }

    private static BillingPeriod FirstPeriod(Subscription now, bool inTrial)
    {
        if (inTrial)
            return now.Trial!;

        if (now.CreatedAt == default || now.CurrentPeriod.Start <= now.CreatedAt)
            return now.CurrentPeriod;

        // A first anchor lies at most one interval ahead; one that is further was moved later, and says nothing of the periods before.
        var index = BillingCycle.IndexAt(now.BillingCycleAnchor, now.Interval, now.CreatedAt);
        return index < -1 ? now.CurrentPeriod : new(now.CreatedAt, BillingCycle.Boundary(now.BillingCycleAnchor, now.Interval, index + 1));
    }

    private void TellReactivations()
    {
        for (var i = 0; i < _begun?.Count; i++)
        {
            var (subscription, at) = _begun[i];
            for (var k = 0; k < _subscriptions.Count; k++)
            {
                var other = _subscriptions[k];
                if (other.Name != subscription.Name || other.Id == subscription.Id || !WasLive(other) || other.CreatedAt > subscription.CreatedAt)
                    continue;

                _events.Add(EventKind.SubscriptionReactivated, at, subscription);
                break;
            }
        }
    }

    private bool WasLive(Subscription ended)
    {
        if (ended.Status != SubscriptionStatus.Canceled)
            return false;

        for (var i = 0; i < _notices.Count; i++)
        {
            if (_notices[i].Kind == Announcements.NeverLive && _notices[i].Subject == ended.Id)
                return false;
        }

        return true;
    }

    // Of each name stay the live ones, the last that ended, the last that had lived, which makes the next one a return, and those that still owe: a payment
    // may come, and convert a trial.
    private void ForgetOlderEnds()
    {
        if (_subscriptions.Count < 2 || (!_subscriptions.IsChanged && !_openInvoices.IsChanged))
            return;

        for (var i = _subscriptions.Count - 1; i >= 0; i--)
        {
            var ended = _subscriptions[i];
            if (ended.IsLive)
                continue;

            var isLast = true;
            var isLastThatLived = WasLive(ended);
            for (var k = i + 1; k < _subscriptions.Count; k++)
            {
                var later = _subscriptions[k];
                if (later.Name != ended.Name || later.IsLive)
                    continue;

                isLast = false;
                isLastThatLived &= !WasLive(later);
            }

            if (!isLast && !isLastThatLived && !HasOpenInvoice(ended.Id))
                _subscriptions.RemoveAt(i);
        }
    }

    private bool HasOpenInvoice(string subscriptionId)
    {
        for (var i = 0; i < _openInvoices.Count; i++)
        {
            if (_openInvoices[i].SubscriptionId == subscriptionId)
                return true;
        }

        return false;
    }

    private int IndexOf(string subscriptionId)
    {
        for (var i = 0; i < _subscriptions.Count; i++)
        {
            if (_subscriptions[i].Id == subscriptionId)
                return i;
        }

        return -1;
    }

    private int PlaceOf(Subscription added)
    {
        var place = _subscriptions.Count;
        while (place > 0 && _subscriptions[place - 1].CreatedAt > added.CreatedAt)
            place--;

        return place;
    }

    private Invoice? FirstInvoice(string subscriptionId)
    {
        for (var i = 0; i < _snapshot!.Invoices.Count; i++)
        {
            if (_snapshot.Invoices[i] is { Reason: BillingReason.SubscriptionCreate } invoice && invoice.SubscriptionId == subscriptionId)
                return invoice;
        }

        return null;
    }

    private Subscription? Remembered(string subscriptionId)
    {
        for (var i = 0; i < _lastKnown.Count; i++)
        {
            if (_lastKnown[i].Subscription.Id == subscriptionId)
                return _lastKnown[i].Subscription;
        }

        return null;
    }

    private void Remember(Subscription known) => _lastKnown.Add(new(known, AccessRules.ReasonOf(known, View, _catalog, _options, _observed)));

    private void Forget(string subscriptionId)
    {
        for (var i = _lastKnown.Count - 1; i >= 0; i--)
        {
            if (_lastKnown[i].Subscription.Id == subscriptionId)
                _lastKnown.RemoveAt(i);
        }
    }
}
