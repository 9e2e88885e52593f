namespace SaasBilling.InMemory;

/// <summary>Instants, in whatever order they come, that can be counted by span. Eight bytes each; a count looks only into the chunks that a border cuts.</summary>
internal sealed class InstantLog
{
    private const int ChunkSize = 4096;

    private readonly List<Chunk> _full = [];
    private Chunk _last = new(16);

    public void Add(DateTimeOffset instant)
    {
        if (_last.Count == ChunkSize)
        {
            _full.Add(_last);
            _last = new Chunk(ChunkSize);
        }

        _last.Add(instant.UtcTicks);
    }

    /// <summary>How many there are in [from, to).</summary>
    public int Count(DateTimeOffset from, DateTimeOffset to)
    {
        var count = _last.CountIn(from.UtcTicks, to.UtcTicks);
        foreach (var chunk in _full)
            count += chunk.CountIn(from.UtcTicks, to.UtcTicks);
        return count;
    }

    private sealed class Chunk(int capacity)
    {
        private long[] _ticks = new long[capacity];
        private long _earliest = long.MaxValue;
        private long _latest = long.MinValue;

        public int Count { get; private set; }

        public void Add(long ticks)
        {
            if (Count == _ticks.Length)
                Array.Resize(ref _ticks, Math.Min(Count * 2, ChunkSize));
            _ticks[Count++] = ticks;
            _earliest = Math.Min(_earliest, ticks);
            _latest = Math.Max(_latest, ticks);
        }

        public int CountIn(long from, long to)
        {
            if (Count == 0 || _latest < from || _earliest >= to)
                return 0;
            if (_earliest >= from && _latest < to)
                return Count;

            var count = 0;
            foreach (var ticks in _ticks.AsSpan(0, Count))
            {
                if (ticks >= from && ticks < to)
                    count++;
            }

            return count;
        }
    }
}
