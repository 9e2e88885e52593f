namespace SaasBilling.InMemory.Engine;

/// <summary>Gives what is written often a small number in its stead. Meant for few values: prices, currencies, decline codes.</summary>
/// <param name="comparer">When two values are the same.</param>
internal sealed class InternTable<T>(IEqualityComparer<T> comparer)
    where T : notnull
{
    private readonly Dictionary<T, int> _numbers = new(comparer);
    private readonly List<T> _values = [];

    public T this[int number] => _values[number];

    public int NumberOf(T value)
    {
        if (_numbers.TryGetValue(value, out var number))
            return number;
        number = _values.Count;
        _values.Add(value);
        _numbers.Add(value, number);
        return number;
    }
}
