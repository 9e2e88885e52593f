namespace SaasBilling;

/// <summary>How a subscription starts.</summary>
public record SubscribeOptions
{
    private readonly long? _seats;

    /// <summary>The interval to be billed at. A free plan has monthly periods, whatever this is.</summary>
    /// <value>Default: that of the plan's first price (in <see cref="Currency"/>, if given).</value>
    public BillingInterval? Interval { get; init; }

    /// <summary>ISO 4217 code. A free plan has no currency, whatever this is.</summary>
    /// <value>Default: the currency in which the customer is billed already, else that of the plan's first price (at <see cref="Interval"/>, if given).</value>
    public string? Currency { get; init; }

    /// <summary>The quantity of the plan's per-seat price. Zero is legal.</summary>
    /// <value>1; with <c>ReactivateAsync</c> as many as before.</value>
    public long Seats
    {
        get => _seats ?? 1;
        init => _seats = value;
    }

    /// <summary>The seats that the caller set; null: none were.</summary>
    internal long? SeatsIfSet => _seats;

    /// <summary>The same, as options of a trial.</summary>
    internal TrialOptions ForTrial() => this as TrialOptions ?? new TrialOptions(this);

    /// <summary>Add-on key → quantity.</summary>
    public IReadOnlyDictionary<string, long>? AddOns { get; init; }

    /// <summary>
    /// A token of the provider's card form, attached and made the default before anything is charged. A card that was attached stays on file even
    /// when the subscription then cannot start.
    /// </summary>
    public string? PaymentMethodToken { get; init; }

    /// <summary>Coupon keys, in the order in which they apply. At most 20.</summary>
    public IReadOnlyList<string>? Coupons { get; init; }

    /// <summary>Whether to start without the plan's trial. Not with <c>StartTrialAsync</c>.</summary>
    public bool SkipTrial { get; init; }

    /// <summary>When the first full period starts, UTC; the time until then is prorated. At most one interval ahead.</summary>
    public DateTimeOffset? BillingCycleAnchor { get; init; }

    /// <summary>Whether the time up to <see cref="BillingCycleAnchor"/> is charged; <see cref="SaasBilling.Proration.None"/>: it is free.</summary>
    public Proration Proration { get; init; } = Proration.CreateProrations;

    /// <summary>Null: charge automatically; else an invoice is sent, due in so many days, 1 to 365.</summary>
    public int? InvoiceDueInDays { get; init; }
}
