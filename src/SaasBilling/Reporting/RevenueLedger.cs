using System.Runtime.InteropServices;
using SaasBilling.Storage;

namespace SaasBilling.Reporting;

/// <summary>
/// Adds movements of MRR up, in millionths of a minor unit, so that start + new + reactivation + expansion − contraction − churn is the end, exactly. A
/// customer's changes within 60 minutes are one change, within the span that is reported.
/// </summary>
/// <param name="from">The start of the span; movements before it make the start's MRR.</param>
internal sealed class RevenueLedger(DateTimeOffset from)
{
    private static readonly TimeSpan Netting = TimeSpan.FromMinutes(60);

    private readonly Dictionary<(string Customer, string Currency), Account> _accounts = [];
    private readonly SortedDictionary<string, Sums> _sums = new(StringComparer.Ordinal);

    public int CustomersAtStart { get; private set; }

    public int CustomersChurned { get; private set; }

    /// <summary>Adds one movement. They come in the order of time.</summary>
    public void Add(MrrMovement movement)
    {
        ref var account = ref CollectionsMarshal.GetValueRefOrAddDefault(_accounts, (movement.CustomerId, movement.Currency), out _);
        if (movement.At < from)
        {
            account.Mrr += movement.Delta;
            account.AtStart = account.Mrr;
            account.Before = account.Mrr;
            account.HadSome |= account.Mrr > 0;
            account.HadSomeBefore = account.HadSome;
            return;
        }

        if (account.OpenedAt is not { } opened || movement.At - opened >= Netting)
        {
            Net(ref account, SumsOf(movement.Currency));
            account.OpenedAt = movement.At;
        }

        account.Mrr += movement.Delta;
        account.HadSome |= account.Mrr > 0;
    }

    /// <summary>All movements were added.</summary>
    public void Close()
    {
        var customers = new Dictionary<string, (bool AtStart, bool AtEnd)>(StringComparer.Ordinal);
        foreach (var key in _accounts.Keys)
        {
            ref var account = ref CollectionsMarshal.GetValueRefOrNullRef(_accounts, key);
            var sums = SumsOf(key.Currency);
            Net(ref account, sums);
            sums.Mrr += account.Mrr;
            ref var customer = ref CollectionsMarshal.GetValueRefOrAddDefault(customers, key.Customer, out _);
            customer = (customer.AtStart || account.AtStart > 0, customer.AtEnd || account.Mrr > 0);
        }

        CustomersAtStart = customers.Values.Count(customer => customer.AtStart);
        CustomersChurned = customers.Values.Count(customer => customer is { AtStart: true, AtEnd: false });
    }

    public IReadOnlyDictionary<string, TValue> ByCurrency<TValue>(Func<Sums, TValue> value) =>
        _sums.ToDictionary(entry => entry.Key, entry => value(entry.Value));

    private Sums SumsOf(string currency)
    {
        if (!_sums.TryGetValue(currency, out var sums))
            _sums.Add(currency, sums = new Sums(currency));
        return sums;
    }

    // What an hour's changes come to.
    private static void Net(ref Account account, Sums sums)
    {
        var delta = account.Mrr - account.Before;
        if (delta > 0)
        {
            if (account.Before > 0)
                sums.Expansion += delta;
            else if (account.HadSomeBefore)
                sums.Reactivation += delta;
            else
                sums.New += delta;
        }
        else if (delta < 0)
        {
            if (account.Mrr > 0)
                sums.Contraction -= delta;
            else
                sums.Churn -= delta;
        }

        account.Before = account.Mrr;
        account.HadSomeBefore = account.HadSome;
        account.OpenedAt = null;
    }

    /// <summary>One currency, in millionths of a minor unit.</summary>
    internal sealed class Sums(string currency)
    {
        public string Currency => currency;

        public Int128 Mrr { get; set; }

        public Int128 New { get; set; }

        public Int128 Reactivation { get; set; }

        public Int128 Expansion { get; set; }

        public Int128 Contraction { get; set; }

        public Int128 Churn { get; set; }
    }

    /// <summary>One customer in one currency.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Account
    {
        public long Mrr;
        public long AtStart;

        // Before the hour that is open.
        public long Before;
        public bool HadSomeBefore;
        public bool HadSome;
        public DateTimeOffset? OpenedAt;
    }
}
