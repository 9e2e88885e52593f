using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <summary>A job in the in-memory queue. Instants are UTC ticks, and a wake-up's <see cref="Job"/> is made only when somebody looks: there is one for nearly every customer.</summary>
internal sealed class QueuedJob
{
    /// <summary>The <see cref="DueTicks"/> of a wake-up that its customer no longer needs, but that a worker still holds.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Null for a wake-up.</summary>
    public Job? Job { get; init; }

    public BillingEvent? Event { get; set; }

    public InboxMessage? Message { get; set; }

    /// <summary>Counts what was enqueued, so that the order is never left to chance.</summary>
    public long Order { get; set; }

    public long DueTicks { get; set; }

    public long NotBeforeTicks { get; set; }

    public int Attempts { get; set; }

    public bool IsQuarantined { get; set; }

    /// <summary>Whether a worker that held it did not come back.</summary>
    public bool IsSuspect { get; set; }

    public string? LastError { get; set; }

    /// <summary>The next job of the lane.</summary>
    public QueuedJob? Next { get; set; }

    public JobKind Kind => Job?.Kind ?? JobKind.Wake;

    public long ReadyTicks => Math.Max(DueTicks, NotBeforeTicks);

    /// <summary>Whether the job's turn in its lane comes before another's.</summary>
    public bool ComesBefore(QueuedJob other)
    {
        var bySequence = (Job?.Sequence ?? 0).CompareTo(other.Job?.Sequence ?? 0);
        if (bySequence != 0)
            return bySequence < 0;
        return DueTicks != other.DueTicks ? DueTicks < other.DueTicks : Order < other.Order;
    }

    public void StartAfresh()
    {
        Attempts = 0;
        NotBeforeTicks = 0;
        LastError = null;
        IsQuarantined = false;
        IsSuspect = false;
    }

    public Job ToJob(string customerId) => Job ?? Storage.Job.Wake(customerId, new(DueTicks, TimeSpan.Zero));

    public JobEntry ToEntry(string customerId, string? leaseToken = null, long leasedUntil = 0) => new()
    {
        Job = ToJob(customerId),
        Status = IsQuarantined ? JobStatus.Quarantined : leaseToken is null ? JobStatus.Pending : JobStatus.Leased,
        Attempts = Attempts,
        NotBefore = NotBeforeTicks > 0 ? new(NotBeforeTicks, TimeSpan.Zero) : null,
        LastError = LastError,
        LeaseToken = leaseToken,
        LeasedUntil = leaseToken is null ? null : new(leasedUntil, TimeSpan.Zero),
        IsSuspect = IsSuspect,
        Event = Event,
        Message = Message,
    };
}
