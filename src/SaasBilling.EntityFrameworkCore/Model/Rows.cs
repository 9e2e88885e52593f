using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Model;

// None of these is sealed: an application's UseLazyLoadingProxies refuses a model with types that are.

/// <summary>A customer: the state as a document, and in columns what is searched for.</summary>
internal class CustomerRow
{
    public required string Id { get; set; }

    public long Version { get; set; }

    /// <summary>In lower case.</summary>
    public string? Email { get; set; }

    public string? Name { get; set; }

    public string? Currency { get; set; }

    public UtcInstant CreatedAt { get; set; }

    public UtcInstant? DeletedAt { get; set; }

    public UtcInstant? WakeAt { get; set; }

    public required string State { get; set; }
}

/// <summary>A subscription, for searching; the state's document is what counts.</summary>
internal class SubscriptionRow
{
    public required string CustomerId { get; set; }

    public required string Id { get; set; }

    public required string Name { get; set; }

    public required string PlanKey { get; set; }

    public SubscriptionStatus Status { get; set; }

    public string? Currency { get; set; }

    public required string BillingInterval { get; set; }

    public UtcInstant CreatedAt { get; set; }

    public UtcInstant PeriodStart { get; set; }

    public UtcInstant PeriodEnd { get; set; }

    public UtcInstant? TrialStart { get; set; }

    public UtcInstant? TrialEnd { get; set; }

    public UtcInstant? CancelsAt { get; set; }

    public UtcInstant? CanceledAt { get; set; }

    public UtcInstant? EndedAt { get; set; }

    public UtcInstant? PastDueSince { get; set; }

    public bool IsPaused { get; set; }

    public required string Items { get; set; }
}

/// <summary>An invoice: the document, and in columns what is searched for and added up.</summary>
internal class InvoiceRow
{
    public required string CustomerId { get; set; }

    public required string Id { get; set; }

    /// <summary>The commit that wrote it first.</summary>
    public long Version { get; set; }

    /// <summary>Its place in that commit.</summary>
    public int Position { get; set; }

    public string? SubscriptionId { get; set; }

    public string? Number { get; set; }

    public InvoiceStatus Status { get; set; }

    public BillingReason Reason { get; set; }

    public required string Currency { get; set; }

    public long Total { get; set; }

    public long AmountDue { get; set; }

    public long AmountPaid { get; set; }

    public UtcInstant CreatedAt { get; set; }

    public UtcInstant? FinalizedAt { get; set; }

    public UtcInstant? DueAt { get; set; }

    public UtcInstant? PaidAt { get; set; }

    public UtcInstant? NextPaymentAttempt { get; set; }

    public required string Data { get; set; }
}

/// <summary>An event. Append-only: the customer's history and audit.</summary>
internal class EventRow
{
    public required string CustomerId { get; set; }

    /// <summary>The commit that appended it.</summary>
    public long Version { get; set; }

    /// <summary>Its place in that commit.</summary>
    public int Position { get; set; }

    public required string Id { get; set; }

    public required string Type { get; set; }

    public string? SubscriptionId { get; set; }

    public UtcInstant OccurredAt { get; set; }

    /// <summary>By the clock of the machine that wrote it.</summary>
    public UtcInstant RecordedAt { get; set; }

    public required string Data { get; set; }
}

/// <summary>A change of MRR. Append-only.</summary>
internal class MovementRow
{
    public long Id { get; set; }

    public required string CustomerId { get; set; }

    public required string Currency { get; set; }

    public UtcInstant At { get; set; }

    public MrrMovementKind Kind { get; set; }

    /// <summary>In millionths of a minor unit.</summary>
    public long Delta { get; set; }
}

/// <summary>Usage that was recorded. Append-only.</summary>
internal class UsageRow
{
    public required string CustomerId { get; set; }

    public required string Meter { get; set; }

    public required string Key { get; set; }

    public decimal Quantity { get; set; }

    public UtcInstant At { get; set; }
}

/// <summary>A trial that a customer had, for counting; the state's document is what counts.</summary>
internal class TrialRow
{
    public required string CustomerId { get; set; }

    /// <summary>Its place in <see cref="CustomerState.Trials"/>.</summary>
    public int Position { get; set; }

    public required string SubscriptionId { get; set; }

    public required string PlanKey { get; set; }

    public UtcInstant StartedAt { get; set; }

    public UtcInstant? EndedAt { get; set; }

    public UtcInstant? ConvertedAt { get; set; }
}

/// <summary>A job. Done ones are removed.</summary>
internal class JobRow
{
    /// <summary>The order in which jobs were enqueued.</summary>
    public long Id { get; set; }

    public required string Key { get; set; }

    public JobKind Kind { get; set; }

    public required string CustomerId { get; set; }

    public required string Lane { get; set; }

    public long Sequence { get; set; }

    /// <summary>Null: a wake-up that its customer no longer needs, but that a worker still holds.</summary>
    public UtcInstant? DueAt { get; set; }

    public UtcInstant? NotBefore { get; set; }

    /// <summary>From when on it can be leased: when it is due or its next try is, or, while it is leased, when its lease runs out.</summary>
    public UtcInstant ReadyAt { get; set; }

    public JobStatus Status { get; set; }

    public Guid? LeaseToken { get; set; }

    /// <summary><see cref="CustomerId"/> while it is leased, and null otherwise: unique within a kind, so that a customer has one leased job of it.</summary>
    public string? LeasedCustomerId { get; set; }

    public UtcInstant? LeasedUntil { get; set; }

    /// <summary><see cref="DueAt"/> when it was leased: another one by now is another occurrence.</summary>
    public UtcInstant? LeasedDueAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>Whether its last holder did not come back.</summary>
    public bool IsSuspect { get; set; }

    public string? LastError { get; set; }

    public string? EventId { get; set; }
}

/// <summary>A webhook that was verified.</summary>
internal class InboxRow
{
    public long Id { get; set; }

    public required string Provider { get; set; }

    public required string EventId { get; set; }

    public bool IsLive { get; set; }

    public required string Type { get; set; }

    public string? ObjectId { get; set; }

    public required string Subject { get; set; }

    public UtcInstant ReceivedAt { get; set; }

    /// <summary>As it was received; null: purged.</summary>
    public string? Body { get; set; }

    public UtcInstant? HandledAt { get; set; }

    /// <summary>The key of its job, and its own.</summary>
    public required string JobKey { get; set; }
}
