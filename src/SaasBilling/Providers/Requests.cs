namespace SaasBilling.Providers;

/// <summary>A subscription at the provider.</summary>
/// <param name="CustomerId">The application's id of the customer.</param>
/// <param name="SubscriptionId">The provider's id.</param>
public readonly record struct SubscriptionRef(string CustomerId, string SubscriptionId);

/// <summary>A price, and how many of it.</summary>
/// <param name="PriceKey">A key of the catalog.</param>
/// <param name="Quantity">1 for a flat price, the seats, an add-on's quantity; 0 for a metered price.</param>
public readonly record struct PriceQuantity(string PriceKey, long Quantity);

/// <summary>A customer to create or update.</summary>
/// <param name="CustomerId">The application's id.</param>
/// <param name="Details">What is set; null members stay as they are.</param>
public sealed record EnsureCustomerRequest(string CustomerId, CustomerDetails Details);

/// <summary>A card to attach.</summary>
/// <param name="CustomerId">The application's id.</param>
/// <param name="Token">The token of the card form.</param>
/// <param name="MakeDefault">Whether invoices are charged to it.</param>
public sealed record AddPaymentMethodRequest(string CustomerId, string Token, bool MakeDefault);

/// <summary>A subscription to start.</summary>
public sealed record CreateSubscriptionRequest
{
    /// <summary>The application's id of the customer.</summary>
    public required string CustomerId { get; init; }

    /// <summary>The subscription's name.</summary>
    public required string Name { get; init; }

    /// <summary>The plan.</summary>
    public required string PlanKey { get; init; }

    /// <summary>The items; empty for a free plan.</summary>
    public required IReadOnlyList<PriceQuantity> Items { get; init; }

    /// <summary>The interval; monthly for a free plan.</summary>
    public required BillingInterval Interval { get; init; }

    /// <summary>The currency; null for a free plan.</summary>
    public Currency? Currency { get; init; }

    /// <summary>When the trial ends; null: no trial.</summary>
    public DateTimeOffset? TrialEnd { get; init; }

    /// <summary>What happens when the trial ends with no payment method.</summary>
    public TrialEndBehavior WhenNoPaymentMethod { get; init; }

    /// <summary>When the first full period starts; null: now, or at the trial's end.</summary>
    public DateTimeOffset? BillingCycleAnchor { get; init; }

    /// <summary>Whether the time up to <see cref="BillingCycleAnchor"/> is charged.</summary>
    public Proration Proration { get; init; }

    /// <summary>Coupon keys, in their order.</summary>
    public IReadOnlyList<string> Coupons { get; init; } = [];

    /// <summary>Invoices are sent and due in so many days; null: charged automatically.</summary>
    public int? InvoiceDueInDays { get; init; }

    /// <summary>An Incomplete subscription of the same name that this one replaces: it expires, and its invoice is voided.</summary>
    public string? Replaces { get; init; }
}

/// <summary>Items to change.</summary>
public sealed record ChangeSubscriptionRequest
{
    /// <summary>The subscription.</summary>
    public required SubscriptionRef Subscription { get; init; }

    /// <summary>What the application asked for; shown as the scheduled change while it waits.</summary>
    public required SubscriptionChange Change { get; init; }

    /// <summary>The wanted plan.</summary>
    public required string PlanKey { get; init; }

    /// <summary>The full set of wanted items.</summary>
    public required IReadOnlyList<PriceQuantity> Items { get; init; }

    /// <summary>The wanted interval.</summary>
    public required BillingInterval Interval { get; init; }

    /// <summary>The currency; null for a free plan.</summary>
    public Currency? Currency { get; init; }

    /// <summary>Whether a new period starts now: another interval, or from free to paid.</summary>
    public bool ResetAnchor { get; init; }

    /// <summary>What happens from then on when a trial ends with no payment method: as the wanted plan says. Null: as before.</summary>
    public TrialEndBehavior? WhenNoPaymentMethod { get; init; }

    /// <summary>The instant from which the remaining time is counted; in the current period.</summary>
    public required DateTimeOffset ProrationDate { get; init; }

    /// <summary>
    /// With a change that takes place now: the change that waits for the period's end, worked out anew from what this one makes of the subscription. It
    /// takes the place of the waiting one; where it comes to what the subscription then is, nothing waits any more. Null: what waits stays.
    /// </summary>
    public ChangeSubscriptionRequest? AtPeriodEnd { get; init; }
}

/// <summary>A one-off charge.</summary>
public sealed record AddChargeRequest
{
    /// <summary>The application's id of the customer.</summary>
    public required string CustomerId { get; init; }

    /// <summary>The subscription whose next invoice takes it; null: the customer's next invoice.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>How much.</summary>
    public required Money Amount { get; init; }

    /// <summary>What for.</summary>
    public required string Description { get; init; }
}

/// <summary>What can be done with an invoice by hand.</summary>
public enum InvoiceAction
{
    /// <summary>A draft gets its number; if collected automatically, it is charged.</summary>
    Finalize,

    /// <summary>The default method is charged now.</summary>
    Pay,

    /// <summary>The money came another way.</summary>
    PayOutOfBand,

    /// <summary>Made invalid.</summary>
    Void,

    /// <summary>Written off.</summary>
    MarkUncollectible,
}

/// <summary>Metered usage.</summary>
/// <param name="CustomerId">The application's id of the customer.</param>
/// <param name="Meter">The meter.</param>
/// <param name="Quantity">Not negative.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Key">Counts once.</param>
public sealed record UsageRequest(string CustomerId, string Meter, decimal Quantity, DateTimeOffset At, string Key);
