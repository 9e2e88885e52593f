using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>
/// All accounts, by place: counted from 0 in the order in which they were made. One that is at rest lies here as a <see cref="PackedAccount"/>, and is
/// made into objects while something happens to it.
/// </summary>
internal sealed class AccountShelf
{
    // Not so many that a test with one customer pays for them.
    private const int ChunkBits = 8;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly Dictionary<string, int> _places = [];
    private readonly PackedReferences _references = new();
    private readonly List<PackedAccount[]> _packed = [];

    // The account, or the profile of one that is packed.
    private readonly List<object> _accounts = [];
    private readonly int _firstNumber = 1;

    public AccountShelf()
    {
    }

    /// <summary>A shelf of one account, which keeps the number that it has.</summary>
    public AccountShelf(EngineCustomer only)
    {
        _firstNumber = only.Number;
        Add(only);
    }

    public int Count => _accounts.Count;

    public IEnumerable<string> CustomerIds => _places.Keys;

    /// <summary>The number of the next account that is added.</summary>
    public int NextNumber => _firstNumber + _accounts.Count;

    public void Add(EngineCustomer customer)
    {
        _places.Add(customer.Id, _accounts.Count);
        _accounts.Add(customer);
    }

    public int PlaceOf(EngineCustomer customer) => customer.Number - _firstNumber;

    /// <summary>The account, as objects from now on until it is put back; null when there is none.</summary>
    public EngineCustomer? Find(string customerId)
    {
        if (!_places.TryGetValue(customerId, out var place))
            return null;

        var customer = Open(place);
        Keep(customer);
        return customer;
    }

    /// <summary>The account as objects, which must be put back, or kept.</summary>
    public EngineCustomer Open(int place) =>
        _accounts[place] is Customer profile
            ? _packed[place >> ChunkBits][place & (ChunkSize - 1)].Unpack(place + _firstNumber, profile, _references)
            : (EngineCustomer)_accounts[place];

    /// <summary>The account stays as objects.</summary>
    public void Keep(EngineCustomer customer) => Set(PlaceOf(customer), customer);

    /// <summary>Nothing happens to the account any more: it is packed if it can be.</summary>
    public void PutBack(EngineCustomer customer)
    {
        var place = PlaceOf(customer);
        while (_packed.Count <= place >> ChunkBits)
            _packed.Add(new PackedAccount[ChunkSize]);

        var isPacked = _packed[place >> ChunkBits][place & (ChunkSize - 1)].TryPack(customer, _references);
        Set(place, isPacked ? customer.Profile : customer);
    }

    // A reference that is not written leaves the garbage collector nothing to look at.
    private void Set(int place, object account)
    {
        ref var known = ref CollectionsMarshal.AsSpan(_accounts)[place];
        if (!ReferenceEquals(known, account))
            known = account;
    }
}
