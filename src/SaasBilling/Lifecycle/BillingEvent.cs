namespace SaasBilling;

/// <summary>
/// One thing that happened to one customer. Emitted once, in order per customer, in the same commit as the state that it tells of.
/// </summary>
public abstract record BillingEvent
{
    /// <summary>Unique and stable: a hook that has an effect outside can use it as its idempotency key.</summary>
    public required string Id { get; init; }

    /// <summary>The application's id of the customer.</summary>
    public required string CustomerId { get; init; }

    /// <summary>When it happened, UTC, to the second; a worker that was down tells of it later, with the same instant.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Why, where there is more to say than the event's name: a decline code, a cancellation's reason, the customer's words.</summary>
    public string? Explanation { get; init; }
}

/// <summary>An event of one subscription.</summary>
public abstract record SubscriptionEvent : BillingEvent
{
    /// <summary>The subscription as it was right after.</summary>
    public required Subscription Subscription { get; init; }
}
