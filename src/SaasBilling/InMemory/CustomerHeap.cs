namespace SaasBilling.InMemory;

/// <summary>Customers that have jobs of one kind, the one whose turn comes first on top. Each knows its place, so that moving one costs the logarithm of their number.</summary>
internal sealed class CustomerHeap
{
    private const int Arity = 4;

    private CustomerJobs[] _items = new CustomerJobs[16];
    private int _count;

    public CustomerJobs? Top => _count > 0 ? _items[0] : null;

    /// <summary>From when on the job on top can be leased; <see cref="QueuedJob.Never"/>: there is none.</summary>
    public long TopTicks => _count > 0 ? _items[0].HeadTicks : QueuedJob.Never;

    public int Count => _count;

    /// <summary>Puts the customer, which is in no other heap, where its next job belongs.</summary>
    public void Place(CustomerJobs customer)
    {
        if (customer.Heap is null)
        {
            if (_count == _items.Length)
                Array.Resize(ref _items, _count * 2);
            customer.Heap = this;
            Set(_count++, customer);
        }

        Up(customer);
        Down(customer);
    }

    /// <summary>Takes the customer out.</summary>
    public void Remove(CustomerJobs customer)
    {
        var index = customer.HeapIndex;
        customer.Heap = null;
        var last = _items[--_count];
        _items[_count] = null!;
        if (ReferenceEquals(last, customer))
            return;

        Set(index, last);
        Up(last);
        Down(last);
    }

    private static bool IsBefore(CustomerJobs left, CustomerJobs right) =>
        left.HeadTicks != right.HeadTicks ? left.HeadTicks < right.HeadTicks : left.Head!.Order < right.Head!.Order;

    private void Up(CustomerJobs customer)
    {
        var index = customer.HeapIndex;
        while (index > 0)
        {
            var parent = (index - 1) / Arity;
            if (!IsBefore(customer, _items[parent]))
                break;
            Set(index, _items[parent]);
            index = parent;
        }

        Set(index, customer);
    }

    private void Down(CustomerJobs customer)
    {
        var index = customer.HeapIndex;
        while (true)
        {
            var child = (index * Arity) + 1;
            if (child >= _count)
                break;

            var first = child;
            var end = Math.Min(child + Arity, _count);
            while (++child < end)
            {
                if (IsBefore(_items[child], _items[first]))
                    first = child;
            }

            if (!IsBefore(_items[first], customer))
                break;
            Set(index, _items[first]);
            index = first;
        }

        Set(index, customer);
    }

    private void Set(int index, CustomerJobs customer)
    {
        _items[index] = customer;
        customer.HeapIndex = index;
    }
}
