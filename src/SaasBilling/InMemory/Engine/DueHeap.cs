namespace SaasBilling.InMemory.Engine;

/// <summary>Numbers, the least on top: a heap with eight children a node, so that the children of one lie side by side in memory.</summary>
internal sealed class DueHeap
{
    private const int Arity = 8;

    private ulong[] _entries = new ulong[16];
    private int _count;

    public int Count => _count;

    public ulong Top => _entries[0];

    public ReadOnlySpan<ulong> Entries => _entries.AsSpan(0, _count);

    public void Add(ulong entry)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);

        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) / Arity;
            if (entry >= _entries[parent])
                break;

            _entries[at] = _entries[parent];
            at = parent;
        }

        _entries[at] = entry;
    }

    public void RemoveTop()
    {
        var last = _entries[--_count];
        if (_count > 0)
            ReplaceTop(last);
    }

    /// <summary>Takes the top out and puts another in, in one pass.</summary>
    public void ReplaceTop(ulong entry)
    {
        var at = 0;
        while (true)
        {
            var child = (at * Arity) + 1;
            if (child >= _count)
                break;

            var children = _entries.AsSpan(child, Math.Min(Arity, _count - child));
            var least = 0;
            for (var i = 1; i < children.Length; i++)
            {
                if (children[i] < children[least])
                    least = i;
            }

            if (children[least] >= entry)
                break;

            _entries[at] = children[least];
            at = child + least;
        }

        _entries[at] = entry;
    }

    /// <summary>Holds these numbers and no others.</summary>
    public void Load(ReadOnlySpan<ulong> entries)
    {
        if (entries.Length > _entries.Length)
            _entries = new ulong[entries.Length];
        entries.CopyTo(_entries);
        _count = entries.Length;

        // Sorted numbers are a heap.
        _entries.AsSpan(0, _count).Sort();
    }
}
