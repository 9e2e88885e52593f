namespace SaasBilling;

/// <summary>What a reconciliation found.</summary>
/// <param name="Checked">Customers compared, without those that failed.</param>
/// <param name="Repaired">Customers whose local state differed, and was mended.</param>
/// <param name="Failed">Customers who could not be compared, or not mended.</param>
public sealed record ReconciliationReport(int Checked, int Repaired, int Failed)
{
    /// <summary>What differed, customer by customer.</summary>
    public IReadOnlyList<Drift> Drift { get; init; } = [];

    /// <summary>Who failed, and why. The others were gone on with.</summary>
    public IReadOnlyList<ReconciliationFailure> Failures { get; init; } = [];

    /// <summary>Whether every customer was looked at, not only those that the provider changed.</summary>
    public bool IsSweep { get; init; }

    /// <summary>For <see cref="ReconcileOptions.Cursor"/> next time; null: the provider cannot tell what changed.</summary>
    public string? Cursor { get; init; }
}

/// <summary>One thing that was different here from what the provider has. It is as the provider has it now.</summary>
/// <param name="CustomerId">The application's id of the customer.</param>
/// <param name="Subject">What it is of: <c>customer</c>, or <c>subscription</c>, <c>invoice</c>, <c>payment method</c> or <c>charge</c> with the provider's id.</param>
/// <param name="Field">The member that differed, such as <c>Status</c>; of what was missing altogether, that one alone. It can be personal, such as <c>Email</c>.</param>
/// <param name="Ours">What it was here, as text of the invariant culture; null: nothing.</param>
/// <param name="Theirs">What it is at the provider; null: nothing.</param>
/// <param name="Since">When the first of the missed events about the subject happened, UTC; null: no event tells of it.</param>
public sealed record Drift(string CustomerId, string Subject, string Field, string? Ours, string? Theirs, DateTimeOffset? Since);

/// <summary>A customer who could not be reconciled.</summary>
/// <param name="CustomerId">The application's id of the customer.</param>
/// <param name="Code">Why; null: for a reason that billing has no code for.</param>
/// <param name="Message">In words.</param>
public sealed record ReconciliationFailure(string CustomerId, BillingErrorCode? Code, string Message);
