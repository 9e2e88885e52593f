namespace SaasBilling.Conformance.Providers;

/// <summary>What a test wants of the provider that is made for it.</summary>
/// <remarks>Beyond this: failed payments are retried 3, 5 and 7 days after the attempt before, a renewal's invoice stays a draft for an hour, and there is no tax.</remarks>
public sealed record ConformanceSetup
{
    /// <summary>What is sold.</summary>
    public required PlanCatalog Catalog { get; init; }

    /// <summary>The provider's present when the test begins, UTC, in whole seconds.</summary>
    public required DateTimeOffset StartAt { get; init; }

    /// <summary>What becomes of a subscription when the last retry of a payment failed.</summary>
    public RetriesExhausted WhenRetriesExhausted { get; init; }
}
