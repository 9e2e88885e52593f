using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>
/// An account at rest: one value without references, a few cache lines that lie beside those of its neighbours, where the objects are a dozen that
/// lie anywhere. It holds what accounts are nearly always: at most one subscription, which runs, one card, and the draft of the period that just
/// started. Any other account stays as objects; it is rare, or will not be for long.
/// </summary>
/// <remarks>The reader must give back what the writer took: a member that is added to one of the objects is either kept here or refused.</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct PackedAccount
{
    private ulong _numberPrefix;
    private PackedNumber _revision;
    private PackedNumber _cardsRevision;
    private PackedNumber _pendingRevision;
    private long _latestAt;
    private long _archived;
    private long _balance;
    private int _lastInvoiceNumber;
    private int _lastSerial;
    private int _lastCardNumber;
    private int _lastPendingNumber;
    private Currency _balanceCurrency;
    private bool _hasCard;
    private bool _hasSubscription;
    private bool _hasDraft;
    private PackedCard _card;
    private PackedSubscription _subscription;
    private PackedDraft _draft;

    /// <summary>Whether the account could be packed; if not, this value is of no use.</summary>
    public bool TryPack(EngineCustomer customer, PackedReferences references)
    {
        if (customer.Subscriptions.Length > 1 || customer.Cards.Length > 1 || customer.Invoices.Count > 1
            || customer.Pending is { Count: > 0 } || customer.HasOtherBalances || customer.UntoldSince >= 0)
            return false;

        _hasSubscription = customer.Subscriptions.Length == 1;
        _hasCard = customer.Cards.Length == 1;
        _hasDraft = customer.Invoices.Count == 1;
        var fits = true;
        if (_hasSubscription && !_subscription.TryPack(customer.Subscriptions[0], references))
            return false;

        if (_hasDraft && !(_hasSubscription && _draft.TryPack(customer.Invoices[0], customer.Subscriptions[0])))
            return false;

        if (_hasCard)
            _card.Pack(customer.Cards[0], references, ref fits);

        _numberPrefix = customer.NumberPrefix;
        _revision = PackedNumber.Of(customer.Revision, ref fits);
        _cardsRevision = PackedNumber.Of(customer.CardsRevision, ref fits);
        _pendingRevision = PackedNumber.Of(customer.PendingRevision, ref fits);
        _latestAt = customer.LatestAt;
        _archived = customer.Archived;
        _balance = customer.Balance;
        _balanceCurrency = customer.BalanceCurrency;
        _lastInvoiceNumber = customer.LastInvoiceNumber;
        _lastSerial = customer.LastSerial;
        _lastCardNumber = customer.LastCardNumber;
        _lastPendingNumber = customer.LastPendingNumber;
        return fits;
    }

    /// <summary>The objects again.</summary>
    public readonly EngineCustomer Unpack(int number, string id, Customer profile, PackedReferences references)
    {
        var customer = new EngineCustomer(_balanceCurrency, _balance)
        {
            Number = number,
            Id = id,
            Profile = profile,
            NumberPrefix = _numberPrefix,
            Revision = _revision.Value,
            CardsRevision = _cardsRevision.Value,
            PendingRevision = _pendingRevision.Value,
            LatestAt = _latestAt,
            Archived = _archived,
            LastInvoiceNumber = _lastInvoiceNumber,
            LastSerial = _lastSerial,
            LastCardNumber = _lastCardNumber,
            LastPendingNumber = _lastPendingNumber,
        };
        if (_hasCard)
            customer.Cards = [_card.Unpack(references)];
        if (_hasSubscription)
            customer.Subscriptions = [_subscription.Unpack(references)];
        if (_hasDraft)
            customer.Invoices.Add(_draft.Unpack(customer.Subscriptions[0]));

        return customer;
    }
}

/// <summary>A card on file.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PackedCard
{
    private PackedNumber _attachedAt;
    private int _number;
    private int _card;
    private bool _isDefault;
    private bool _hasAuthenticated;

    public void Pack(EngineCard card, PackedReferences references, ref bool fits)
    {
        _number = card.Number;
        _card = references.Cards.NumberOf(card.Card);
        _attachedAt = PackedNumber.Of(card.AttachedAt, ref fits);
        _isDefault = card.IsDefault;
        _hasAuthenticated = card.HasAuthenticated;
    }

    public readonly EngineCard Unpack(PackedReferences references) => new()
    {
        Number = _number,
        Card = references.Cards[_card],
        AttachedAt = _attachedAt.Value,
        IsDefault = _isDefault,
        HasAuthenticated = _hasAuthenticated,
    };
}

/// <summary>What packed accounts share: they hold its number in their stead.</summary>
internal sealed class PackedReferences
{
    public InternTable<TestCard> Cards { get; } = new(ReferenceEqualityComparer.Instance);

    public InternTable<Plan> Plans { get; } = new(ReferenceEqualityComparer.Instance);

    public InternTable<CatalogPrice> Prices { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The names that applications give to subscriptions: few, most of all "default".</summary>
    public InternTable<string> Names { get; } = new(StringComparer.Ordinal);
}
