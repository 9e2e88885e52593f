using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SaasBilling.Scheduling;
using SaasBilling.Storage;

namespace SaasBilling.Access;

/// <summary>
/// What the customers may use who were asked about. A commit replaces what is here and adds nothing, so that memory grows with the customers that are
/// looked at, not with those that are billed.
/// </summary>
internal sealed class AccessCache(PlanCatalog catalog, SaasBillingOptions options, BillingClock clock)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly AccessSnapshot _nobody = AccessRules.Evaluate(null, catalog, options, DateTimeOffset.UnixEpoch);

    /// <summary>What a customer has whom billing has never seen.</summary>
    public AccessSnapshot Nobody => _nobody;

    /// <summary>How many customers are here; for tests.</summary>
    public int Count => _entries.Count;

    /// <summary>What is known without I/O.</summary>
    public bool TryGet(string customerId, [NotNullWhen(true)] out Entry? entry)
    {
        if (!_entries.TryGetValue(customerId, out entry) || entry.State is null)
            return false;

        // The clock is read only where time alone changes the answer.
        if (entry.Edge is { } edge && clock.Now >= edge)
            entry = Replace(entry, entry.State);
        return true;
    }

    /// <summary>Says that the customer's state is about to be read: a commit that comes between the reading and <see cref="Put"/> is then not lost.</summary>
    public Entry Expect(string customerId) => _entries.GetOrAdd(customerId, static id => new Entry(id));

    /// <summary>Puts what was read, unless a commit put something newer.</summary>
    public Entry Put(Entry expected, CustomerState? state)
    {
        if (state is not null)
            return Replace(expected, state);

        // Ids that nobody has cost no memory.
        _entries.TryRemove(KeyValuePair.Create(expected.CustomerId, expected));
        return _entries.TryGetValue(expected.CustomerId, out var newer) && newer.State is not null ? newer : new Entry(expected.CustomerId, null, _nobody, null);
    }

    /// <summary>A commit happened.</summary>
    public void Update(CustomerState state)
    {
        if (_entries.TryGetValue(state.Customer.Id, out var entry))
            Replace(entry, state);
    }

    private Entry Replace(Entry current, CustomerState state)
    {
        var now = clock.Now;
        var entry = new Entry(current.CustomerId, state, AccessRules.Evaluate(state, catalog, options, now), AccessRules.NextEdge(state, options, now));
        while (!_entries.TryUpdate(entry.CustomerId, entry, current))
        {
            current = _entries.GetOrAdd(entry.CustomerId, entry);
            if (ReferenceEquals(current, entry) || current.State?.Version > state.Version)
                return current;
        }

        return entry;
    }

    /// <summary>One customer. A class, so that it is replaced whole.</summary>
    internal sealed class Entry(string customerId, CustomerState? state, AccessSnapshot? snapshot, DateTimeOffset? edge)
    {
        public Entry(string customerId)
            : this(customerId, null, null, null)
        {
        }

        public string CustomerId => customerId;

        /// <summary>Null while it is being read.</summary>
        public CustomerState? State => state;

        public AccessSnapshot Snapshot => snapshot!;

        /// <summary>From then on the snapshot no longer holds; null: it holds until the next commit.</summary>
        public DateTimeOffset? Edge => edge;
    }
}
