using SaasBilling.Access;
using SaasBilling.Pricing;

namespace SaasBilling.Subscriptions;

/// <content>What the clock alone brings, and the answer to "is access granted".</content>
internal sealed partial class TransitionRun
{
    // Raises what is due and has not been raised, and finds the next instant at which something is. Late work carries the instant when it was due.
    private void Announce()
    {
        var subscriptions = _subscriptions.Value;
        for (var i = 0; i < subscriptions.Count; i++)
        {
            AnnounceTrialEnd(subscriptions[i]);
            AnnounceRenewal(subscriptions[i]);
        }

        for (var i = 0; i < _cards.Count; i++)
            AnnounceExpiry(_cards[i]);

        if (AccessRules.NextEdge(subscriptions, _options, _now) is { } edge)
            WakeBy(edge);
    }

    private void AnnounceTrialEnd(Subscription subscription)
    {
        if (Announcements.TrialEndingDueAt(subscription, _notices.Value, _options) is not { } due)
            return;

        var end = subscription.Trial!.End;
        if (due > _now)
        {
            WakeBy(due);
            return;
        }

        if (end <= _now)
            return;

        // It was due by the clock where the state had it coming already; else the change just seen made it due.
        var at = WasComing(subscription, end) ? due : InstantMath.Max(due, StoredSubscription(subscription.Id) is null ? due : _observed);
        if (at >= end)
            return;

        _notices.Add(new(Announcements.TrialEnding, subscription.Id, end));
        _catalog.TryGet(subscription.ScheduledChange?.PlanKey ?? subscription.PlanKey, out var plan);
        _events.Add(EventKind.TrialEnding, at, subscription, Explain.TrialEnding(subscription, plan, DefaultCard()));
    }

    private bool WasComing(Subscription subscription, DateTimeOffset end) =>
        StoredSubscription(subscription.Id) is { } stored && Announcements.AnnouncesTrialEnd(stored) && stored.Trial!.End == end;

    private void AnnounceRenewal(Subscription subscription)
    {
        if (Announcements.UpcomingDueAt(subscription, _notices.Value, _options) is not { } due || subscription.CurrentPeriod.End <= _now)
            return;

        if (due > _now)
        {
            WakeBy(due);
            return;
        }

        var preview = Preview(subscription.Id);
        if (preview is null && !IsWake)
        {
            // The caller has no preview yet, and is woken for it at once.
            WakeBy(_before?.WakeAt is { } waiting && waiting <= _now ? waiting : _now);
            return;
        }

        _notices.Add(new(Announcements.InvoiceUpcoming, subscription.Id, subscription.CurrentPeriod.End));
        if (preview is not null)
            _events.Add(EventKind.InvoiceUpcoming, DueWhileWaiting(due), preview);
    }

    // The stored wake-up is never before the change that made a thing due, so that the later of the two is when it became due.
    private DateTimeOffset DueWhileWaiting(DateTimeOffset due) => _before?.WakeAt is { } wake && wake <= _now ? InstantMath.Max(due, wake) : due;

    private void AnnounceExpiry(PaymentMethod card)
    {
        if (Announcements.ExpiringDueAt(card, _notices.Value) is not { } due)
            return;

        if (due > _now)
        {
            WakeBy(due);
            return;
        }

        var expires = Announcements.ExpiresAt(card)!.Value;
        var wasThere = _before is not null && Find(_before.PaymentMethods, card.Id) == card;
        var at = wasThere ? due : InstantMath.Max(due, _observed);
        _notices.Add(new(Announcements.PaymentMethodExpiring, card.Id, expires));

        // A card that had expired when it came does not expire any more.
        if (at < expires)
            _events.Add(EventKind.PaymentMethodExpiring, at, card);
    }

    private void PruneNotices()
    {
        for (var i = _notices.Count - 1; i >= 0; i--)
        {
            if (!Announcements.StillMatters(_notices[i], _subscriptions.Value, _cards, _usage.Value))
                _notices.RemoveAt(i);
        }
    }

    /// <returns>The answer that has now been told.</returns>
    private bool TellAccess()
    {
        var told = _before?.AccessWasGranted ?? false;
        var answer = AccessRules.Answer(View, _catalog, _options, _now);
        var granted = AccessRules.IsGranted(answer.Reason);
        var lapsed = told ? LapsedAt() : null;
        if (granted == told)
        {
            // The grace period ended unnoticed before the payment came: two edges, each at its instant.
            if (granted && lapsed is { } end && _grantedAt is { } again && end < again)
            {
                _events.Add(EventKind.AccessRestricted, end, null, Explain.GraceEnded, number: (long)AccessReason.PaymentFailed);
                _events.Add(EventKind.AccessGranted, again, null, number: (long)answer.Reason);
            }

            return granted;
        }

        if (granted)
        {
            _events.Add(EventKind.AccessGranted, _grantedAt ?? _observed, null, number: (long)answer.Reason);
            return true;
        }

        var at = lapsed is { } graceEnd && (_restrictedAt is null || graceEnd < _restrictedAt) ? graceEnd : _restrictedAt ?? _observed;
        _events.Add(
            EventKind.AccessRestricted,
            at,
            null,
            answer is { Reason: AccessReason.PaymentFailed, Subscription.Status: SubscriptionStatus.PastDue } ? Explain.GraceEnded : null,
            number: (long)answer.Reason);
        return false;
    }

    // When time took away the access that was told last, before anything else happened; null: it did not.
    private DateTimeOffset? LapsedAt()
    {
        DateTimeOffset? last = null;
        for (var i = 0; i < _before!.Subscriptions.Count; i++)
        {
            var stored = _before.Subscriptions[i];
            if (stored.Status == SubscriptionStatus.PastDue)
                last = Latest(last, AccessRules.GraceEnd(stored, _options));
            else if (AccessRules.IsGranted(AccessRules.ReasonOf(stored, AccessView.Of(_before), _catalog, _options, _now)))
                return null;
        }

        return last <= _now ? last : null;
    }

    private bool IsWake => _snapshot is null && _input.Milestone is null && _input.Usage is null;

    private void WakeBy(DateTimeOffset at) => _wakeAt = _wakeAt is { } earlier ? InstantMath.Min(earlier, at) : at;

    private Invoice? Preview(string subscriptionId)
    {
        for (var i = 0; i < _input.Upcoming.Count; i++)
        {
            if (_input.Upcoming[i].SubscriptionId == subscriptionId)
                return _input.Upcoming[i];
        }

        return null;
    }

    private Subscription? StoredSubscription(string id)
    {
        for (var i = 0; i < _before?.Subscriptions.Count; i++)
        {
            if (_before.Subscriptions[i].Id == id)
                return _before.Subscriptions[i];
        }

        return null;
    }

    private PaymentMethod? DefaultCard()
    {
        for (var i = 0; i < _cards.Count; i++)
        {
            if (_cards[i].IsDefault)
                return _cards[i];
        }

        return null;
    }
}
