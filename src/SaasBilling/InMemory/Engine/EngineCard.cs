namespace SaasBilling.InMemory.Engine;

/// <summary>A card on file.</summary>
internal sealed class EngineCard
{
    public required int Number { get; init; }

    public required TestCard Card { get; init; }

    /// <summary>When it was attached; its expiry is counted from then.</summary>
    public required long AttachedAt { get; init; }

    public bool IsDefault { get; set; }

    /// <summary>Whether the customer has authenticated a payment with it.</summary>
    public bool HasAuthenticated { get; set; }

    public EngineCard Copy() => (EngineCard)MemberwiseClone();
}
