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

    private readonly List<Slot> _slots = [];
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

    public int Count => _slots.Count;

    public IEnumerable<string> CustomerIds => _places.Keys;

    /// <summary>The number of the next account that is added.</summary>
    public int NextNumber => _firstNumber + _slots.Count;

    public void Add(EngineCustomer customer)
    {
        _places.Add(customer.Id, _slots.Count);
        _slots.Add(new Slot { Id = customer.Id, Profile = customer.Profile, Opened = customer });
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
    public EngineCustomer Open(int place)
    {
        ref var slot = ref SlotAt(place);
        return slot.Opened ?? PackedAt(place).Unpack(place + _firstNumber, slot.Id, slot.Profile, _references);
    }

    /// <summary>The account stays as objects.</summary>
    public void Keep(EngineCustomer customer) => Set(ref SlotAt(PlaceOf(customer)), customer.Profile, customer);

    /// <summary>Nothing happens to the account any more: it is packed if it can be.</summary>
    public void PutBack(EngineCustomer customer)
    {
        var place = PlaceOf(customer);
        while (_packed.Count <= place >> ChunkBits)
            _packed.Add(new PackedAccount[ChunkSize]);

        var isPacked = PackedAt(place).TryPack(customer, _references);
        Set(ref SlotAt(place), customer.Profile, isPacked ? null : customer);
    }

    private ref Slot SlotAt(int place) => ref CollectionsMarshal.AsSpan(_slots)[place];

    private ref PackedAccount PackedAt(int place) => ref _packed[place >> ChunkBits][place & (ChunkSize - 1)];

    // A reference that is not written leaves the garbage collector nothing to look at.
    private static void Set(ref Slot slot, Customer profile, EngineCustomer? opened)
    {
        if (!ReferenceEquals(slot.Profile, profile))
            slot.Profile = profile;
        if (!ReferenceEquals(slot.Opened, opened))
            slot.Opened = opened;
    }

    // What is known of an account without looking into it: the objects themselves, which lie anywhere, are not touched while it is packed.
    private struct Slot
    {
        public string Id;

        public Customer Profile;

        // Null: it is packed.
        public EngineCustomer? Opened;
    }
}
