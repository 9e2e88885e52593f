using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <summary>The inbox of the in-memory store.</summary>
internal sealed class InMemoryInbox : IInbox
{
    private readonly Lock _gate;
    private readonly InMemoryJobQueue _jobs;
    private readonly Dictionary<(string Provider, string EventId, bool IsLive), Stored> _messages = [];
    private long _added;

    /// <param name="gate">The store's lock: messages and jobs change together.</param>
    /// <param name="jobs">The store's queue.</param>
    public InMemoryInbox(Lock gate, InMemoryJobQueue jobs)
    {
        (_gate, _jobs) = (gate, jobs);
        jobs.Handled = (message, at) =>
        {
            if (_messages.TryGetValue(KeyOf(message), out var stored))
                (stored.HandledAt, stored.Job) = (at, null);
        };
    }

    public Task<bool> AddAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return WithLock(
            () =>
            {
                if (_messages.ContainsKey(KeyOf(message)))
                    return false;
                _messages.Add(KeyOf(message), new Stored { Message = message, Order = ++_added, Job = _jobs.Ring(message, message.ReceivedAt) });
                return true;
            },
            cancellationToken);
    }

    public Task<InboxEntry?> FindAsync(string provider, string eventId, bool isLive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(eventId);
        return WithLock(() => _messages.GetValueOrDefault((provider, eventId, isLive))?.ToEntry(), cancellationToken);
    }

    public Task<IReadOnlyList<InboxEntry>> ListAsync(InboxFilter filter, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return WithLock<IReadOnlyList<InboxEntry>>(
            () => [.. _messages.Values
                .OrderByDescending(stored => stored.Message.ReceivedAt)
                .ThenByDescending(stored => stored.Order)
                .Select(stored => stored.ToEntry())
                .Where(filter.Matches)
                .Take(count)],
            cancellationToken);
    }

    public Task<int> ReplayAsync(InboxFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return WithLock(
            () =>
            {
                var replayed = 0;
                foreach (var stored in _messages.Values.OrderBy(stored => stored.Order).Where(stored => filter.Matches(stored.ToEntry())).ToList())
                {
                    if (stored.Job is { IsQuarantined: true })
                        replayed += _jobs.Requeue(stored.Message.JobKey) ? 1 : 0;
                    else if (stored.Job is null && (stored.Job = _jobs.Ring(stored.Message, now)) is not null)
                        replayed++;
                }

                return replayed;
            },
            cancellationToken);
    }

    public Task<InboxPurge> PurgeAsync(DateTimeOffset bodiesBefore, DateTimeOffset messagesBefore, CancellationToken cancellationToken) => WithLock(
        () =>
        {
            var (bodies, messages) = (0, 0);
            foreach (var stored in _messages.Values.Where(stored => stored.Job is null).ToList())
            {
                if (stored.Message.ReceivedAt < messagesBefore)
                {
                    _messages.Remove(KeyOf(stored.Message));
                    messages++;
                }
                else if (stored.Message.ReceivedAt < bodiesBefore && stored.Message.Body is not null)
                {
                    stored.Message = stored.Message with { Body = null };
                    bodies++;
                }
            }

            return new InboxPurge(bodies, messages);
        },
        cancellationToken);

    /// <summary>Every message; the store's lock is held.</summary>
    internal IEnumerable<InboxEntry> All() => _messages.Values.Select(stored => stored.ToEntry());

    /// <summary>Forgets the bodies of what is about somebody; the store's lock is held.</summary>
    /// <returns>How many.</returns>
    internal int Forget(HashSet<string> ids)
    {
        var subjects = _messages.Values
            .Where(stored => ids.Contains(stored.Message.Subject) || (stored.Message.ObjectId is { } id && ids.Contains(id)))
            .Select(stored => stored.Message.Subject)
            .ToHashSet(StringComparer.Ordinal);
        var forgotten = 0;
        foreach (var stored in _messages.Values.Where(stored => stored.Message.Body is not null && subjects.Contains(stored.Message.Subject)))
        {
            stored.Message = stored.Message with { Body = null };
            if (stored.Job is { } job)
                job.Message = stored.Message;
            forgotten++;
        }

        return forgotten;
    }

    private static (string Provider, string EventId, bool IsLive) KeyOf(InboxMessage message) => (message.Provider, message.EventId, message.IsLive);

    private Task<T> WithLock<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);

        lock (_gate)
            return Task.FromResult(work());
    }

    private sealed class Stored
    {
        public required InboxMessage Message { get; set; }

        public required long Order { get; init; }

        /// <summary>Null when there is nothing to do.</summary>
        public QueuedJob? Job { get; set; }

        public DateTimeOffset? HandledAt { get; set; }

        public InboxEntry ToEntry() => new(Message, Job is null ? InboxStatus.Handled : Job.IsQuarantined ? InboxStatus.Quarantined : InboxStatus.Waiting)
        {
            HandledAt = HandledAt,
            Attempts = Job?.Attempts ?? 0,
            LastError = Job?.LastError,
        };
    }
}
