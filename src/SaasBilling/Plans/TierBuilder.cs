using SaasBilling.Plans;

namespace SaasBilling;

/// <summary>Declares the tiers of a price, from the first unit on: <see cref="UpTo"/> for each tier with an end, then <see cref="Beyond"/>. Or else one <see cref="Package"/>.</summary>
/// <remarks>Source: https://docs.stripe.com/products-prices/pricing-models. Faults are reported when the application starts.</remarks>
public sealed class TierBuilder
{
    private readonly List<PriceTier> _tiers = [];
    private TierMode _mode;
    private PricePackage? _package;

    internal TierBuilder()
    {
    }

    /// <summary>Every unit costs what its own tier says, plus the flat amount of every tier that was entered. The default.</summary>
    /// <returns>The builder.</returns>
    public TierBuilder Graduated()
    {
        _mode = TierMode.Graduated;
        return this;
    }

    /// <summary>All units cost what the tier says that the quantity reaches, plus that tier's flat amount.</summary>
    /// <returns>The builder.</returns>
    public TierBuilder Volume()
    {
        _mode = TierMode.Volume;
        return this;
    }

    /// <summary>Units are sold in packages, and a package that is begun is charged whole. Instead of tiers.</summary>
    /// <param name="unitsPerPackage">How many units a package has; one or more.</param>
    /// <param name="amount">What a package costs, in major units; zero or more, with up to 12 decimals.</param>
    /// <returns>The builder.</returns>
    public TierBuilder Package(long unitsPerPackage, decimal amount)
    {
        _package = new PricePackage(unitsPerPackage, amount);
        return this;
    }

    /// <summary>The next tier, which has an end.</summary>
    /// <param name="lastUnit">Its last unit, inclusive; more than the last unit of the tier before.</param>
    /// <param name="unitAmount">What a unit costs, in major units; zero or more, with up to 12 decimals.</param>
    /// <param name="flatAmount">What entering the tier costs, in major units; zero or more, with up to 12 decimals.</param>
    /// <returns>The builder.</returns>
    public TierBuilder UpTo(long lastUnit, decimal unitAmount, decimal flatAmount = 0)
    {
        _tiers.Add(new PriceTier(lastUnit, unitAmount, flatAmount));
        return this;
    }

    /// <summary>The last tier, which has no end.</summary>
    /// <param name="unitAmount">What a unit costs, in major units; zero or more, with up to 12 decimals.</param>
    /// <param name="flatAmount">What entering the tier costs, in major units; zero or more, with up to 12 decimals.</param>
    /// <returns>The builder.</returns>
    public TierBuilder Beyond(decimal unitAmount, decimal flatAmount = 0)
    {
        _tiers.Add(new PriceTier(null, unitAmount, flatAmount));
        return this;
    }

    internal static PriceDeclaration Declare(PriceDeclaration price, Action<TierBuilder> tiers)
    {
        ArgumentNullException.ThrowIfNull(tiers);
        var builder = new TierBuilder();
        tiers(builder);
        return price with { Tiers = builder._tiers, TierMode = builder._mode, Package = builder._package };
    }
}
