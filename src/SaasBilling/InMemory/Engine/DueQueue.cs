using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>
/// Which account is due next, ordered by instant and then by the account's place, so that the order never depends on how time was cut into steps. The
/// accounts of the day that is being lived stand in a heap; those of each later day wait unsorted until it comes, so that what an account costs hardly
/// grows with their number. Entries are not searched for: one that no longer says when its account is due is dropped when it comes up. It holds numbers
/// only, so that neither asking nor moving touches an account, or concerns the garbage collector.
/// </summary>
internal sealed class DueQueue
{
    /// <summary>How many accounts an entry can tell apart.</summary>
    public const int MaxAccounts = 1 << PlaceBits;

    // An entry is one number, so that the order is that of numbers: the seconds since the year 1, which take 39 bits up to the year 9999, then the place.
    private const int PlaceBits = 25;
    private const int MaxPlace = MaxAccounts - 1;
    private const long Earliest = -62_135_596_800;
    private const long Latest = 253_402_300_799;
    private const long SecondsADay = 86_400;

    // Fewer are not worth a sweep.
    private const int FewestToSweep = 32;

    private readonly DueHeap _near = new();
    private readonly Dictionary<long, List<ulong>> _later = [];
    private readonly PriorityQueue<long, long> _days = new();
    private int _waiting;
    private int _live;

    // Up to this day everything is in the heap.
    private long _day = -1;

    // By place; never: nothing is due.
    private long[] _dues = [];

    public int Count => _near.Count + _waiting;

    /// <summary>The next entry that is still true.</summary>
    public bool TryPeek(out int place, out long due)
    {
        do
        {
            while (_near.Count > 0)
            {
                due = DueOf(_near.Top);
                place = PlaceOf(_near.Top);
                if (_dues[place] == due)
                    return true;

                _near.RemoveTop();
            }
        }
        while (BeginNextDay());

        (due, place) = (Instants.Never, -1);
        return false;
    }

    /// <summary>Says when an account is due next. An account whose entry is the first one moves in one pass.</summary>
    public void Set(int place, long due)
    {
        // No clock goes that far.
        if (due > Latest)
            due = Instants.Never;

        ref var known = ref KnownDueOf(place);
        if (known == due)
            return;

        var isFirst = _near.Count > 0 && known != Instants.Never && _near.Top == Entry(known, place);
        _live += (due == Instants.Never ? 0 : 1) - (known == Instants.Never ? 0 : 1);
        known = due;
        if (due == Instants.Never)
        {
            if (isFirst)
                _near.RemoveTop();
        }
        else if (DayOf(due) > _day)
        {
            if (isFirst)
                _near.RemoveTop();
            AddLater(Entry(due, place), DayOf(due));
        }
        else if (isFirst)
        {
            _near.ReplaceTop(Entry(due, place));
        }
        else
        {
            SweepIfWorthIt();
            _near.Add(Entry(due, place));
        }
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

    private void AddLater(ulong entry, long day)
    {
        SweepIfWorthIt();
        if (!_later.TryGetValue(day, out var entries))
        {
            _later.Add(day, entries = []);
            _days.Enqueue(day, day);
        }

        entries.Add(entry);
        _waiting++;
    }

    private bool BeginNextDay()
    {
        if (!_days.TryDequeue(out _day, out _))
        {
            _day = -1;
            return false;
        }

        _later.Remove(_day, out var entries);
        _waiting -= entries!.Count;
        entries.RemoveAll(IsNoLongerTrue);
        _near.Load(CollectionsMarshal.AsSpan(entries));
        return true;
    }

    private void SweepIfWorthIt()
    {
        if (Count < FewestToSweep || Count / 2 < _live)
            return;

        _near.Load([.. _near.Entries.ToArray().Where(entry => !IsNoLongerTrue(entry))]);
        _waiting = 0;
        foreach (var entries in _later.Values)
        {
            entries.RemoveAll(IsNoLongerTrue);
            _waiting += entries.Count;
        }
    }

    // An account that came back to an instant it had left has two entries that say so: either is as good.
    private bool IsNoLongerTrue(ulong entry) => _dues[PlaceOf(entry)] != DueOf(entry);

    private static ulong Entry(long due, int place) => ((ulong)(due - Earliest) << PlaceBits) | (uint)place;

    private static long DayOf(long due) => (due - Earliest) / SecondsADay;

    private static long DueOf(ulong entry) => (long)(entry >> PlaceBits) + Earliest;

    private static int PlaceOf(ulong entry) => (int)(entry & MaxPlace);
}
