using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SaasBilling.Plans;

/// <summary>An unchangeable map that keeps the order in which it was declared and is equal to another with the same entries, so that the records that hold one are equal by value.</summary>
internal sealed class KeyedValues<TValue> : IReadOnlyDictionary<string, TValue>, IEquatable<KeyedValues<TValue>>
{
    private readonly OrderedDictionary<string, TValue> _entries;

    private KeyedValues(IEnumerable<KeyValuePair<string, TValue>> entries) => _entries = new(entries, StringComparer.Ordinal);

    public static KeyedValues<TValue> Empty { get; } = new([]);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    public IEnumerable<TValue> Values => _entries.Values;

    public TValue this[string key] => _entries[key];

    public static KeyedValues<TValue> From(IEnumerable<KeyValuePair<string, TValue>> entries) => entries as KeyedValues<TValue> ?? new(entries);

    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out TValue value) => _entries.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, TValue>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(KeyedValues<TValue>? other) =>
        other is not null
        && Count == other.Count
        && _entries.All(entry => other.TryGetValue(entry.Key, out var value) && EqualityComparer<TValue>.Default.Equals(entry.Value, value));

    public override bool Equals(object? obj) => Equals(obj as KeyedValues<TValue>);

    public override int GetHashCode() => _entries.Aggregate(0, (hash, entry) => hash ^ HashCode.Combine(entry.Key, entry.Value));
}
