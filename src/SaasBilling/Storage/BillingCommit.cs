namespace SaasBilling.Storage;

/// <summary>What one change writes: all of it, or nothing.</summary>
public sealed record BillingCommit
{
    /// <summary>The customer's new state; its version is <see cref="ExpectedVersion"/> + 1.</summary>
    public required CustomerState Customer { get; init; }

    /// <summary>The version that the stored state must have; 0: there must be none.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>Invoices to insert or to overwrite, by id.</summary>
    public IReadOnlyList<Invoice> Invoices { get; init; } = [];

    /// <summary>Events to append, in their order.</summary>
    public IReadOnlyList<BillingEvent> Events { get; init; } = [];

    /// <summary>Jobs to enqueue. One whose key exists is left as it is.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = [];

    /// <summary>Movements of MRR to append.</summary>
    public IReadOnlyList<MrrMovement> Movements { get; init; } = [];

    /// <summary>Usage to append. If its key exists, nothing is written: <see cref="CommitOutcome.Conflict"/>.</summary>
    public UsageEntry? Usage { get; init; }

    /// <summary>Refuses what no store writes.</summary>
    /// <param name="commit">What a store was given.</param>
    /// <exception cref="ArgumentException">The version is not the expected one + 1, or something is of another customer.</exception>
    public static void ThrowIfInconsistent(BillingCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var id = commit.Customer.Customer.Id;
        if (commit.Customer.Version != commit.ExpectedVersion + 1)
            throw new ArgumentException($"The new state's version is {commit.Customer.Version}; it must be the expected version + 1, {commit.ExpectedVersion + 1}.", nameof(commit));
        if (commit.Invoices.Any(invoice => invoice.CustomerId != id)
            || commit.Events.Any(billingEvent => billingEvent.CustomerId != id)
            || commit.Jobs.Any(job => job.CustomerId != id)
            || commit.Movements.Any(movement => movement.CustomerId != id)
            || (commit.Usage is { } usage && usage.CustomerId != id))
        {
            throw new ArgumentException($"One commit is one customer's, and this one is of '{id}'; it holds something of another.", nameof(commit));
        }
    }
}

/// <summary>What became of a commit.</summary>
public enum CommitOutcome
{
    /// <summary>Written.</summary>
    Committed,

    /// <summary>Somebody else was first: the stored version is another one, or the usage is known. Nothing was written.</summary>
    Conflict,
}

/// <summary>Usage that was recorded.</summary>
/// <param name="CustomerId">The application's id of the customer.</param>
/// <param name="Meter">The meter.</param>
/// <param name="Key">Unique within customer and meter.</param>
/// <param name="Quantity">How much.</param>
/// <param name="At">When, UTC.</param>
public sealed record UsageEntry(string CustomerId, string Meter, string Key, decimal Quantity, DateTimeOffset At);

/// <summary>How a movement changed a customer's MRR.</summary>
public enum MrrMovementKind
{
    /// <summary>From zero, for the first time.</summary>
    New,

    /// <summary>From zero, after having paid before.</summary>
    Reactivation,

    /// <summary>More.</summary>
    Expansion,

    /// <summary>Less, not zero.</summary>
    Contraction,

    /// <summary>To zero.</summary>
    Churn,
}

/// <summary>A change of one customer's MRR in one currency.</summary>
/// <param name="CustomerId">The application's id of the customer.</param>
/// <param name="Currency">The currency's code.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">How.</param>
/// <param name="Delta">In millionths of a minor unit; negative for contraction and churn.</param>
public sealed record MrrMovement(string CustomerId, string Currency, DateTimeOffset At, MrrMovementKind Kind, long Delta);
