namespace SaasBilling;

/// <summary>Which customers a reconciliation looks at.</summary>
public sealed record ReconcileOptions
{
    /// <summary>
    /// The <see cref="ReconciliationReport.Cursor"/> of the last reconciliation: only customers that the provider changed since, and those that failed then,
    /// are compared. Where the provider cannot tell, or no longer (Stripe: after 30 days), all of them are. Keep it anywhere; an old one costs time, never
    /// correctness.
    /// </summary>
    /// <value>Null: every customer.</value>
    public string? Cursor { get; init; }
}
