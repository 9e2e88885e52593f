using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>A subscription that is on trial or active, with nothing about it that ends, waits or is counted.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PackedSubscription
{
    private PackedNumber _createdAt;
    private PackedNumber _anchor;
    private PackedNumber _periodStart;
    private PackedNumber _periodEnd;
    private PackedNumber _trialStart;
    private PackedNumber _trialEnd;
    private PackedNumber _revision;
    private int _name;
    private int _plan;
    private int _periodIndex;
    private int _lastItemNumber;
    private BillingInterval _interval;
    private Currency _currency;
    private SubscriptionStatus _status;
    private TrialEndBehavior _whenNoPaymentMethod;
    private bool _cancelProrates;
    private int _count;
    private PackedItems _items;

    public bool TryPack(EngineSubscription subscription, PackedReferences references)
    {
        if (!IsPlain(subscription) || subscription.Items.Length > PackedItems.Most)
            return false;

        var fits = true;
        _createdAt = PackedNumber.Of(subscription.CreatedAt, ref fits);
        _anchor = PackedNumber.Of(subscription.Anchor, ref fits);
        _periodStart = PackedNumber.Of(subscription.PeriodStart, ref fits);
        _periodEnd = PackedNumber.Of(subscription.PeriodEnd, ref fits);
        _trialStart = PackedNumber.Of(subscription.TrialStart, ref fits);
        _trialEnd = PackedNumber.Of(subscription.TrialEnd, ref fits);
        _revision = PackedNumber.Of(subscription.Revision, ref fits);
        _name = references.Names.NumberOf(subscription.Name);
        _plan = references.Plans.NumberOf(subscription.Plan);
        _periodIndex = subscription.PeriodIndex;
        _lastItemNumber = subscription.LastItemNumber;
        _interval = subscription.Interval;
        _currency = subscription.Currency;
        _status = subscription.Status;
        _whenNoPaymentMethod = subscription.WhenNoPaymentMethod;
        _cancelProrates = subscription.CancelProrates;
        _count = subscription.Items.Length;
        for (var i = 0; i < _count; i++)
            _items[i].Pack(subscription.Items[i], references, ref fits);

        return fits;
    }

    public readonly EngineSubscription Unpack(PackedReferences references)
    {
        var items = new EngineItem[_count];
        for (var i = 0; i < items.Length; i++)
            items[i] = _items[i].Unpack(references);

        return new EngineSubscription
        {
            Number = 1,
            Name = references.Names[_name],
            CreatedAt = _createdAt.Value,
            Plan = references.Plans[_plan],
            Status = _status,
            Interval = _interval,
            Currency = _currency,
            Items = items,
            Anchor = _anchor.Value,
            PeriodIndex = _periodIndex,
            PeriodStart = _periodStart.Value,
            PeriodEnd = _periodEnd.Value,
            TrialStart = _trialStart.Value,
            TrialEnd = _trialEnd.Value,
            WhenNoPaymentMethod = _whenNoPaymentMethod,
            CancelProrates = _cancelProrates,
            LastItemNumber = _lastItemNumber,
            Revision = _revision.Value,
        };
    }

    private static bool IsPlain(EngineSubscription subscription) =>
        subscription is
        {
            Number: 1,
            CardNumber: 0,
            Status: SubscriptionStatus.Active or SubscriptionStatus.Trialing,
            CancelsAt: Instants.Never,
            CancelsAtPeriodEnd: false,
            CanceledAt: Instants.Never,
            CancellationReason: null,
            EndedAt: Instants.Never,
            PastDueSince: Instants.Never,
            Pause: null,
            Scheduled: null,
            Discounts.Length: 0,
            DueInDays: null,
            Usage: null,
            LastChange: null,
        };
}

/// <summary>One price of a subscription.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PackedItem
{
    private long _quantity;
    private long _amount;
    private long _debited;
    private PackedNumber _debitedFrom;
    private int _number;
    private int _price;
    private int _debitedBy;

    public void Pack(EngineItem item, PackedReferences references, ref bool fits)
    {
        _number = item.Number;
        _price = references.Prices.NumberOf(item.Price);
        _quantity = item.Quantity;
        _amount = item.Amount;
        _debited = item.Debited;
        _debitedFrom = PackedNumber.Of(item.DebitedFrom, ref fits);
        _debitedBy = item.DebitedBy;
    }

    public readonly EngineItem Unpack(PackedReferences references) =>
        new(_number, references.Prices[_price], _quantity, _amount) { Debited = _debited, DebitedFrom = _debitedFrom.Value, DebitedBy = _debitedBy };
}

/// <summary>The items of one subscription: a plan's price and its seats, say.</summary>
[InlineArray(Most)]
internal struct PackedItems
{
    public const int Most = 2;

    private PackedItem _first;
}
