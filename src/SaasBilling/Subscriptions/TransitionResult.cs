using SaasBilling.Storage;

namespace SaasBilling.Subscriptions;

/// <summary>What follows from a difference: the new state, and what is to be written with it.</summary>
/// <param name="After">The new state, its version one higher; when nothing changed, the old one, but for the provider's cursor.</param>
/// <param name="Events">What happened, in order.</param>
/// <param name="Invoices">Invoices that are new or different.</param>
/// <param name="Movements">How MRR moved.</param>
/// <param name="Usage">Usage to append.</param>
internal sealed record TransitionResult(
    CustomerState After,
    IReadOnlyList<BillingEvent> Events,
    IReadOnlyList<Invoice> Invoices,
    IReadOnlyList<MrrMovement> Movements,
    UsageEntry? Usage)
{
    /// <summary>Whether there is something to commit.</summary>
    public required bool Changed { get; init; }
}
