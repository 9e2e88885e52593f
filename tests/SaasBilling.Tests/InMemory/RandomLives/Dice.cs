namespace SaasBilling.Tests.InMemory.RandomLives;

/// <summary>Choices that all follow from one number, so that a life that fails can be lived again.</summary>
internal struct Dice(int seed)
{
    private uint _state = unchecked(((uint)seed * 2654435761u) | 1u);

    public int Roll(int sides)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)sides);
    }

    public bool OneIn(int sides) => Roll(sides) == 0;

    public T Pick<T>(params ReadOnlySpan<T> from) => from[Roll(from.Length)];

    public T? PickOrNull<T>(IReadOnlyList<T> from)
        where T : class => from.Count == 0 ? null : from[Roll(from.Count)];
}
