namespace SaasBilling.Storage;

/// <summary>
/// Webhooks as they came in, verified. A message is a doorbell: it says that something changed, and the present is then read from the provider. It is
/// stored together with the job that handles it, before the sender gets its answer, so that what was answered is never lost.
/// </summary>
public interface IInbox
{
    /// <summary>Stores a message and its job at once. The job's kind is <see cref="JobKind.Doorbell"/>, its customer the message's subject.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False: the provider's event is known already, and nothing was written.</returns>
    Task<bool> AddAsync(InboxMessage message, CancellationToken cancellationToken);

    /// <summary>What became of a message; null when there is none.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="eventId">The provider's id of the event.</param>
    /// <param name="isLive">Whether it is of the provider's live mode.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<InboxEntry?> FindAsync(string provider, string eventId, bool isLive, CancellationToken cancellationToken);

    /// <summary>Messages, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<InboxEntry>> ListAsync(InboxFilter filter, int count, CancellationToken cancellationToken);

    /// <summary>Has messages handled again: those that were handled, and those in quarantine. Those that wait already are left as they are.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="now">The present, UTC: from then on they are due.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many.</returns>
    Task<int> ReplayAsync(InboxFilter filter, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets the bodies of handled messages, and later the messages themselves. A message that is forgotten is no longer recognized when it comes again.</summary>
    /// <param name="bodiesBefore">Bodies of messages that were received before this instant, UTC.</param>
    /// <param name="messagesBefore">Messages that were received before this instant, UTC.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<InboxPurge> PurgeAsync(DateTimeOffset bodiesBefore, DateTimeOffset messagesBefore, CancellationToken cancellationToken);
}
