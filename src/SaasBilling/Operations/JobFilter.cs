using SaasBilling.Storage;

namespace SaasBilling;

/// <summary>Which jobs; all conditions that are set must hold. The list is in the order of <see cref="JobEntry.ReadyAt"/>, earliest first.</summary>
public sealed record JobFilter
{
    /// <summary>In this state.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>Of this kind.</summary>
    public JobKind? Kind { get; init; }

    /// <summary>Of this customer; of doorbells, of this <see cref="InboxMessage.Subject"/>.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Ready before this instant, UTC: with <see cref="JobStatus.Pending"/> and the present, what is due.</summary>
    public DateTimeOffset? ReadyBefore { get; init; }

    /// <summary>With a try that failed, or without one.</summary>
    public bool? HasFailed { get; init; }

    /// <summary>A job's place in the list.</summary>
    /// <param name="entry">The job.</param>
    public static ListPosition PositionOf(JobEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(entry.ReadyAt, entry.Job.Key, "");
    }

    /// <summary>Whether a job is one of those.</summary>
    /// <param name="entry">The job.</param>
    public bool Matches(JobEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return (Status is null || entry.Status == Status)
            && (Kind is null || entry.Job.Kind == Kind)
            && (CustomerId is null || entry.Job.CustomerId == CustomerId)
            && !(entry.ReadyAt >= ReadyBefore)
            && (HasFailed is null || HasFailed == entry.Attempts > 0);
    }
}
