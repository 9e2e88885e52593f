using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>
/// Which customer is due next: a heap with four children a node, ordered by instant and then by the customer's number, so that the order never
/// depends on how time was cut into steps. Entries are not searched for: one that no longer says what the customer's
/// <see cref="EngineCustomer.QueuedAt"/> says is dropped when it comes up.
/// </summary>
internal sealed class DueQueue
{
    private const int Arity = 4;
    private Entry[] _entries = new Entry[16];
    private int _count;

    public int Count => _count;

    /// <summary>The next entry that is still true.</summary>
    public bool TryPeek(out EngineCustomer customer, out long due)
    {
        while (_count > 0)
        {
            ref readonly var first = ref _entries[0];
            if (first.Customer.QueuedAt == first.Due)
            {
                customer = first.Customer;
                due = first.Due;
                return true;
            }

            RemoveFirst();
        }

        customer = null!;
        due = Instants.Never;
        return false;
    }

    /// <summary>Says when a customer is due next. A customer whose entry is the first one moves down in one pass.</summary>
    public void Set(EngineCustomer customer, long due)
    {
        if (customer.QueuedAt == due)
            return;

        var isFirst = _count > 0 && ReferenceEquals(_entries[0].Customer, customer) && _entries[0].Due == customer.QueuedAt;
        customer.QueuedAt = due;
        if (isFirst && due != Instants.Never)
            SiftDown(new Entry(due, customer.Number, customer));
        else if (isFirst)
            RemoveFirst();
        else if (due != Instants.Never)
            Add(new Entry(due, customer.Number, customer));
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
        _entries[_count] = default;
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
            if (_entries[i].Customer.QueuedAt == _entries[i].Due)
                _entries[kept++] = _entries[i];
        }

        Array.Clear(_entries, kept, _count - kept);
        _count = kept;
        if (kept > _entries.Length / 2)
            Array.Resize(ref _entries, _entries.Length * 2);

        // A sorted array is a heap.
        _entries.AsSpan(0, _count).Sort(static (left, right) => left.IsBefore(right) ? -1 : right.IsBefore(left) ? 1 : 0);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(long Due, int Number, EngineCustomer Customer)
    {
        public bool IsBefore(in Entry other) => Due != other.Due ? Due < other.Due : Number < other.Number;
    }
}
