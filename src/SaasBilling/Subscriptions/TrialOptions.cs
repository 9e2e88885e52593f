namespace SaasBilling;

/// <summary>How a trial starts, and what will be billed when it ends.</summary>
public sealed record TrialOptions : SubscribeOptions
{
    /// <summary>The plan's trial.</summary>
    public TrialOptions()
    {
    }

    internal TrialOptions(SubscribeOptions options)
        : base(options)
    {
    }

    /// <summary>The trial's length in days of 24 hours, 1 to 730.</summary>
    /// <value>Default: the plan's.</value>
    public int? Days { get; init; }

    /// <summary>The trial's end, UTC; at most 730 days ahead. Not together with <see cref="Days"/>.</summary>
    public DateTimeOffset? EndsAt { get; init; }
}
