namespace SaasBilling;

/// <summary>What a <see cref="Price"/> is multiplied by.</summary>
public enum PriceKind
{
    /// <summary>An amount a period; an add-on's is multiplied by its quantity.</summary>
    Flat,

    /// <summary>An amount a seat: the quantity is licensed in advance.</summary>
    PerSeat,

    /// <summary>An amount a unit of a meter, charged in arrears for what was used in the period.</summary>
    Metered,
}
