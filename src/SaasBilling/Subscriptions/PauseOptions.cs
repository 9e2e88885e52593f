namespace SaasBilling;

/// <summary>What becomes of the invoices of a paused subscription. See https://docs.stripe.com/billing/subscriptions/pause-payment.</summary>
public enum PauseBehavior
{
    /// <summary>They are voided.</summary>
    Void,

    /// <summary>They stay drafts.</summary>
    KeepAsDraft,

    /// <summary>They are marked uncollectible.</summary>
    MarkUncollectible,
}

/// <summary>How a subscription is paused.</summary>
public sealed record PauseOptions
{
    /// <summary>What becomes of the invoices meanwhile.</summary>
    public PauseBehavior Behavior { get; init; }

    /// <summary>When the pause ends by itself, UTC; null: when <c>ResumeAsync</c> is called.</summary>
    public DateTimeOffset? ResumesAt { get; init; }
}
