namespace SaasBilling;

/// <summary>What becomes of a subscription when the last retry of a payment failed.</summary>
public enum RetriesExhausted
{
    /// <summary>It is canceled.</summary>
    Cancel,

    /// <summary>It becomes <see cref="SubscriptionStatus.Unpaid"/>.</summary>
    MarkUnpaid,

    /// <summary>It stays <see cref="SubscriptionStatus.PastDue"/>.</summary>
    LeavePastDue,
}

/// <summary>How the embedded billing engine behaves.</summary>
public sealed class InMemoryBillingOptions
{
    /// <summary>A simulated clock that starts here and that only <c>BillingSimulator</c> moves; null: real time.</summary>
    /// <value>Null.</value>
    public DateTimeOffset? StartAt { get; set; }

    /// <summary>Whether the host may start in the Production environment, where the engine forgets everything when the process ends.</summary>
    /// <value><see langword="false"/>: it refuses to start.</value>
    public bool AllowInProduction { get; set; }

    /// <summary>The delays of the automatic retries of a failed payment, each after the attempt before.</summary>
    /// <value>3, 5 and 7 days.</value>
    public IReadOnlyList<TimeSpan> PaymentRetries { get; set; } = [TimeSpan.FromDays(3), TimeSpan.FromDays(5), TimeSpan.FromDays(7)];

    /// <summary>What happens when the last retry failed.</summary>
    /// <value><see cref="RetriesExhausted.Cancel"/>.</value>
    public RetriesExhausted WhenRetriesExhausted { get; set; } = RetriesExhausted.Cancel;

    /// <summary>How long a renewal's invoice stays a draft before it is finalized and charged.</summary>
    /// <value>1 hour.</value>
    public TimeSpan DraftDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a first payment may wait on the customer.</summary>
    /// <value>23 hours.</value>
    public TimeSpan IncompleteExpiry { get; set; } = TimeSpan.FromHours(23);
}
