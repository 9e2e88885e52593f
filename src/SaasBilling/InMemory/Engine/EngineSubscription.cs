using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>A subscription: unix seconds, <see cref="Instants.Never"/> where an instant is not set.</summary>
internal sealed class EngineSubscription
{
    /// <summary>Counts the customer's subscriptions from 1; the public id is made of it.</summary>
    public required int Number { get; init; }

    public required string Name { get; init; }

    public required long CreatedAt { get; init; }

    public required Plan Plan { get; set; }

    /// <summary>Never <see cref="SubscriptionStatus.Paused"/> for a pause of collection: that is <see cref="Pause"/>, and the status goes on beneath it.</summary>
    public SubscriptionStatus Status { get; set; }

    public BillingInterval Interval { get; set; }

    /// <summary>None on a free plan.</summary>
    public Currency Currency { get; set; }

    public EngineItem[] Items { get; set; } = [];

    public long Anchor { get; set; }

    /// <summary>The period is the <see cref="PeriodIndex"/>th from the anchor; it ends at boundary index + 1.</summary>
    public int PeriodIndex { get; set; }

    /// <summary>Later than the boundary of <see cref="PeriodIndex"/> when the first period is a short one.</summary>
    public long PeriodStart { get; set; }

    public long PeriodEnd { get; set; }

    public long TrialStart { get; set; } = Instants.Never;

    public long TrialEnd { get; set; } = Instants.Never;

    public TrialEndBehavior WhenNoPaymentMethod { get; set; }

    public long CancelsAt { get; set; } = Instants.Never;

    /// <summary>It is to end at its period's end, wherever that moves.</summary>
    public bool CancelsAtPeriodEnd { get; set; }

    /// <summary>The time that a cancellation at a date cuts off is credited.</summary>
    public bool CancelProrates { get; set; }

    public long CanceledAt { get; set; } = Instants.Never;

    public string? CancellationReason { get; set; }

    public long EndedAt { get; set; } = Instants.Never;

    public long PastDueSince { get; set; } = Instants.Never;

    public PauseOptions? Pause { get; set; }

    /// <summary>The change that waits for the period's end.</summary>
    public ChangeSubscriptionRequest? Scheduled { get; set; }

    public EngineDiscount[] Discounts { get; set; } = [];

    /// <summary>Null: charged automatically.</summary>
    public int? DueInDays { get; set; }

    /// <summary>The card that is charged for this subscription; 0: the customer's default one.</summary>
    public int CardNumber { get; set; }

    public int LastItemNumber { get; set; }

    /// <summary>Usage that is not on a finalized invoice; null without metered prices.</summary>
    public List<UsageSegment>? Usage { get; set; }

    /// <summary>The last change in mid-period, so that its reverse at the same instant costs nothing.</summary>
    public ChangeRecord? LastChange { get; set; }

    /// <summary>The customer's revision at the last change.</summary>
    public long Revision { get; set; }

    public bool IsLive => Status is not (SubscriptionStatus.Canceled or SubscriptionStatus.IncompleteExpired);

    public bool IsSent => DueInDays is not null;

    /// <summary>Whether a trial's end paused it: it has no period until it is resumed.</summary>
    public bool IsPausedAfterTrial => Status == SubscriptionStatus.Paused;

    public EngineSubscription Copy()
    {
        var copy = (EngineSubscription)MemberwiseClone();
        copy.Items = Array.ConvertAll(Items, static item => item.Copy());
        copy.Usage = Usage?.ConvertAll(static segment => segment.Copy());
        return copy;
    }
}

/// <summary>A change in mid-period, as far as its reverse needs it.</summary>
/// <param name="At">The instant from which it was prorated.</param>
/// <param name="Plan">The plan before.</param>
/// <param name="Items">The items before, with what was debited for them.</param>
/// <param name="Lines">The lines that it made.</param>
internal sealed record ChangeRecord(long At, Plan Plan, EngineItem[] Items, EngineLine[] Lines);
