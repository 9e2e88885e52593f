using System.Runtime.InteropServices;

namespace SaasBilling.Subscriptions;

/// <summary>A list that is copied when it is first changed; unchanged, it stays the very instance that it was. For lists of a handful of items.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ListEdit<T>(IReadOnlyList<T> original)
{
    private T[]? _copy;

    internal readonly IReadOnlyList<T> Value => _copy ?? original;

    internal readonly bool IsChanged => _copy is not null;

    internal readonly int Count => _copy?.Length ?? original.Count;

    internal readonly T this[int index] => _copy is null ? original[index] : _copy[index];

    internal void Replace(int index, T item)
    {
        _copy ??= Copy(original.Count);
        _copy[index] = item;
    }

    internal void Add(T item) => Insert(Count, item);

    internal void Insert(int index, T item)
    {
        var longer = new T[Count + 1];
        for (var i = 0; i < longer.Length; i++)
            longer[i] = i == index ? item : this[i < index ? i : i - 1];

        _copy = longer;
    }

    internal void RemoveAt(int index)
    {
        if (Count == 1)
        {
            _copy = [];
            return;
        }

        var shorter = new T[Count - 1];
        for (var i = 0; i < shorter.Length; i++)
            shorter[i] = this[i < index ? i : i + 1];

        _copy = shorter;
    }

    private readonly T[] Copy(int length)
    {
        var copy = new T[length];
        for (var i = 0; i < length; i++)
            copy[i] = original[i];

        return copy;
    }
}
