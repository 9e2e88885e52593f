namespace SaasBilling;

/// <summary>How the tiers of a <see cref="Price"/> are read (https://docs.stripe.com/products-prices/pricing-models).</summary>
public enum TierMode
{
    /// <summary>Every unit costs the amount of its own tier, plus the flat amount of each tier that was entered.</summary>
    Graduated,

    /// <summary>All units cost the amount of the tier that the quantity reaches, plus that tier's flat amount.</summary>
    Volume,
}
