namespace SaasBilling.InMemory.Engine;

/// <summary>A card on file.</summary>
internal sealed class EngineCard
{
    private const long ShortestValidity = 3 * 365 * Instants.SecondsPerDay;

    public required int Number { get; init; }

    public required TestCard Card { get; init; }

    /// <summary>When it was attached; its expiry is counted from then.</summary>
    public required long AttachedAt { get; init; }

    public bool IsDefault { get; set; }

    /// <summary>Whether the customer has authenticated a payment with it.</summary>
    public bool HasAuthenticated { get; set; }

    /// <summary>Whether its last month is over. A card that was attached less than three years ago is told apart without a look at the calendar.</summary>
    public bool IsExpired(long now) =>
        now - AttachedAt >= ShortestValidity && TestCard.IsExpired(Instants.At(AttachedAt), Instants.At(now));

    public EngineCard Copy() => (EngineCard)MemberwiseClone();
}
