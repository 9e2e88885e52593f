namespace SaasBilling.Reconciliation;

/// <summary>Where a reconciliation goes on: at the provider's cursor, and with the customers who failed. As text, parts between spaces.</summary>
/// <param name="Provider">The provider's cursor.</param>
/// <param name="Failed">Customers to look at again.</param>
internal sealed record ReconciliationCursor(string Provider, IReadOnlyList<string> Failed)
{
    // With more of them the next reconciliation does all of this one again.
    private const int MostFailed = 1000;

    public static ReconciliationCursor? Read(string? text) => string.IsNullOrWhiteSpace(text)
        ? null
        : text.Split(' ') is [var provider, .. var failed] ? new(Uri.UnescapeDataString(provider), [.. failed.Select(Uri.UnescapeDataString)]) : null;

    /// <param name="before">The cursor that this reconciliation went on from.</param>
    /// <param name="provider">Where the provider goes on.</param>
    /// <param name="failures">Who failed.</param>
    public static string? Next(string? before, string? provider, IReadOnlyList<ReconciliationFailure> failures) =>
        provider is null ? null
        : failures.Count > MostFailed ? before
        : string.Join(' ', [Uri.EscapeDataString(provider), .. failures.Select(failure => Uri.EscapeDataString(failure.CustomerId))]);
}
