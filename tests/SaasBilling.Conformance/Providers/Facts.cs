using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <summary>What a provider says of a customer, so that two answers can be compared: without the instant and the cursor of the answer.</summary>
internal sealed class Facts
{
    private readonly SortedDictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Invoice> _invoices = new(StringComparer.Ordinal);
    private Customer _customer;
    private IReadOnlyList<PaymentMethod> _methods = [];
    private IReadOnlyList<PendingCharge> _charges = [];

    private Facts(Customer customer) => _customer = customer;

    public static Facts Of(CustomerSnapshot snapshot) => new Facts(snapshot.Customer).With(snapshot);

    /// <summary>What is known after a further, possibly partial, snapshot: what it does not mention has not changed.</summary>
    public Facts With(CustomerSnapshot snapshot)
    {
        _customer = snapshot.Customer;
        foreach (var subscription in snapshot.Subscriptions)
            _subscriptions[subscription.Id] = subscription;
        foreach (var invoice in snapshot.Invoices)
            _invoices[invoice.Id] = invoice;
        _methods = snapshot.PaymentMethods ?? _methods;
        _charges = snapshot.PendingCharges ?? _charges;
        return this;
    }

    public static void AssertEqual(Facts expected, Facts actual)
    {
        Assert.Equal(expected._customer with { Metadata = null }, actual._customer with { Metadata = null });
        Assert.Equal(Sorted(expected._customer.Metadata), Sorted(actual._customer.Metadata));
        Assert.Equal(expected._subscriptions.Values, actual._subscriptions.Values);
        Assert.Equal(expected._invoices.Values, actual._invoices.Values);
        Assert.Equal(expected._methods.OrderBy(method => method.Id, StringComparer.Ordinal), actual._methods.OrderBy(method => method.Id, StringComparer.Ordinal));
        Assert.Equal(expected._charges.OrderBy(charge => charge.Id, StringComparer.Ordinal), actual._charges.OrderBy(charge => charge.Id, StringComparer.Ordinal));
    }

    private static IEnumerable<KeyValuePair<string, string>> Sorted(IReadOnlyDictionary<string, string>? metadata) =>
        (metadata ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal);
}
