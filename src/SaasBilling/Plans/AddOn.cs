using System.Diagnostics.CodeAnalysis;
using SaasBilling.Plans;

namespace SaasBilling;

/// <summary>What a customer can have beside a plan, in any quantity.</summary>
/// <remarks>
/// The quantity multiplies the flat price, and is the number of seats of a price per seat; a metered price bills usage, whatever the quantity.
/// Limits of the add-on's features are added to the plan's. Two add-ons with the same content are equal.
/// </remarks>
public sealed record AddOn
{
    private readonly PriceIndex _prices = PriceIndex.Empty;

    /// <summary>The key that the application uses. Unique among plans and add-ons, and the same in every environment.</summary>
    public required string Key { get; init; }

    /// <summary>The name that customers read, on invoices too.</summary>
    /// <value><see cref="Key"/> by default.</value>
    [AllowNull]
    public string Name
    {
        get => field ?? Key;
        init;
    }

    /// <summary>A text for a pricing page.</summary>
    public string? Description { get; init; }

    /// <summary>Every price, in the order of declaration. A subscription takes those of its own currency and interval.</summary>
    public IReadOnlyList<Price> Prices
    {
        get => _prices.Prices;
        init => _prices = new PriceIndex(value);
    }

    /// <summary>What the add-on lets a customer use: feature key to limit, for a quantity of one. A limit of <see langword="null"/> means that the feature is on and has no limit.</summary>
    public IReadOnlyDictionary<string, long?> Features
    {
        get;
        init => field = KeyedValues<long?>.From(value);
    } = KeyedValues<long?>.Empty;

    /// <summary>The application's own data, which is also sent to the provider.</summary>
    public IReadOnlyDictionary<string, string> Metadata
    {
        get;
        init => field = KeyedValues<string>.From(value);
    } = KeyedValues<string>.Empty;

    /// <summary>The currencies and intervals in which the add-on is sold, in the order of declaration.</summary>
    public IReadOnlyList<(Currency Currency, BillingInterval Interval)> AvailablePricing => _prices.Pricing;

    /// <summary>What the add-on costs in this currency and at this interval: the flat price, the price per seat, the metered prices, in this order.</summary>
    /// <param name="currency">An ISO 4217 code, in upper or lower case.</param>
    /// <param name="interval">The interval.</param>
    /// <returns>The prices; none when the add-on is not sold in this currency at this interval. The list is made once: asking allocates nothing.</returns>
    public IReadOnlyList<Price> PricesFor(string currency, BillingInterval interval) => _prices.For(currency, interval);
}
