namespace SaasBilling.Storage;

/// <summary>What a job does.</summary>
public enum JobKind
{
    /// <summary>Looks at a customer because time has passed: <see cref="CustomerState.WakeAt"/>.</summary>
    Wake,

    /// <summary>Delivers one event to one hook.</summary>
    Hook,

    /// <summary>Reads the present from the provider because a webhook came in: <see cref="InboxMessage"/>.</summary>
    Doorbell,
}

/// <summary>Where a job is in its life.</summary>
public enum JobStatus
{
    /// <summary>Waits until it is due, or for its next try.</summary>
    Pending,

    /// <summary>A worker holds it.</summary>
    Leased,

    /// <summary>Tried too often; waits for a person.</summary>
    Quarantined,
}

/// <summary>Something that is to be done once, for one customer, at a time. Done jobs are removed.</summary>
public sealed record Job
{
    /// <summary>The occurrence key: unique, so that the same thing is not enqueued twice.</summary>
    public required string Key { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>The application's id of the customer; of a doorbell, <see cref="InboxMessage.Subject"/>.</summary>
    public required string CustomerId { get; init; }

    /// <summary>
    /// Jobs of one customer and one lane run in order, the next one only when the one before is done or quarantined; a failing hook holds up its own
    /// lane alone. Over all lanes, one job of a kind and a customer runs at a time.
    /// </summary>
    public required string Lane { get; init; }

    /// <summary>When it is due, UTC.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Its place in its lane, lower first: the event's number, so that the order holds whatever the clocks say. Among equals the earlier due one goes first.</summary>
    public long Sequence { get; init; }

    /// <summary>A hook's event; the store hands it out with the lease.</summary>
    public string? EventId { get; init; }

    /// <summary>The key of a customer's one wake-up.</summary>
    /// <param name="customerId">The application's id of the customer.</param>
    public static string WakeKey(string customerId) => $"wake:{customerId}";

    /// <summary>A customer's one wake-up.</summary>
    /// <param name="customerId">The application's id of the customer.</param>
    /// <param name="dueAt">When, UTC: <see cref="CustomerState.WakeAt"/>.</param>
    public static Job Wake(string customerId, DateTimeOffset dueAt) =>
        new() { Key = WakeKey(customerId), Kind = JobKind.Wake, CustomerId = customerId, Lane = "wake", DueAt = dueAt };
}

/// <summary>A job as a worker holds it, or as an operator sees it.</summary>
public sealed record JobEntry
{
    /// <summary>The <see cref="LastError"/> of a job that became a suspect.</summary>
    public const string LeaseRanOut = "The lease ran out: the worker that held it stopped, or hung.";

    /// <summary>The job.</summary>
    public required Job Job { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>How many tries have failed.</summary>
    public int Attempts { get; init; }

    /// <summary>Not tried before, UTC; null: when it is due.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>What the last try said. No secrets.</summary>
    public string? LastError { get; init; }

    /// <summary>The holder's token; only the holder can finish the job.</summary>
    public string? LeaseToken { get; init; }

    /// <summary>Until when the holder has it, UTC.</summary>
    public DateTimeOffset? LeasedUntil { get; init; }

    /// <summary>Whether a worker that held it did not come back: it stopped, hung, or was killed.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>When its turn is, UTC: of a leased job, when the lease runs out; of one in quarantine, when it was due; else when it is due and not to wait for its next try.</summary>
    public DateTimeOffset ReadyAt => Status switch
    {
        JobStatus.Leased => LeasedUntil ?? Job.DueAt,
        JobStatus.Quarantined => Job.DueAt,
        _ => NotBefore > Job.DueAt ? NotBefore.Value : Job.DueAt,
    };

    /// <summary>The event that a hook gets.</summary>
    public BillingEvent? Event { get; init; }

    /// <summary>What rang.</summary>
    public InboxMessage? Message { get; init; }
}

/// <summary>How much is waiting.</summary>
/// <param name="Pending">Jobs that wait or are leased.</param>
/// <param name="Quarantined">Jobs that wait for a person.</param>
/// <param name="OldestDueAt">When the oldest pending job was, or is, due, UTC.</param>
public sealed record JobFigures(int Pending, int Quarantined, DateTimeOffset? OldestDueAt);
