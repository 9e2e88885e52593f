using SaasBilling.Access;
using SaasBilling.Pricing;
using SaasBilling.Storage;

namespace SaasBilling.Subscriptions;

/// <content>What was used, and whether a limit was reached.</content>
internal sealed partial class TransitionRun
{
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
        _events.Add(EventKind.UsageLimitReached, InstantMath.Max(entry.At, counted.PeriodStart), entry.Meter, Explain.Used(counted.Value, limit), number: limit);
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
