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

    public List<(string Key, int Attempts, bool IsSuspect)> Lease(LeaseRequest request)
    {
        var leased = new List<(string, int, bool)>();
        while (leased.Count < (request.Suspects ? 1 : request.Count) && Next(request.Kind, request.Suspects) is { } next && next.At <= request.Now)
        {
            var entry = next.Entry;
            if (entry.LeasedUntil is not null)
            {
                if (!Settle(entry.Key))
                {
                    entry.Attempts += entry.IsSuspect ? 1 : 0;
                    entry.IsSuspect = true;
                }

                continue;
            }

            entry.LeasedUntil = request.Now + request.Duration;
            entry.LeasedDue = entry.Due;
            leased.Add((entry.Key, entry.Attempts, entry.IsSuspect));
        }

        return leased;
    }

    public void Renew(string key, DateTimeOffset until) => Find(key).LeasedUntil = until;

    public void Complete(string key)
    {
        if (!Settle(key))
            _entries.Remove(Find(key));
    }

    public void Release(string key)
    {
        if (!Settle(key))
            Find(key).IsSuspect = false;
    }

    public void Fail(string key, DateTimeOffset? notBefore)
    {
        if (Settle(key))
            return;
        Find(key).Attempts++;
        Find(key).IsSuspect = false;
        Find(key).NotBefore = notBefore;
    }

    public void Quarantine(string key)
    {
        if (Settle(key))
            return;
        Find(key).Attempts++;
        Find(key).NotBefore = null;
        Find(key).IsSuspect = false;
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

    public DateTimeOffset? NextDue(JobKind kind) => new[] { Next(kind, false)?.At, Next(kind, true)?.At }.Min();

    public JobFigures Figures() => new(
        _entries.Count(entry => !entry.IsQuarantined),
        _entries.Count(entry => entry.IsQuarantined),
        _entries.Where(entry => !entry.IsQuarantined && IsHead(entry)).Min(entry => entry.Due));

    private (Entry Entry, DateTimeOffset At)? Next(JobKind kind, bool suspects) => _entries
        .Where(entry => entry.IsWake == (kind == JobKind.Wake) && IsHead(entry) && (entry.Due ?? entry.LeasedUntil) is not null)
        .GroupBy(entry => entry.Customer)
        .Select(NextOf)
        .Where(next => suspects == (next.Entry.LeasedUntil is not null || next.Entry.IsSuspect))
        .OrderBy(next => next.At)
        .ThenBy(next => next.Entry.Order)
        .Select(next => ((Entry, DateTimeOffset)?)next)
        .FirstOrDefault();

    // While one of them is leased, that is the customer's.
    private static (Entry Entry, DateTimeOffset At) NextOf(IEnumerable<Entry> entries) => entries
        .Select(entry => (Entry: entry, At: entry.LeasedUntil ?? (entry.NotBefore > entry.Due ? entry.NotBefore.Value : entry.Due!.Value)))
        .OrderByDescending(next => next.Entry.LeasedUntil is not null)
        .ThenBy(next => next.At)
        .ThenBy(next => next.Entry.Order)
        .First();

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
        wake.IsSuspect = false;
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

        public bool IsSuspect { get; set; }
    }
}
