namespace SaasBilling;

/// <summary>When a cancellation takes place.</summary>
public enum CancelTiming
{
    /// <summary>At the end of the period that is paid for, or of the trial.</summary>
    AtPeriodEnd,

    /// <summary>Now.</summary>
    Immediately,
}

/// <summary>How a subscription is canceled.</summary>
public sealed record CancelOptions
{
    /// <summary>When it takes place; not used when <see cref="At"/> is set.</summary>
    public CancelTiming Timing { get; init; }

    /// <summary>The instant of the end, UTC, in the future.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Whether the time that is cut off is credited to the balance.</summary>
    public bool Prorate { get; init; }

    /// <summary>With <see cref="CancelTiming.Immediately"/>: whether pending lines and unbilled usage are invoiced now; else they are dropped.</summary>
    public bool InvoiceNow { get; init; }

    /// <summary>Why, in the customer's words.</summary>
    public string? Reason { get; init; }
}
