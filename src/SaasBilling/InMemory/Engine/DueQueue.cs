namespace SaasBilling.InMemory.Engine;

/// <summary>
/// Which account is due next: a heap with four children a node, ordered by instant and then by the account's place, so that the order never
/// depends on how time was cut into steps. Entries are not searched for: one that no longer says when its account is due is dropped when it
/// comes up. It holds numbers only, so that neither asking nor moving touches an account, or concerns the garbage collector.
/// </summary>
internal sealed class DueQueue
{
    /// <summary>How many accounts an entry can tell apart.</summary>
    public const int MaxAccounts = 1 << PlaceBits;

    private const int Arity = 4;

    // An entry is one number, so that the order is that of numbers: the seconds since the year 1, which take 39 bits up to the year 9999, then the place.
    private const int PlaceBits = 25;
    private const int MaxPlace = MaxAccounts - 1;
    private const long Earliest = -62_135_596_800;
    private const long Latest = 253_402_300_799;

    private ulong[] _entries = new ulong[16];
    private int _count;

    // By place; never: nothing is due.
    private long[] _dues = [];

    public int Count => _count;

    /// <summary>The next entry that is still true.</summary>
    public bool TryPeek(out int place, out long due)
    {
        while (_count > 0)
        {
            due = DueOf(_entries[0]);
            place = PlaceOf(_entries[0]);
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
        // No clock goes that far.
        if (due > Latest)
            due = Instants.Never;

        ref var known = ref KnownDueOf(place);
        if (known == due)
            return;

        var isFirst = _count > 0 && known != Instants.Never && _entries[0] == Entry(known, place);
        known = due;
        if (isFirst && due != Instants.Never)
            SiftDown(Entry(due, place));
        else if (isFirst)
            RemoveFirst();
        else if (due != Instants.Never)
            Add(Entry(due, place));
    }

    private ref long KnownDueOf(int place)
    {
        if (place >= _dues.Length)
        {
            var known = _dues.Length;
            Array.Resize(ref _dues, Math.Max(place + 1, known * 2));
            _dues.AsSpan(known).Fill(Instants.Never);
        }

        return ref _dues[place];
    }

    private void Add(ulong entry)
    {
        if (_count == _entries.Length)
            MakeRoom();

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

    private void RemoveFirst()
    {
        var last = _entries[--_count];
        if (_count > 0)
            SiftDown(last);
    }

    private void SiftDown(ulong entry)
    {
        var at = 0;
        while (true)
        {
            var child = at * Arity + 1;
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

    // Entries that are no longer true are dropped before the array grows for them.
    private void MakeRoom()
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_dues[PlaceOf(_entries[i])] == DueOf(_entries[i]))
                _entries[kept++] = _entries[i];
        }

        _count = kept;
        if (kept > _entries.Length / 2)
            Array.Resize(ref _entries, _entries.Length * 2);

        // A sorted array is a heap.
        _entries.AsSpan(0, _count).Sort();
    }

    private static ulong Entry(long due, int place) => ((ulong)(due - Earliest) << PlaceBits) | (uint)place;

    private static long DueOf(ulong entry) => (long)(entry >> PlaceBits) + Earliest;

    private static int PlaceOf(ulong entry) => (int)(entry & MaxPlace);
}
