namespace SaasBilling;

/// <summary>What a checkout sells, and where it leads.</summary>
public sealed record CheckoutOptions
{
    /// <summary>Where the customer goes after paying; it calls <c>CompleteCheckoutAsync</c>.</summary>
    public required Uri SuccessUrl { get; init; }

    /// <summary>Where the customer goes when they give up.</summary>
    public required Uri CancelUrl { get; init; }

    /// <summary>The interval; default: that of the plan's first price.</summary>
    public BillingInterval? Interval { get; init; }

    /// <summary>ISO 4217 code; default: as in <see cref="SubscribeOptions.Currency"/>.</summary>
    public string? Currency { get; init; }

    /// <summary>The quantity of the per-seat price.</summary>
    public long Seats { get; init; } = 1;

    /// <summary>Coupon keys, in the order in which they apply.</summary>
    public IReadOnlyList<string>? Coupons { get; init; }
}

/// <summary>An open card form.</summary>
/// <param name="Id">What <c>CompleteCheckoutAsync</c> takes.</param>
/// <param name="Url">Where the customer is sent.</param>
/// <param name="ExpiresAt">From then on it can no longer be completed, UTC.</param>
public sealed record CheckoutSession(string Id, Uri Url, DateTimeOffset ExpiresAt);
