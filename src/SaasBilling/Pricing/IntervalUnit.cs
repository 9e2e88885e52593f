namespace SaasBilling;

/// <summary>What a <see cref="BillingInterval"/> counts.</summary>
public enum IntervalUnit
{
    /// <summary>24 hours.</summary>
    Day,

    /// <summary>7 × 24 hours.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>A calendar year: twelve months.</summary>
    Year,
}
