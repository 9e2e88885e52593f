namespace SaasBilling;

/// <summary>A stretch of time that is billed: half-open, <c>[Start, End)</c>, in UTC to the second.</summary>
/// <param name="Start">The first instant of the period.</param>
/// <param name="End">The first instant after the period, which is the start of the next one.</param>
public sealed record BillingPeriod(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>How long the period is; zero for the moment of a one-off charge.</summary>
    public TimeSpan Length => End - Start;

    /// <summary>Whether the instant lies in the period: its start does, its end does not.</summary>
    public bool Contains(DateTimeOffset instant) => instant >= Start && instant < End;
}
