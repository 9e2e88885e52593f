namespace SaasBilling;

/// <summary>Billing saw the customer for the first time.</summary>
public sealed record CustomerCreated : BillingEvent;

/// <summary>The owner left: subscriptions are ended and payment methods detached; history stays.</summary>
public sealed record CustomerDeleted : BillingEvent;

/// <summary>The application reported a milestone for the first time.</summary>
public sealed record MilestoneReached : BillingEvent
{
    /// <summary>The milestone's name.</summary>
    public required string Milestone { get; init; }
}

/// <summary>A card was put on file.</summary>
public sealed record PaymentMethodAdded : BillingEvent
{
    /// <summary>The card.</summary>
    public required PaymentMethod PaymentMethod { get; init; }
}

/// <summary>A card was taken off file.</summary>
public sealed record PaymentMethodRemoved : BillingEvent
{
    /// <summary>The card.</summary>
    public required PaymentMethod PaymentMethod { get; init; }
}

/// <summary>A card expires in 30 days: raised once, 30 days before the end of its last month.</summary>
public sealed record PaymentMethodExpiring : BillingEvent
{
    /// <summary>The card.</summary>
    public required PaymentMethod PaymentMethod { get; init; }
}

/// <summary>A metered feature reached its limit; raised once a period.</summary>
public sealed record UsageLimitReached : BillingEvent
{
    /// <summary>The feature, which is also the meter's key.</summary>
    public required string Feature { get; init; }

    /// <summary>The limit.</summary>
    public required long Limit { get; init; }
}

/// <summary>The customer may use the application again, or for the first time.</summary>
public sealed record AccessGranted : BillingEvent
{
    /// <summary>Why.</summary>
    public required AccessReason Reason { get; init; }
}

/// <summary>The customer may no longer use the application.</summary>
public sealed record AccessRestricted : BillingEvent
{
    /// <summary>Why.</summary>
    public required AccessReason Reason { get; init; }
}
