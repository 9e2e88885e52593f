namespace SaasBilling.Storage;

/// <summary>
/// The queue of jobs. Jobs get in by <see cref="IBillingStore.CommitAsync"/> (hook deliveries, and one wake-up for each customer that has a
/// <see cref="CustomerState.WakeAt"/>, moved or removed with it) and by <see cref="IInbox.AddAsync"/> (doorbells).
/// </summary>
public interface IJobQueue
{
    /// <summary>
    /// Leases due jobs of one kind, oldest first, at most one of a customer at a time, and none that an earlier job of its lane holds up; among jobs of
    /// one customer that can be leased from the same instant on, in the order in which they were committed. Kinds do not wait for each other.
    /// </summary>
    /// <remarks>
    /// A job whose lease ran out is free again, and suspect: it may be what took its worker down, or was merely leased beside what did. Suspects are
    /// leased apart, and alone when they lose a second holder, so that the guilty is told from the others; only when a suspect's lease runs out again does that count as a failed
    /// try. A job that was finished in whatever way, or requeued, is no suspect.
    /// </remarks>
    /// <param name="request">Which jobs, and for how long.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<JobEntry>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Keeps leases.</summary>
    /// <param name="entries">The leased jobs.</param>
    /// <param name="until">The leases' new end, UTC.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>For each, in the same order, whether its lease was still held.</returns>
    Task<IReadOnlyList<LeaseOutcome>> RenewAsync(IReadOnlyList<JobEntry> entries, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Ends leases. A wake-up whose customer has a new <see cref="CustomerState.WakeAt"/> by now stays for that however it ended, as if it had never
    /// been tried.
    /// </summary>
    /// <param name="results">How each job ended; each result stands by itself.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>For each, in the same order, whether its lease was still held; where it was not, nothing was changed.</returns>
    Task<IReadOnlyList<LeaseOutcome>> FinishAsync(IReadOnlyList<JobResult> results, CancellationToken cancellationToken);

    /// <summary>When the next job of a kind that can be leased is due, suspects and leases that run out included, UTC; null: none.</summary>
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
