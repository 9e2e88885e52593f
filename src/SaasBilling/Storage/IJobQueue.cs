namespace SaasBilling.Storage;

/// <summary>
/// The queue of jobs. Jobs get in by <see cref="IBillingStore.CommitAsync"/> only: hook deliveries, and one wake-up for each customer that has a
/// <see cref="CustomerState.WakeAt"/> (moved or removed with it).
/// </summary>
public interface IJobQueue
{
    /// <summary>
    /// Leases due jobs of one kind, oldest first, at most one of a customer at a time, and none that an earlier job of its lane holds up; among jobs of
    /// one customer that can be leased from the same instant on, in the order in which they were committed. A wake-up does not wait for the hooks of its
    /// customer, nor they for it. A job whose lease ran out is free again, and that counts as a failed try: it may be what takes its workers down.
    /// </summary>
    /// <param name="kind">The kind.</param>
    /// <param name="now">The present, UTC.</param>
    /// <param name="duration">How long the lease lasts.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<JobEntry>> LeaseAsync(JobKind kind, DateTimeOffset now, TimeSpan duration, int count, CancellationToken cancellationToken);

    /// <summary>Keeps a lease.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="until">The lease's new end, UTC.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<LeaseOutcome> RenewAsync(JobEntry entry, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// The job is done: it is removed. A wake-up whose customer has a new <see cref="CustomerState.WakeAt"/> by now stays for that, as if it had never
    /// been tried; so it does when it failed or is released.
    /// </summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<LeaseOutcome> CompleteAsync(JobEntry entry, CancellationToken cancellationToken);

    /// <summary>The job failed, and is tried again.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="notBefore">The next try, UTC.</param>
    /// <param name="error">What went wrong; no secrets.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<LeaseOutcome> RetryAsync(JobEntry entry, DateTimeOffset notBefore, string error, CancellationToken cancellationToken);

    /// <summary>The job failed for good, until a person looks, or until a wake-up's customer gets another <see cref="CustomerState.WakeAt"/>. It no longer holds up its lane.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="error">What went wrong; no secrets.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<LeaseOutcome> QuarantineAsync(JobEntry entry, string error, CancellationToken cancellationToken);

    /// <summary>Gives the lease back untried, so that another worker need not wait for its end.</summary>
    /// <param name="entry">The leased job.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<LeaseOutcome> ReleaseAsync(JobEntry entry, CancellationToken cancellationToken);

    /// <summary>When the next job of a kind that can be leased is due, leases that run out included, UTC; null: none.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<DateTimeOffset?> NextDueAsync(JobKind kind, CancellationToken cancellationToken);

    /// <summary>How much is waiting.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<JobFigures> GetFiguresAsync(CancellationToken cancellationToken);

    /// <summary>The quarantined jobs.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<JobEntry>> GetQuarantinedAsync(CancellationToken cancellationToken);

    /// <summary>Takes a job out of quarantine, back to its place in its lane, as if it had never been tried.</summary>
    /// <param name="key">The job's key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> RequeueAsync(string key, CancellationToken cancellationToken);
}

/// <summary>Whether the lease was still held.</summary>
public enum LeaseOutcome
{
    /// <summary>It was, and the call took effect.</summary>
    Held,

    /// <summary>It had run out and somebody else got the job: nothing was changed, and the result is dropped.</summary>
    Lost,
}
