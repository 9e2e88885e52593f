using SaasBilling.Providers;

namespace SaasBilling.Storage;

/// <summary>
/// All that is known of one customer and needed for the next decision. Invoices that are settled, and events, are kept beside it, not in it.
/// </summary>
public sealed record CustomerState
{
    /// <summary>The customer.</summary>
    public required Customer Customer { get; init; }

    /// <summary>Counts the commits; guards them.</summary>
    public required long Version { get; init; }

    /// <summary>How many events the customer has.</summary>
    public long EventCount { get; init; }

    /// <summary>
    /// The idempotency keys of the provider calls that the last commits came from, newest last. Who loses a commit looks here whether its own call was
    /// taken for a repetition of somebody else's.
    /// </summary>
    public IReadOnlyList<string> RecentCalls { get; init; } = [];

    /// <summary>Where the provider's next snapshot goes on.</summary>
    public string? ProviderCursor { get; init; }

    /// <summary>
    /// The subscriptions that are live or still owe an invoice, and of each name the last one that ended and the last one that was canceled; oldest first.
    /// </summary>
    public IReadOnlyList<Subscription> Subscriptions { get; init; } = [];

    /// <summary>The invoices that are not settled: draft, open, uncollectible.</summary>
    public IReadOnlyList<Invoice> OpenInvoices { get; init; } = [];

    /// <summary>The cards on file.</summary>
    public IReadOnlyList<PaymentMethod> PaymentMethods { get; init; } = [];

    /// <summary>One-off charges that wait for an invoice.</summary>
    public IReadOnlyList<PendingCharge> PendingCharges { get; init; } = [];

    /// <summary>Every trial that the customer had. Outlives the subscription.</summary>
    public IReadOnlyList<TrialRecord> Trials { get; init; } = [];

    /// <summary>The milestones that were reached, in their order.</summary>
    public IReadOnlyList<string> Milestones { get; init; } = [];

    /// <summary>Usage of the running period, by meter.</summary>
    public IReadOnlyList<MeterUsage> Usage { get; init; } = [];

    /// <summary>What was announced and must not be announced again: trial endings, upcoming invoices, expiring cards, limits.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>What was known of subscriptions before the provider gave them a status that this version does not know.</summary>
    public IReadOnlyList<LastKnown> LastKnown { get; init; } = [];

    /// <summary>The answer to "is access granted" that was told last.</summary>
    public bool AccessWasGranted { get; init; }

    /// <summary>MRR by currency code, in millionths of a minor unit.</summary>
    public IReadOnlyList<MrrAmount> Mrr { get; init; } = [];

    /// <summary>When the mere passing of time changes something for this customer; the store has a job for it.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>The newest subscription of a name, live or ended.</summary>
    /// <param name="name">The subscription's name.</param>
    public Subscription? Newest(string name)
    {
        Subscription? newest = null;
        foreach (var subscription in Subscriptions)
        {
            if (string.Equals(subscription.Name, name, StringComparison.Ordinal) && (newest is null || subscription.IsLive || !newest.IsLive))
                newest = subscription;
        }

        return newest;
    }
}

/// <summary>A trial that a customer had.</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="PlanKey">The plan.</param>
/// <param name="StartedAt">When it started, UTC.</param>
/// <param name="ConvertedAt">When its first invoice was paid, UTC; null: it was not.</param>
public sealed record TrialRecord(string SubscriptionId, string PlanKey, DateTimeOffset StartedAt, DateTimeOffset? ConvertedAt)
{
    /// <summary>When it was over, in whatever way, UTC: its time was up, it was ended by a call, or the subscription was canceled in it; null: it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Usage of one meter in one period.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="PeriodStart">The start of the period that it counts for, UTC.</param>
/// <param name="Value">The aggregate, by the meter's aggregation.</param>
/// <param name="LastAt">The instant of the newest entry, UTC.</param>
public sealed record MeterUsage(string Meter, DateTimeOffset PeriodStart, decimal Value, DateTimeOffset LastAt);

/// <summary>Something that was announced.</summary>
/// <param name="Kind">The event's name.</param>
/// <param name="Subject">What it was about: a subscription, a card, a feature.</param>
/// <param name="At">The instant that it told of: a trial's end, a period's end. Another instant is another announcement.</param>
public sealed record Notice(string Kind, string Subject, DateTimeOffset At);

/// <summary>A subscription whose status is now <see cref="SubscriptionStatus.Unknown"/>, as it was before: access and MRR stay as they were.</summary>
/// <param name="Subscription">The subscription with its last known status.</param>
/// <param name="Reason">The access that it gave, or did not.</param>
public sealed record LastKnown(Subscription Subscription, AccessReason Reason);

/// <summary>MRR in one currency.</summary>
/// <param name="Currency">The currency's code.</param>
/// <param name="Micro">Millionths of a minor unit.</param>
/// <param name="EverPositive">Whether it was ever above zero.</param>
public sealed record MrrAmount(string Currency, long Micro, bool EverPositive);
