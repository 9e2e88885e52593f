namespace SaasBilling;

/// <summary>What is about to happen to one subscription; what guards see.</summary>
public abstract record BillingCommand
{
    /// <summary>The application's id of the customer.</summary>
    public required string CustomerId { get; init; }

    /// <summary>The subscription's name.</summary>
    public required string SubscriptionName { get; init; }
}

/// <summary><see cref="ICustomerBilling.StartTrialAsync"/>, and <see cref="ICustomerBilling.SubscribeAsync"/> where it would start a trial.</summary>
public sealed record StartTrialCommand : BillingCommand
{
    /// <summary>The plan.</summary>
    public required string PlanKey { get; init; }

    /// <summary>What the caller gave.</summary>
    public TrialOptions? Options { get; init; }
}

/// <summary><see cref="ICustomerBilling.SubscribeAsync"/> and <see cref="ICustomerBilling.ReactivateAsync"/>.</summary>
public sealed record SubscribeCommand : BillingCommand
{
    /// <summary>The plan.</summary>
    public required string PlanKey { get; init; }

    /// <summary>What the caller gave.</summary>
    public SubscribeOptions? Options { get; init; }
}

/// <summary>Both forms of <c>ChangeAsync</c>.</summary>
public sealed record ChangeCommand : BillingCommand
{
    /// <summary>What is to be different.</summary>
    public required SubscriptionChange Change { get; init; }
}

/// <summary><see cref="ICustomerBilling.CancelAsync"/>.</summary>
public sealed record CancelCommand : BillingCommand
{
    /// <summary>How.</summary>
    public required CancelOptions Options { get; init; }
}
