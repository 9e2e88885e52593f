namespace SaasBilling.Plans;

/// <summary>The prices of one plan or add-on, and what the billing engine asks of them at every renewal, worked out once.</summary>
internal sealed class PriceIndex : IEquatable<PriceIndex>
{
    private readonly Price[] _prices;
    private readonly Group[] _groups;

    public PriceIndex(IEnumerable<Price> prices)
    {
        _prices = [.. prices];
        Prices = Array.AsReadOnly(_prices);
        _groups = [.. _prices
            .GroupBy(price => (price.Currency, price.Interval))
            .Select(group => new Group(
                group.Key.Currency.Code,
                group.Key.Interval,
                Array.AsReadOnly([.. group.OrderBy(price => Rank(price.Kind))])))];
        Pricing = Array.AsReadOnly([.. _prices.Select(price => (price.Currency, price.Interval)).Distinct()]);
    }

    public static PriceIndex Empty { get; } = new([]);

    public IReadOnlyList<Price> Prices { get; }

    public IReadOnlyList<(Currency Currency, BillingInterval Interval)> Pricing { get; }

    // A plan has a handful of currencies and intervals: walking them costs less than hashing the currency's code.
    public IReadOnlyList<Price> For(string currency, BillingInterval interval)
    {
        foreach (var group in _groups)
        {
            if (group.Interval == interval && string.Equals(group.Currency, currency, StringComparison.OrdinalIgnoreCase))
                return group.Prices;
        }

        return [];
    }

    public bool Equals(PriceIndex? other) => other is not null && _prices.AsSpan().SequenceEqual(other._prices);

    public override bool Equals(object? obj) => Equals(obj as PriceIndex);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var price in _prices)
            hash.Add(price);
        return hash.ToHashCode();
    }

    private static int Rank(PriceKind kind) => kind switch
    {
        PriceKind.Flat => 0,
        PriceKind.PerSeat => 1,
        _ => 2,
    };

    private sealed record Group(string Currency, BillingInterval Interval, IReadOnlyList<Price> Prices);
}
