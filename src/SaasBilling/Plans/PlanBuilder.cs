using SaasBilling.Plans;

namespace SaasBilling;

/// <summary>Declares a plan or an add-on.</summary>
/// <remarks>
/// A missing argument is refused at once. Everything else that is wrong with the declaration is reported when the application starts, in one
/// message with all other faults of the catalog. What is said twice (a name, a trial, an entry of metadata) holds as it was said last.
/// </remarks>
public sealed class PlanBuilder
{
    private readonly OfferDeclaration _offer;

    internal PlanBuilder(OfferDeclaration offer) => _offer = offer;

    /// <summary>The name that customers read, on invoices too. Default: the key.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public PlanBuilder Name(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _offer.Name = name;
        return this;
    }

    /// <summary>A text for a pricing page.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public PlanBuilder Description(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        _offer.Description = text;
        return this;
    }

    /// <summary>The plan costs nothing and is never invoiced. It has neither prices nor a trial. An add-on cannot be free: give it a price of zero.</summary>
    /// <returns>The builder.</returns>
    public PlanBuilder Free()
    {
        _offer.IsFree = true;
        return this;
    }

    /// <summary>A flat price; of an add-on, for each one that the customer has. Once for every currency and interval.</summary>
    /// <param name="amount">In major units (29.99 for 29.99 USD); zero or more, with up to 12 decimals. A price of zero makes invoices of zero.</param>
    /// <param name="currency">An ISO 4217 code, in upper or lower case.</param>
    /// <param name="interval">How often it is billed, in advance.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The currency is empty.</exception>
    public PlanBuilder Price(decimal amount, string currency, BillingInterval interval) =>
        Add(new PriceDeclaration(PriceKind.Flat, Required(currency), interval) { UnitAmount = amount });

    /// <summary>A price for each seat, billed in advance. Once for every currency and interval.</summary>
    /// <param name="amount">For one seat, in major units; zero or more, with up to 12 decimals.</param>
    /// <param name="currency">An ISO 4217 code, in upper or lower case.</param>
    /// <param name="interval">How often it is billed.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The currency is empty.</exception>
    public PlanBuilder PricePerSeat(decimal amount, string currency, BillingInterval interval) =>
        Add(new PriceDeclaration(PriceKind.PerSeat, Required(currency), interval) { UnitAmount = amount });

    /// <summary>A price for each seat in tiers or packages, billed in advance. Once for every currency and interval.</summary>
    /// <param name="currency">An ISO 4217 code, in upper or lower case.</param>
    /// <param name="interval">How often it is billed.</param>
    /// <param name="tiers">Declares the tiers or the package.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The currency is empty, or there is no <paramref name="tiers"/>.</exception>
    public PlanBuilder PricePerSeat(string currency, BillingInterval interval, Action<TierBuilder> tiers) =>
        Add(TierBuilder.Declare(new PriceDeclaration(PriceKind.PerSeat, Required(currency), interval), tiers));

    /// <summary>A price for usage in tiers or packages, billed in arrears. Once for every meter, currency and interval.</summary>
    /// <param name="meter">The key of a meter that is added with <c>AddMeter</c>.</param>
    /// <param name="currency">An ISO 4217 code, in upper or lower case.</param>
    /// <param name="interval">How often it is billed.</param>
    /// <param name="tiers">Declares the tiers or the package.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The meter or the currency is empty, or there is no <paramref name="tiers"/>.</exception>
    public PlanBuilder Metered(string meter, string currency, BillingInterval interval, Action<TierBuilder> tiers)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(meter);
        return Add(TierBuilder.Declare(new PriceDeclaration(PriceKind.Metered, Required(currency), interval) { Meter = meter }, tiers));
    }

    /// <summary>A price for each unit of usage, billed in arrears. Once for every meter, currency and interval.</summary>
    /// <param name="meter">The key of a meter that is added with <c>AddMeter</c>.</param>
    /// <param name="unitAmount">For one unit, in major units; zero or more, with up to 12 decimals.</param>
    /// <param name="currency">An ISO 4217 code, in upper or lower case.</param>
    /// <param name="interval">How often it is billed.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The meter or the currency is empty.</exception>
    public PlanBuilder Metered(string meter, decimal unitAmount, string currency, BillingInterval interval)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(meter);
        return Add(new PriceDeclaration(PriceKind.Metered, Required(currency), interval) { Meter = meter, UnitAmount = unitAmount });
    }

    /// <summary>A free trial. Plans only, and not free ones.</summary>
    /// <param name="days">Its length in days of 24 hours, from 1 to <see cref="TrialTerms.MaxDays"/>.</param>
    /// <param name="requirePaymentMethod">Whether it takes a payment method to start it.</param>
    /// <param name="whenNoPaymentMethod">What happens when it ends and there is no payment method.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="whenNoPaymentMethod"/> is not a value of its enumeration.</exception>
    public PlanBuilder Trial(int days, bool requirePaymentMethod = false, TrialEndBehavior whenNoPaymentMethod = TrialEndBehavior.Cancel)
    {
        if (!Enum.IsDefined(whenNoPaymentMethod))
            throw new ArgumentOutOfRangeException(nameof(whenNoPaymentMethod), whenNoPaymentMethod, "Use TrialEndBehavior.Cancel, Pause or CreateInvoice.");
        _offer.Trial = new TrialTerms { Days = days, RequirePaymentMethod = requirePaymentMethod, WhenNoPaymentMethod = whenNoPaymentMethod };
        return this;
    }

    /// <summary>A feature that is on, without a limit.</summary>
    /// <param name="feature">Its key.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public PlanBuilder Feature(string feature)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        _offer.Features.Add((feature, null));
        return this;
    }

    /// <summary>A feature with a limit, such as 50 projects. Where a meter has the same key, it is a limit on what the meter counts in a period.</summary>
    /// <param name="feature">Its key.</param>
    /// <param name="limit">How much of it may be used; zero or more. Limits of add-ons are added to the plan's.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public PlanBuilder Feature(string feature, long limit)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        _offer.Features.Add((feature, limit));
        return this;
    }

    /// <summary>An entry of the application's own data, which is also sent to the provider. Never secrets or personal data.</summary>
    /// <param name="key">Up to 40 characters, without square brackets.</param>
    /// <param name="value">Up to 500 characters.</param>
    /// <returns>The builder.</returns>
    /// <remarks>At most 50 entries. Source of the bounds: https://docs.stripe.com/metadata.</remarks>
    /// <exception cref="ArgumentException">The key is empty, or there is no value.</exception>
    public PlanBuilder Metadata(string key, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(value);
        _offer.Metadata[key] = value;
        return this;
    }

    private static string Required(string currency)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(currency);
        return currency;
    }

    private PlanBuilder Add(PriceDeclaration price)
    {
        _offer.Prices.Add(price);
        return this;
    }
}
