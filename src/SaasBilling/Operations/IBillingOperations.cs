using SaasBilling.Storage;

namespace SaasBilling;

/// <summary>The machine room: the queue of jobs and the webhooks that came in, as an operator sees them.</summary>
public interface IBillingOperations
{
    /// <summary>How much is due, held, failing and quarantined.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<QueueFigures> GetFiguresAsync(CancellationToken cancellationToken = default);

    /// <summary>Jobs, in the order in which their turn is.</summary>
    /// <param name="filter">Which; null: all.</param>
    /// <param name="after"><see cref="Page{T}.Next"/> of the page before; null: from the beginning.</param>
    /// <param name="pageSize">At most so many, from 1 to 500.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidArgument"/>: <paramref name="after"/> is not what this list gave, or <paramref name="pageSize"/> is out of range.
    /// </exception>
    Task<Page<JobEntry>> ListJobsAsync(JobFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default);

    /// <summary>Takes a job out of quarantine: it is tried again at once, as if it had never been tried.</summary>
    /// <param name="jobKey">The job's key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was in quarantine.</returns>
    Task<bool> RetryJobAsync(string jobKey, CancellationToken cancellationToken = default);

    /// <summary>Takes jobs out of quarantine, one by one.</summary>
    /// <param name="filter">Which of those in quarantine; null: all of them.</param>
    /// <param name="cancellationToken">Cancels the call; what was taken out stays out.</param>
    /// <returns>How many.</returns>
    Task<int> RetryJobsAsync(JobFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Webhooks, newest first.</summary>
    /// <param name="filter">Which; null: all.</param>
    /// <param name="after"><see cref="Page{T}.Next"/> of the page before; null: from the beginning.</param>
    /// <param name="pageSize">At most so many, from 1 to 500.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidArgument"/>: <paramref name="after"/> is not what this list gave, or <paramref name="pageSize"/> is out of range.
    /// </exception>
    Task<Page<InboxEntry>> ListWebhooksAsync(InboxFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has webhooks handled again: those that were handled, and those in quarantine. Harmless, since a webhook only has the present read from the
    /// provider. Those that wait already are left as they are.
    /// </summary>
    /// <param name="filter">Which.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many.</returns>
    Task<int> ReplayAsync(InboxFilter filter, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets the bodies of handled webhooks, and webhooks altogether, before <see cref="BillingRetentionOptions"/> would. A webhook that is forgotten is
    /// no longer recognized when it comes again.
    /// </summary>
    /// <param name="bodiesBefore">Bodies of webhooks that were received before this instant, UTC.</param>
    /// <param name="webhooksBefore">Webhooks that were received before this instant, UTC.</param>
    /// <param name="cancellationToken">Cancels the call; what was forgotten stays so.</param>
    Task<InboxPurge> PurgeWebhooksAsync(DateTimeOffset bodiesBefore, DateTimeOffset webhooksBefore, CancellationToken cancellationToken = default);
}
