using SaasBilling.Access;
using SaasBilling.Pricing;
using SaasBilling.Providers;
using SaasBilling.Storage;

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

    // The aggregate counts for the period in which the usage happened; late entries of a closed period are the provider's to bill, and move nothing here.
    private void Count(UsageEntry entry)
    {
        if (!_catalog.TryGetMeter(entry.Meter, out var meter))
            return;

        var period = MeterReading.PeriodOf(_subscriptions.Value, entry.Meter, _catalog);
        var start = period is null ? _customer.CreatedAt : entry.At >= period.End ? period.End : period.Start;
        var index = IndexOfUsage(entry.Meter);
        var sofar = index < 0 ? null : _usage[index];
        if (Aggregate(meter.Aggregation, sofar, entry, start) is not { } counted)
            return;

        if (index < 0)
            _usage.Add(counted);
        else
            _usage.Replace(index, counted);

        TellLimit(entry, counted);
    }

    private static MeterUsage? Aggregate(UsageAggregation aggregation, MeterUsage? sofar, UsageEntry entry, DateTimeOffset start)
    {
        var isLate = entry.At < start;
        var isNewer = sofar is null || entry.At >= sofar.LastAt;
        if (aggregation == UsageAggregation.Last)
            return isNewer ? new(entry.Meter, sofar is not null && isLate ? sofar.PeriodStart : start, entry.Quantity, entry.At) : null;

        if (isLate)
            return null;

        var value = sofar is not null && sofar.PeriodStart >= start ? sofar.Value : 0;
        value = aggregation switch
        {
            UsageAggregation.Count => value + 1,
            UsageAggregation.Max => Math.Max(value, entry.Quantity),
            _ => value > decimal.MaxValue - entry.Quantity ? decimal.MaxValue : value + entry.Quantity,
        };
        return new(entry.Meter, start, value, isNewer ? entry.At : sofar!.LastAt);
    }

    private void TellLimit(UsageEntry entry, MeterUsage counted)
    {
        if (!_catalog.Features.Contains(entry.Meter))
            return;

        var grants = AccessRules.Features(View, _catalog, _options, _now);
        if (grants[entry.Meter] is not { IsGranted: true, Limit: { } limit } || counted.Value < limit)
            return;

        if (Announcements.Has(_notices.Value, Announcements.UsageLimitReached, entry.Meter, counted.PeriodStart))
            return;

        _notices.Add(new(Announcements.UsageLimitReached, entry.Meter, counted.PeriodStart));
        _events.Add(EventKind.UsageLimitReached, Instants.Max(entry.At, counted.PeriodStart), entry.Meter, Explain.Used(counted.Value, limit), number: limit);
    }

    private int IndexOfUsage(string meter)
    {
        for (var i = 0; i < _usage.Count; i++)
        {
            if (_usage[i].Meter == meter)
                return i;
        }

        return -1;
    }
}
