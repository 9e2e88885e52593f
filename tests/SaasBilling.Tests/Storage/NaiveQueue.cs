using SaasBilling.Storage;

namespace SaasBilling.Tests.Storage;

/// <summary>What the queue's interface says, in the plainest words: every question looks at every job.</summary>
internal sealed class NaiveQueue
{
    private readonly List<Entry> _entries = [];
    private int _order;

    public void Commit(string customerId, DateTimeOffset? wakeAt, IEnumerable<Job> jobs)
    {
        var wake = _entries.Find(entry => entry.Customer == customerId && entry.IsWake);
        if (wake is null && wakeAt is { } instant)
            _entries.Add(new Entry { Key = $"wake:{customerId}", Customer = customerId, IsWake = true, Lane = "wake", Due = instant, Order = ++_order });
        else if (wake is not null && wake.Due != wakeAt)
            Move(wake, wakeAt);

        foreach (var job in jobs.Where(job => _entries.TrueForAll(entry => entry.Key != job.Key)))
            _entries.Add(new Entry { Key = job.Key, Customer = customerId, Lane = job.Lane, Due = job.DueAt, Sequence = job.Sequence, Order = ++_order });
    }

    public List<(string Key, int Attempts)> Lease(JobKind kind, DateTimeOffset now, TimeSpan duration, int count)
    {
        var leased = new List<(string, int)>();
        while (leased.Count < count && Next(kind) is { } next && next.At <= now)
        {
            if (next.Entry.LeasedUntil is not null)
            {
                Fail(next.Entry.Key, null);
                continue;
            }

            next.Entry.LeasedUntil = now + duration;
            next.Entry.LeasedDue = next.Entry.Due;
            leased.Add((next.Entry.Key, next.Entry.Attempts));
        }

        return leased;
    }

    public void Renew(string key, DateTimeOffset until) => Find(key).LeasedUntil = until;

    public void Complete(string key)
    {
        if (!Settle(key))
            _entries.Remove(Find(key));
    }

    public void Release(string key) => Settle(key);

    public void Fail(string key, DateTimeOffset? notBefore)
    {
        if (Settle(key))
            return;
        Find(key).Attempts++;
        Find(key).NotBefore = notBefore;
    }

    public void Quarantine(string key)
    {
        if (Settle(key))
            return;
        Find(key).Attempts++;
        Find(key).NotBefore = null;
        Find(key).IsQuarantined = true;
    }

    public bool Requeue(string key)
    {
        if (_entries.Find(entry => entry.Key == key && entry.IsQuarantined) is not { } found)
            return false;
        found.IsQuarantined = false;
        found.Attempts = 0;
        return true;
    }

    public bool IsLeased(string key) => _entries.Exists(entry => entry.Key == key && entry.LeasedUntil is not null);

    public DateTimeOffset? NextDue(JobKind kind) => Next(kind)?.At;

    public JobFigures Figures() => new(
        _entries.Count(entry => !entry.IsQuarantined),
        _entries.Count(entry => entry.IsQuarantined),
        _entries.Where(entry => !entry.IsQuarantined && IsHead(entry)).Min(entry => entry.Due));

    private (Entry Entry, DateTimeOffset At)? Next(JobKind kind)
    {
        (Entry Entry, DateTimeOffset At)? next = null;
        foreach (var entry in _entries)
        {
            if (entry.IsWake != (kind == JobKind.Wake) || !IsHead(entry) || entry.Due is not { } due && entry.LeasedUntil is null)
                continue;

            var busy = _entries.Find(other => other.Customer == entry.Customer && other.IsWake == entry.IsWake && other.LeasedUntil is not null);
            if (busy is not null && busy != entry)
                continue;

            var at = entry.LeasedUntil ?? (entry.NotBefore > entry.Due ? entry.NotBefore.Value : entry.Due!.Value);
            if (next is null || at < next.Value.At || (at == next.Value.At && entry.Order < next.Value.Entry.Order))
                next = (entry, at);
        }

        return next;
    }

    // A leased job is its lane's first, whatever was put before it meanwhile.
    private bool IsHead(Entry entry) => !entry.IsQuarantined && (entry.LeasedUntil is not null || _entries.TrueForAll(other =>
        other == entry || other.IsQuarantined || other.Customer != entry.Customer || other.Lane != entry.Lane
        || (other.Sequence, other.Due, other.Order).CompareTo((entry.Sequence, entry.Due, entry.Order)) > 0));

    /// <summary>Whether the lease ended with a wake-up that was moved meanwhile.</summary>
    private bool Settle(string key)
    {
        var entry = Find(key);
        var moved = entry.IsWake && entry.Due != entry.LeasedDue;
        entry.LeasedUntil = null;
        if (!moved)
            return false;
        Move(entry, entry.Due);
        return true;
    }

    private void Move(Entry wake, DateTimeOffset? to)
    {
        wake.Due = to;
        if (wake.LeasedUntil is not null)
            return;
        wake.IsQuarantined = false;
        wake.Attempts = 0;
        wake.NotBefore = null;
        wake.Order = ++_order;
        if (to is null)
            _entries.Remove(wake);
    }

    private Entry Find(string key) => _entries.Find(entry => entry.Key == key) ?? throw new InvalidOperationException($"No job {key}.");

    private sealed class Entry
    {
        public required string Key { get; init; }

        public required string Customer { get; init; }

        public bool IsWake { get; init; }

        public required string Lane { get; init; }

        public DateTimeOffset? Due { get; set; }

        public long Sequence { get; init; }

        public int Order { get; set; }

        public int Attempts { get; set; }

        public DateTimeOffset? NotBefore { get; set; }

        public DateTimeOffset? LeasedUntil { get; set; }

        public DateTimeOffset? LeasedDue { get; set; }

        public bool IsQuarantined { get; set; }
    }
}
