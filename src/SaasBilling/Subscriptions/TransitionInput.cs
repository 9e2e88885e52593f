using SaasBilling.Storage;

namespace SaasBilling.Subscriptions;

/// <summary>What a transition needs beside the two states that it compares.</summary>
internal sealed record TransitionInput
{
    /// <summary>What is sold.</summary>
    public required PlanCatalog Catalog { get; init; }

    /// <summary>What the application decided.</summary>
    public required SaasBillingOptions Options { get; init; }

    /// <summary>The present, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Those invoices of the snapshot that the state no longer holds but the store does, as stored.</summary>
    public IReadOnlyList<Invoice> Settled { get; init; } = [];

    /// <summary>Previews of the next invoice, for subscriptions of <see cref="Transition.UpcomingDue"/>; one without a preview will not be invoiced.</summary>
    public IReadOnlyList<Invoice> Upcoming { get; init; } = [];

    /// <summary>A milestone that the application reports.</summary>
    public string? Milestone { get; init; }

    /// <summary>Usage that was recorded.</summary>
    public UsageEntry? Usage { get; init; }
}
