using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SaasBilling.Scheduling;
using SaasBilling.Storage;

namespace SaasBilling.Access;

/// <summary>
/// What the customers may use who were asked about. A commit replaces what is here and adds nothing, so that memory grows with the customers that are
/// looked at, not with those that are billed. Where other processes write to the store, what was read too long ago is dropped; for an hour it is
/// remembered, for a store that is away just then.
/// </summary>
internal sealed class AccessCache : IDisposable
{
    // What is dropped by one of these rounds would not live to the next, so nothing grows older than the limit.
    private const int RoundsInLimit = 4;

    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    // What was dropped, with when it was last of use.
    private readonly ConcurrentDictionary<string, (CustomerState State, long At)> _lastKnown = new(StringComparer.Ordinal);
    private readonly PlanCatalog _catalog;
    private readonly SaasBillingOptions _options;
    private readonly BillingClock _clock;
    private readonly AccessSnapshot _nobody;
    private readonly ITimer? _sweeper;

    public AccessCache(PlanCatalog catalog, SaasBillingOptions options, BillingClock clock, IBillingStore store)
    {
        _catalog = catalog;
        _options = options;
        _clock = clock;
        _nobody = AccessRules.Evaluate(null, catalog, options, DateTimeOffset.UnixEpoch);
        if (store.IsShared)
        {
            var round = options.AccessCacheDuration / RoundsInLimit;
            _sweeper = clock.Time.CreateTimer(static cache => ((AccessCache)cache!).Sweep(), this, round, round);
        }
    }

    /// <summary>What a customer has whom billing has never seen.</summary>
    public AccessSnapshot Nobody => _nobody;

    /// <summary>How many customers are here; for tests.</summary>
    public int Count => _entries.Count;

    /// <summary>What is known without I/O.</summary>
    public bool TryGet(string customerId, [NotNullWhen(true)] out Entry? entry)
    {
        while (_entries.TryGetValue(customerId, out entry) && entry.State is not null)
        {
            // The clock is read only where time alone changes the answer.
            if (entry.Edge is not { } edge || _clock.Now < edge)
                return true;

            var anew = Evaluate(entry.State, entry.ReadAt);
            if (TryReplace(entry, anew))
            {
                entry = anew;
                return true;
            }
        }

        return false;
    }

    /// <summary>Says that the customer's state is about to be read: a commit that comes between the reading and <see cref="Put"/> is then not lost.</summary>
    public Entry Expect(string customerId) => _entries.GetOrAdd(customerId, static (id, time) => new Entry(id, time.GetTimestamp()), _clock.Time);

    /// <summary>Puts what was read, unless a commit put something newer, or made what was read doubtful.</summary>
    public Entry Put(Entry expected, CustomerState? state)
    {
        if (state is null)
        {
            // Ids that nobody has cost no memory.
            Remove(expected);
            return _entries.TryGetValue(expected.CustomerId, out var newer) && newer.State is not null ? newer : Entry.Loose(expected.CustomerId, null, _nobody);
        }

        var entry = Evaluate(state, expected.ReadAt);
        var current = expected;
        while (!TryReplace(current, entry))
        {
            // Without what was expected, a commit may have passed unseen: the answer was right when it was asked for, and is not kept.
            if (!_entries.TryGetValue(expected.CustomerId, out current) || current.State is null)
                return Entry.Loose(expected.CustomerId, state, entry.Snapshot);
            if (current.State.Version >= state.Version)
                return current;
        }

        return entry;
    }

    /// <summary>A commit happened.</summary>
    public void Update(CustomerState state)
    {
        Entry? entry = null;
        while (_entries.TryGetValue(state.Customer.Id, out var current) && (current.State is null || current.State.Version < state.Version))
        {
            entry ??= Evaluate(state, _clock.Time.GetTimestamp());
            if (TryReplace(current, entry))
                return;
        }
    }

    /// <summary>What is known is out of date, or may be: a commit lost against another, or nobody knows whether it was written.</summary>
    public void Drop(string customerId)
    {
        if (_entries.TryGetValue(customerId, out var entry))
            Remove(entry);
    }

    /// <summary>Nothing of the customer is to stay here.</summary>
    public void Forget(string customerId)
    {
        Drop(customerId);
        _lastKnown.TryRemove(customerId, out _);
    }

    /// <summary>What was known last, as of now: for when nothing newer can be read. Null: the customer was not looked at within the last hour.</summary>
    public Entry? Recall(string customerId)
    {
        if (!_lastKnown.TryGetValue(customerId, out var known))
            return null;

        _lastKnown.TryUpdate(customerId, known with { At = _clock.Time.GetTimestamp() }, known);
        return Entry.Loose(customerId, known.State, Evaluate(known.State, 0).Snapshot);
    }

    public void Dispose() => _sweeper?.Dispose();

    private void Sweep()
    {
        var limit = _options.AccessCacheDuration - (_options.AccessCacheDuration / RoundsInLimit);
        var now = _clock.Time.GetTimestamp();
        foreach (var (_, entry) in _entries)
        {
            if (entry.State is not null && _clock.Time.GetElapsedTime(entry.ReadAt, now) >= limit)
                Remove(entry);
        }

        foreach (var known in _lastKnown)
        {
            if (_clock.Time.GetElapsedTime(known.Value.At, now) >= Memory)
                _lastKnown.TryRemove(known);
        }
    }

    private Entry Evaluate(CustomerState state, long readAt)
    {
        var now = _clock.Now;
        return new(state.Customer.Id, readAt, state, AccessRules.Evaluate(state, _catalog, _options, now), AccessRules.NextEdge(state, _options, now));
    }

    // Whoever finds an entry marked finds the next one here, so the mark comes last.
    private bool TryReplace(Entry current, Entry entry)
    {
        if (!_entries.TryUpdate(entry.CustomerId, entry, current))
            return false;

        current.Leave();
        return true;
    }

    private void Remove(Entry entry)
    {
        if (!_entries.TryRemove(KeyValuePair.Create(entry.CustomerId, entry)))
            return;

        entry.Leave();
        if (_sweeper is null || entry.State is not { } state)
            return;
        var known = (State: state, At: _clock.Time.GetTimestamp());
        _lastKnown.AddOrUpdate(entry.CustomerId, known, (_, before) => before.State.Version > state.Version ? before : known);
    }

    /// <summary>One customer. A class, so that it is replaced whole, and so that who keeps it learns that it was.</summary>
    internal sealed class Entry(string customerId, long readAt, CustomerState? state, AccessSnapshot? snapshot, DateTimeOffset? edge)
    {
        private volatile bool _holds = state is not null && edge is null;

        public Entry(string customerId, long readAt)
            : this(customerId, readAt, null, null, null)
        {
        }

        public string CustomerId => customerId;

        /// <summary>The timestamp at which the reading began, or the commit was written.</summary>
        public long ReadAt => readAt;

        /// <summary>Null while it is being read.</summary>
        public CustomerState? State => state;

        public AccessSnapshot Snapshot => snapshot!;

        /// <summary>From then on the snapshot no longer holds; null: it holds until the next commit.</summary>
        public DateTimeOffset? Edge => edge;

        /// <summary>Whether this is what the cache has, and will be whatever the time: who kept it need not look it up.</summary>
        public bool Holds => _holds;

        /// <summary>An answer that the cache does not have.</summary>
        public static Entry Loose(string customerId, CustomerState? state, AccessSnapshot snapshot)
        {
            var entry = new Entry(customerId, 0, state, snapshot, null);
            entry.Leave();
            return entry;
        }

        /// <summary>The cache no longer has it.</summary>
        public void Leave() => _holds = false;
    }
}
