using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <summary>One customer in the in-memory store: the state, and what is kept beside it.</summary>
internal sealed class StoredCustomer(CustomerState state)
{
    // Up to here a search from the end finds an invoice faster than a dictionary would, and costs no memory.
    private const int SearchedInvoices = 24;

    private Invoice[] _invoices = [];
    private int _invoiceCount;
    private Dictionary<string, int>? _invoiceIndex;
    private BillingEvent[] _events = [];
    private int _eventCount;
    private HashSet<(string Meter, string Key)>? _usage;

    public CustomerState State { get; set; } = state;

    /// <summary>The wake-up; null: never had one.</summary>
    public CustomerJobs? Wakes { get; set; }

    /// <summary>The hook deliveries; null: never had one.</summary>
    public CustomerJobs? Hooks { get; set; }

    public bool HasUsage(string meter, string key) => _usage?.Contains((meter, key)) ?? false;

    public void AddUsage(string meter, string key) => (_usage ??= []).Add((meter, key));

    public void Put(Invoice invoice)
    {
        var index = IndexOf(invoice.Id);
        if (index >= 0)
        {
            _invoices[index] = invoice;
            return;
        }

        Append(ref _invoices, ref _invoiceCount, invoice);
        if (_invoiceIndex is not null)
            _invoiceIndex.Add(invoice.Id, _invoiceCount - 1);
        else if (_invoiceCount > SearchedInvoices)
            _invoiceIndex = Enumerable.Range(0, _invoiceCount).ToDictionary(i => _invoices[i].Id);
    }

    public void Append(BillingEvent billingEvent) => Append(ref _events, ref _eventCount, billingEvent);

    /// <summary>Puts an event in the place of the one with its id.</summary>
    public void Overwrite(BillingEvent billingEvent)
    {
        var index = Array.FindIndex(_events, 0, _eventCount, found => found.Id == billingEvent.Id);
        if (index >= 0)
            _events[index] = billingEvent;
    }

    public BillingEvent? FindEvent(string id)
    {
        for (var i = _eventCount - 1; i >= 0; i--)
        {
            if (_events[i].Id == id)
                return _events[i];
        }

        return null;
    }

    public BillingEvent[] Events() => _events.AsSpan(0, _eventCount).ToArray();

    /// <summary>Newest first; of those that were made at the same instant, the last written first.</summary>
    public Invoice[] Invoices(IReadOnlyCollection<string>? ids)
    {
        IEnumerable<int> indexes = ids is null ? Enumerable.Range(0, _invoiceCount) : ids.Distinct().Select(IndexOf).Where(index => index >= 0);
        return [.. indexes.OrderByDescending(index => _invoices[index].CreatedAt).ThenByDescending(index => index).Select(index => _invoices[index])];
    }

    private int IndexOf(string invoiceId)
    {
        if (_invoiceIndex is not null)
            return _invoiceIndex.GetValueOrDefault(invoiceId, -1);

        for (var i = _invoiceCount - 1; i >= 0; i--)
        {
            if (_invoices[i].Id == invoiceId)
                return i;
        }

        return -1;
    }

    // Grows by a half, not to the double: a million customers have a million of these.
    private static void Append<T>(ref T[] items, ref int count, T item)
    {
        if (count == items.Length)
            Array.Resize(ref items, count + Math.Max(2, count / 2));
        items[count++] = item;
    }
}
