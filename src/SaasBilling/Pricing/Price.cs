using SaasBilling.Pricing;

namespace SaasBilling;

/// <summary>What a plan or an add-on costs in one currency and interval: an amount, tiers, or packages.</summary>
public sealed record Price
{
    /// <summary>The stable name of the price, such as <c>pro/usd/month</c>, <c>pro/seat/usd/month</c> or <c>pro/api_calls/usd/3-month</c>.</summary>
    public required string Key { get; init; }

    /// <summary>What the price is multiplied by.</summary>
    public required PriceKind Kind { get; init; }

    /// <summary>The currency of every amount of the price.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How often the price is billed.</summary>
    public required BillingInterval Interval { get; init; }

    /// <summary>What one unit costs, in major units with up to 12 decimals; null when there are tiers or packages.</summary>
    public decimal? UnitAmount { get; init; }

    /// <summary>The tiers, ascending, the last without an end; empty when the price has none.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    /// <summary>How the tiers are read.</summary>
    /// <value>Default: <see cref="TierMode.Graduated"/>.</value>
    public TierMode TierMode { get; init; }

    /// <summary>The package that units are sold in; null when they are sold one by one.</summary>
    public PricePackage? Package { get; init; }

    /// <summary>The meter that counts the units of a <see cref="PriceKind.Metered"/> price; otherwise null.</summary>
    public string? Meter { get; init; }

    /// <summary>What a quantity costs for one period, rounded once, half up, to the currency's minor unit.</summary>
    /// <param name="quantity">Seats, units used, or how many times a flat price is taken; zero or more.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: the quantity is negative, or the amount is too large.</exception>
    public Money AmountFor(decimal quantity) => PriceMath.AmountFor(this, quantity);

    /// <summary>What is wrong with the price, in sentences that name the mend; empty when it can be sold.</summary>
    internal IEnumerable<string> Faults() => PriceFaults.Of(this);

    /// <summary>The key that a price of a plan or an add-on has.</summary>
    internal static string KeyOf(string planKey, PriceKind kind, string? meter, Currency currency, BillingInterval interval)
    {
        var part = kind switch
        {
            PriceKind.PerSeat => "seat/",
            PriceKind.Metered => meter + "/",
            _ => "",
        };

        return $"{planKey}/{part}{currency.Code.ToLowerInvariant()}/{interval.KeyPart}";
    }

    /// <summary>Prices are equal when all that they say is, the tiers one by one.</summary>
    public bool Equals(Price? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Key == other.Key
            && Kind == other.Kind
            && Currency == other.Currency
            && Interval == other.Interval
            && UnitAmount == other.UnitAmount
            && Tiers.SequenceEqual(other.Tiers)
            && TierMode == other.TierMode
            && Package == other.Package
            && Meter == other.Meter);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Kind, Currency, Interval, UnitAmount, Tiers.Count, Package, Meter);
}
