using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

/// <summary>The queue, one job at a time.</summary>
public static class JobQueueShortcuts
{
    extension(IJobQueue queue)
    {
        /// <summary>Leases jobs that are no suspects.</summary>
        /// <param name="kind">The kind.</param>
        /// <param name="now">The present, UTC.</param>
        /// <param name="duration">How long the leases last.</param>
        /// <param name="count">At most so many.</param>
        /// <param name="cancellationToken">Cancels the call.</param>
        public Task<IReadOnlyList<JobEntry>> LeaseAsync(JobKind kind, DateTimeOffset now, TimeSpan duration, int count, CancellationToken cancellationToken) =>
            queue.LeaseAsync(new LeaseRequest(kind, now, duration, count), cancellationToken);

        /// <summary>Keeps one lease.</summary>
        /// <param name="entry">The leased job.</param>
        /// <param name="until">The lease's new end, UTC.</param>
        /// <param name="cancellationToken">Cancels the call.</param>
        public async Task<LeaseOutcome> RenewAsync(JobEntry entry, DateTimeOffset until, CancellationToken cancellationToken) =>
            Assert.Single(await queue.RenewAsync([entry], until, cancellationToken));

        /// <summary>One job is done.</summary>
        /// <param name="entry">The leased job.</param>
        /// <param name="cancellationToken">Cancels the call.</param>
        public Task<LeaseOutcome> CompleteAsync(JobEntry entry, CancellationToken cancellationToken) => FinishOneAsync(queue, JobResult.Done(entry, At(entry)), cancellationToken);

        /// <summary>One job failed, and is tried again.</summary>
        /// <param name="entry">The leased job.</param>
        /// <param name="notBefore">The next try, UTC.</param>
        /// <param name="error">What went wrong.</param>
        /// <param name="cancellationToken">Cancels the call.</param>
        public Task<LeaseOutcome> RetryAsync(JobEntry entry, DateTimeOffset notBefore, string error, CancellationToken cancellationToken) =>
            FinishOneAsync(queue, JobResult.Retry(entry, At(entry), notBefore, error), cancellationToken);

        /// <summary>One job failed for good.</summary>
        /// <param name="entry">The leased job.</param>
        /// <param name="error">What went wrong.</param>
        /// <param name="cancellationToken">Cancels the call.</param>
        public Task<LeaseOutcome> QuarantineAsync(JobEntry entry, string error, CancellationToken cancellationToken) =>
            FinishOneAsync(queue, JobResult.Quarantine(entry, At(entry), error), cancellationToken);

        /// <summary>One job is given back untried.</summary>
        /// <param name="entry">The leased job.</param>
        /// <param name="cancellationToken">Cancels the call.</param>
        public Task<LeaseOutcome> ReleaseAsync(JobEntry entry, CancellationToken cancellationToken) => FinishOneAsync(queue, JobResult.Release(entry, At(entry)), cancellationToken);
    }

    private static async Task<LeaseOutcome> FinishOneAsync(IJobQueue queue, JobResult result, CancellationToken cancellationToken) =>
        Assert.Single(await queue.FinishAsync([result], cancellationToken));

    private static DateTimeOffset At(JobEntry entry) => entry.LeasedUntil ?? entry.Job.DueAt;
}
