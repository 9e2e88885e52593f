using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>
/// Which account is due next: a heap with four children a node, ordered by instant and then by the account's place, so that the order never
/// depends on how time was cut into steps. Entries are not searched for: one that no longer says when its account is due is dropped when it
/// comes up. It holds numbers only, so that neither asking nor moving touches an account, or concerns the garbage collector.
/// </summary>
internal sealed class DueQueue
{
    private const int Arity = 4;
    private Entry[] _entries = new Entry[16];
    private int _count;

    // By place; never: nothing is due.
    private long[] _dues = [];

    public int Count => _count;

    /// <summary>The next entry that is still true.</summary>
    public bool TryPeek(out int place, out long due)
    {
        while (_count > 0)
        {
            (due, place) = _entries[0];
            if (_dues[place] == due)
                return true;

            RemoveFirst();
        }

        (due, place) = (Instants.Never, -1);
        return false;
    }

    /// <summary>Says when an account is due next. An account whose entry is the first one moves down in one pass.</summary>
    public void Set(int place, long due)
    {
        ref var known = ref DueOf(place);
        if (known == due)
            return;

        var isFirst = _count > 0 && _entries[0] == new Entry(known, place);
        known = due;
        if (isFirst && due != Instants.Never)
            SiftDown(new Entry(due, place));
        else if (isFirst)
            RemoveFirst();
        else if (due != Instants.Never)
            Add(new Entry(due, place));
    }

    private ref long DueOf(int place)
    {
        if (place >= _dues.Length)
        {
            var known = _dues.Length;
            Array.Resize(ref _dues, Math.Max(place + 1, known * 2));
            _dues.AsSpan(known).Fill(Instants.Never);
        }

        return ref _dues[place];
    }

    private void Add(Entry entry)
    {
        if (_count == _entries.Length)
            MakeRoom();

        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) / Arity;
            if (!entry.IsBefore(_entries[parent]))
                break;

            _entries[at] = _entries[parent];
            at = parent;
        }

        _entries[at] = entry;
    }

    private void RemoveFirst()
    {
        var last = _entries[--_count];
        if (_count > 0)
            SiftDown(last);
    }

    private void SiftDown(Entry entry)
    {
        var at = 0;
        while (true)
        {
            var child = at * Arity + 1;
            if (child >= _count)
                break;

            var end = Math.Min(child + Arity, _count);
            var least = child;
            for (var i = child + 1; i < end; i++)
            {
                if (_entries[i].IsBefore(_entries[least]))
                    least = i;
            }

            if (!_entries[least].IsBefore(entry))
                break;

            _entries[at] = _entries[least];
            at = least;
        }

        _entries[at] = entry;
    }

    // Entries that are no longer true are dropped before the array grows for them.
    private void MakeRoom()
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_dues[_entries[i].Place] == _entries[i].Due)
                _entries[kept++] = _entries[i];
        }

        _count = kept;
        if (kept > _entries.Length / 2)
            Array.Resize(ref _entries, _entries.Length * 2);

        // A sorted array is a heap.
        _entries.AsSpan(0, _count).Sort(static (left, right) => left.IsBefore(right) ? -1 : right.IsBefore(left) ? 1 : 0);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(long Due, int Place)
    {
        public bool IsBefore(in Entry other) => Due != other.Due ? Due < other.Due : Place < other.Place;
    }
}
