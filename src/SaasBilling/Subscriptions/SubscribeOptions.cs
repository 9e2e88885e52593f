namespace SaasBilling;

/// <summary>How a subscription starts.</summary>
public record SubscribeOptions
{
    /// <summary>The interval to be billed at.</summary>
    /// <value>Default: that of the plan's first price (in <see cref="Currency"/>, if given).</value>
    public BillingInterval? Interval { get; init; }

    /// <summary>ISO 4217 code.</summary>
    /// <value>Default: the currency of the customer's live subscriptions, else that of the plan's first price (at <see cref="Interval"/>, if given).</value>
    public string? Currency { get; init; }

    /// <summary>The quantity of the plan's per-seat price. Zero is legal.</summary>
    /// <value>1.</value>
    public long Seats { get; init; } = 1;

    /// <summary>Add-on key → quantity.</summary>
    public IReadOnlyDictionary<string, long>? AddOns { get; init; }

    /// <summary>A token of the provider's card form, attached and made the default before anything is charged.</summary>
    public string? PaymentMethodToken { get; init; }

    /// <summary>Coupon keys, in the order in which they apply. At most 20.</summary>
    public IReadOnlyList<string>? Coupons { get; init; }

    /// <summary>Whether to start without the plan's trial.</summary>
    public bool SkipTrial { get; init; }

    /// <summary>When the first full period starts, UTC; the time until then is prorated. At most one interval ahead.</summary>
    public DateTimeOffset? BillingCycleAnchor { get; init; }

    /// <summary>Whether the time up to <see cref="BillingCycleAnchor"/> is charged; <see cref="SaasBilling.Proration.None"/>: it is free.</summary>
    public Proration Proration { get; init; } = Proration.CreateProrations;

    /// <summary>Null: charge automatically; else an invoice is sent, due in so many days.</summary>
    public int? InvoiceDueInDays { get; init; }
}
