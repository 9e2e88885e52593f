namespace SaasBilling.InMemory.Engine;

/// <summary>What was used of one metered price in one period, or in the part of a period during which that price was in force.</summary>
internal sealed class UsageSegment
{
    private decimal _sum;
    private decimal _max;
    private decimal _last;
    private long _count;
    private long _lastAt = long.MinValue;
    private HashSet<string>? _keys;

    public required CatalogPrice Price { get; init; }

    public required UsageAggregation Aggregation { get; init; }

    public required long Start { get; init; }

    /// <summary>Exclusive; <see cref="Instants.Never"/> while it runs.</summary>
    public long End { get; set; } = Instants.Never;

    /// <summary>The draft that bills it; 0: none yet. It still takes usage until that is finalized.</summary>
    public int InvoiceNumber { get; set; }

    public string Meter => Price.Price.Meter!;

    public bool IsOpen => End == Instants.Never;

    public decimal Value => Aggregation switch
    {
        UsageAggregation.Sum => _sum,
        UsageAggregation.Count => _count,
        UsageAggregation.Max => _max,
        _ => _last,
    };

    /// <summary>What the value would be with one more entry.</summary>
    public decimal ValueWith(decimal quantity, long at) => Aggregation switch
    {
        UsageAggregation.Sum => _sum + quantity,
        UsageAggregation.Count => _count + 1,
        UsageAggregation.Max => Math.Max(_max, quantity),
        _ => at >= _lastAt ? quantity : _last,
    };

    public bool Covers(long at) => at >= Start && at < End;

    public bool Knows(string key) => _keys is not null && _keys.Contains(key);

    public void Add(decimal quantity, long at, string key)
    {
        (_keys ??= []).Add(key);
        if (Aggregation == UsageAggregation.Sum)
            _sum += quantity;
        _count++;
        _max = Math.Max(_max, quantity);
        if (at >= _lastAt)
        {
            _last = quantity;
            _lastAt = at;
        }
    }

    public UsageSegment Copy()
    {
        var copy = (UsageSegment)MemberwiseClone();
        copy._keys = _keys is null ? null : [.. _keys];
        return copy;
    }
}
