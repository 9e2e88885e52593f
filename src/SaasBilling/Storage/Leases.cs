namespace SaasBilling.Storage;

/// <summary>Which jobs a worker wants.</summary>
/// <param name="Kind">Of this kind.</param>
/// <param name="Now">The present, UTC, to the whole second: what is due by then is wanted.</param>
/// <param name="Duration">How long the leases last.</param>
/// <param name="Count">At most so many.</param>
public sealed record LeaseRequest(JobKind Kind, DateTimeOffset Now, TimeSpan Duration, int Count)
{
    /// <summary>
    /// Whether suspects are wanted instead of jobs that are none: those that have not been tried since, at most <see cref="Count"/> together; one that
    /// lost a second holder only by itself. A store that one process uses may hand out one at a time.
    /// </summary>
    public bool Suspects { get; init; }

    /// <summary>The exact present, UTC: from when the leases last, and by when those of others have run out.</summary>
    /// <value><see cref="Now"/>.</value>
    public DateTimeOffset LeasedAt { get; init; } = Now;
}

/// <summary>How a leased job ended.</summary>
public enum JobEnd
{
    /// <summary>It is done, and removed.</summary>
    Done,

    /// <summary>It failed, and is tried again.</summary>
    Retry,

    /// <summary>It failed for good, until a person looks, or until a wake-up's customer gets another <see cref="CustomerState.WakeAt"/>. It no longer holds up its lane.</summary>
    Quarantine,

    /// <summary>It was not tried: another worker need not wait for the lease's end.</summary>
    Release,
}

/// <summary>What became of a leased job.</summary>
public sealed record JobResult
{
    /// <summary>The leased job.</summary>
    public required JobEntry Entry { get; init; }

    /// <summary>How it ended.</summary>
    public required JobEnd End { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The next try, UTC; only of <see cref="JobEnd.Retry"/>.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>What went wrong; no secrets. Only of <see cref="JobEnd.Retry"/> and <see cref="JobEnd.Quarantine"/>.</summary>
    public string? Error { get; init; }

    /// <summary>The job is done.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="at">When, UTC.</param>
    public static JobResult Done(JobEntry entry, DateTimeOffset at) => new() { Entry = entry, End = JobEnd.Done, At = at };

    /// <summary>The job failed, and is tried again.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="notBefore">The next try, UTC.</param>
    /// <param name="error">What went wrong; no secrets.</param>
    public static JobResult Retry(JobEntry entry, DateTimeOffset at, DateTimeOffset notBefore, string error) =>
        new() { Entry = entry, End = JobEnd.Retry, At = at, NotBefore = notBefore, Error = error };

    /// <summary>The job failed for good.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="error">What went wrong; no secrets.</param>
    public static JobResult Quarantine(JobEntry entry, DateTimeOffset at, string error) => new() { Entry = entry, End = JobEnd.Quarantine, At = at, Error = error };

    /// <summary>The job was not tried.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="at">When, UTC.</param>
    public static JobResult Release(JobEntry entry, DateTimeOffset at) => new() { Entry = entry, End = JobEnd.Release, At = at };
}

/// <summary>Whether the lease was still held.</summary>
public enum LeaseOutcome
{
    /// <summary>It was, and the call took effect.</summary>
    Held,

    /// <summary>It had run out and somebody else got the job: nothing was changed, and the result is dropped.</summary>
    Lost,
}
