using System.Diagnostics.CodeAnalysis;
using SaasBilling.Plans;

namespace SaasBilling;

/// <summary>What a customer can subscribe to: prices, a trial, features.</summary>
/// <remarks>Plans are declared with <c>AddPlan</c> or read from configuration with <c>AddPlans</c>. Two plans with the same content are equal.</remarks>
public sealed record Plan
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

    /// <summary>Whether the plan costs nothing: it has no prices, its periods are months, and it is never invoiced.</summary>
    public bool IsFree { get; init; }

    /// <summary>Every price, in the order of declaration. The first gives the default currency and interval.</summary>
    public IReadOnlyList<Price> Prices
    {
        get => _prices.Prices;
        init => _prices = new PriceIndex(value);
    }

    /// <summary>The free trial; <see langword="null"/> when there is none.</summary>
    public TrialTerms? Trial { get; init; }

    /// <summary>What the plan lets a customer use: feature key to limit, in the order of declaration. A limit of <see langword="null"/> means that the feature is on and has no limit.</summary>
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

    /// <summary>The currency and the interval of the first price, for a customer who names none; <see langword="null"/> for a free plan.</summary>
    public (Currency Currency, BillingInterval Interval)? DefaultPricing => _prices.Pricing is [var first, ..] ? first : null;

    /// <summary>The currencies and intervals in which the plan is sold, in the order of declaration.</summary>
    public IReadOnlyList<(Currency Currency, BillingInterval Interval)> AvailablePricing => _prices.Pricing;

    /// <summary>What a subscription in this currency and at this interval is made of: the flat price, the price per seat, the metered prices, in this order.</summary>
    /// <param name="currency">An ISO 4217 code, in upper or lower case.</param>
    /// <param name="interval">The interval.</param>
    /// <returns>The prices; none when the plan is not sold in this currency at this interval. The list is made once: asking allocates nothing.</returns>
    public IReadOnlyList<Price> PricesFor(string currency, BillingInterval interval) => _prices.For(currency, interval);
}
