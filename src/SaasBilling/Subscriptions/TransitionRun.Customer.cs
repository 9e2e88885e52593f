using SaasBilling.Providers;

namespace SaasBilling.Subscriptions;

/// <content>Who the customer is, their cards and charges, and what the application reports itself.</content>
internal sealed partial class TransitionRun
{
    private void MergeCustomer(Customer seen)
    {
        if (_before is null)
        {
            _events.Add(EventKind.CustomerCreated, seen.CreatedAt, null);
            if (seen.DeletedAt is { } alreadyGone)
                _events.Add(EventKind.CustomerDeleted, alreadyGone, null);

            return;
        }

        if (IsSame(_customer, seen))
            return;

        if (seen.DeletedAt is { } deleted && _customer.DeletedAt is null)
            _events.Add(EventKind.CustomerDeleted, deleted, null);

        if (seen.DeletedAt is null && _customer.DeletedAt is { } gone)
        {
            // Old news of somebody who has left, unless they are made anew under the same id.
            if (seen.CreatedAt < gone && _observed < gone)
                return;

            if (seen.CreatedAt >= gone)
                _events.Add(EventKind.CustomerCreated, seen.CreatedAt, null);
        }

        _customer = seen;
    }

    private static bool IsSame(Customer stored, Customer seen)
    {
        if (stored.Equals(seen))
            return true;

        if (stored.Metadata is not { } left || seen.Metadata is not { } right || left.Count != right.Count)
            return false;

        foreach (var (key, value) in left)
        {
            if (!right.TryGetValue(key, out var other) || !string.Equals(value, other, StringComparison.Ordinal))
                return false;
        }

        return stored.Equals(seen with { Metadata = stored.Metadata });
    }

    private void MergeCards(IReadOnlyList<PaymentMethod>? seen)
    {
        if (seen is null || IsSame(_cards, seen))
            return;

        for (var i = 0; i < seen.Count; i++)
        {
            if (Find(_cards, seen[i].Id) is null)
                _events.Add(EventKind.PaymentMethodAdded, _observed, seen[i]);
        }

        for (var i = 0; i < _cards.Count; i++)
        {
            if (Find(seen, _cards[i].Id) is null)
                _events.Add(EventKind.PaymentMethodRemoved, _observed, _cards[i]);
        }

        _cards = seen;
    }

    private void MergeCharges(IReadOnlyList<PendingCharge>? seen)
    {
        if (seen is null || IsSame(_charges, seen))
            return;

        for (var i = 0; i < seen.Count; i++)
        {
            if (!IsPending(seen[i].Id))
                _events.Add(EventKind.ChargeAdded, _observed, seen[i].Line);
        }

        _charges = seen;
    }

    private bool IsPending(string chargeId)
    {
        for (var i = 0; i < _charges.Count; i++)
        {
            if (_charges[i].Id == chargeId)
                return true;
        }

        return false;
    }

    private void Reach(string milestone)
    {
        for (var i = 0; i < _milestones.Count; i++)
        {
            if (_milestones[i] == milestone)
                return;
        }

        _milestones = [.. _milestones, milestone];
        _events.Add(EventKind.MilestoneReached, _now, milestone);
    }

    private static PaymentMethod? Find(IReadOnlyList<PaymentMethod> cards, string id)
    {
        for (var i = 0; i < cards.Count; i++)
        {
            if (cards[i].Id == id)
                return cards[i];
        }

        return null;
    }

    private static bool IsSame<T>(IReadOnlyList<T> left, IReadOnlyList<T> right)
    {
        if (ReferenceEquals(left, right))
            return true;

        if (left.Count != right.Count)
            return false;

        for (var i = 0; i < left.Count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(left[i], right[i]))
                return false;
        }

        return true;
    }
}
