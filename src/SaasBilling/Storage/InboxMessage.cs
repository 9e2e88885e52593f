namespace SaasBilling.Storage;

/// <summary>A verified webhook.</summary>
public sealed record InboxMessage
{
    /// <summary>The provider's name, such as <c>stripe</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's id of the event: what makes a redelivery known.</summary>
    public required string EventId { get; init; }

    /// <summary>Whether it is of the provider's live mode.</summary>
    public required bool IsLive { get; init; }

    /// <summary>The provider's name of what happened, such as <c>invoice.paid</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The provider's id of what it happened to; null where there is none.</summary>
    public string? ObjectId { get; init; }

    /// <summary>What is handled one at a time and in order: the provider's id of the customer, or of the object where no customer is named.</summary>
    public required string Subject { get; init; }

    /// <summary>When it came in, UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What came in, as it was; null when it was forgotten.</summary>
    public string? Body { get; init; }

    /// <summary>The key of the job that handles it.</summary>
    public string JobKey => $"inbox:{Provider}:{(IsLive ? "live" : "test")}:{EventId}";

    /// <summary>The job that handles it.</summary>
    /// <param name="dueAt">When, UTC.</param>
    public Job ToJob(DateTimeOffset dueAt) => new()
    {
        Key = JobKey,
        Kind = JobKind.Doorbell,
        CustomerId = Subject,
        Lane = "inbox",
        DueAt = dueAt,
    };
}

/// <summary>What became of a webhook.</summary>
public enum InboxStatus
{
    /// <summary>It waits, or is being handled.</summary>
    Waiting,

    /// <summary>It was handled.</summary>
    Handled,

    /// <summary>It failed too often, and waits for a person.</summary>
    Quarantined,
}

/// <summary>A webhook and what became of it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Status">What became of it.</param>
public sealed record InboxEntry(InboxMessage Message, InboxStatus Status)
{
    /// <summary>When it was handled last, UTC; null: it was not yet.</summary>
    public DateTimeOffset? HandledAt { get; init; }

    /// <summary>How many tries have failed since it was last handled.</summary>
    public int Attempts { get; init; }

    /// <summary>What the last try said. No secrets.</summary>
    public string? LastError { get; init; }
}

/// <summary>Which webhooks; all conditions that are set must hold.</summary>
public sealed record InboxFilter
{
    /// <summary>Of this provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Of this id.</summary>
    public string? EventId { get; init; }

    /// <summary>Of the live mode, or not.</summary>
    public bool? IsLive { get; init; }

    /// <summary>In this state.</summary>
    public InboxStatus? Status { get; init; }

    /// <summary>Received at this instant or later, UTC.</summary>
    public DateTimeOffset? ReceivedFrom { get; init; }

    /// <summary>Received before this instant, UTC.</summary>
    public DateTimeOffset? ReceivedBefore { get; init; }

    /// <summary>A webhook's place in a list.</summary>
    /// <param name="entry">The webhook.</param>
    public static ListPosition PositionOf(InboxEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(entry.Message.ReceivedAt, entry.Message.JobKey, "");
    }

    /// <summary>Whether an entry is one of those.</summary>
    /// <param name="entry">The entry.</param>
    public bool Matches(InboxEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var message = entry.Message;
        return (Provider is null || Provider == message.Provider)
            && (EventId is null || EventId == message.EventId)
            && (IsLive is null || IsLive == message.IsLive)
            && (Status is null || Status == entry.Status)
            && !(message.ReceivedAt < ReceivedFrom)
            && !(message.ReceivedAt >= ReceivedBefore);
    }
}

/// <summary>What was forgotten.</summary>
/// <param name="Bodies">How many bodies.</param>
/// <param name="Messages">How many messages.</param>
public sealed record InboxPurge(int Bodies, int Messages);
