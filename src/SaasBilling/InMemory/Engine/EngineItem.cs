namespace SaasBilling.InMemory.Engine;

/// <summary>One price of a subscription. Its price and quantity never change: a change makes a new one, under the same number.</summary>
internal sealed class EngineItem
{
    public EngineItem(int number, CatalogPrice price, long quantity)
    {
        Number = number;
        Price = price;
        Quantity = quantity;
        Amount = IsMetered ? 0 : Amounts.Of(price, quantity);
    }

    /// <summary>As it was before: what the period costs is known.</summary>
    public EngineItem(int number, CatalogPrice price, long quantity, long amount)
    {
        Number = number;
        Price = price;
        Quantity = quantity;
        Amount = amount;
    }

    /// <summary>Counts the subscription's items from 1; the public id is made of it.</summary>
    public int Number { get; }

    public CatalogPrice Price { get; }

    public long Quantity { get; }

    /// <summary>What a whole period costs, before discounts; 0 for a metered price.</summary>
    public long Amount { get; }

    public bool IsMetered => Price.Price.Kind == PriceKind.Metered;

    /// <summary>
    /// What was really debited for <see cref="DebitedFrom"/> to the period's end, net of discounts: the basis of a credit (Stripe's flexible
    /// billing mode, https://docs.stripe.com/billing/subscriptions/billing-mode/compare).
    /// </summary>
    public long Debited { get; set; }

    public long DebitedFrom { get; set; }

    /// <summary>The number of the invoice that debited it; 0 while none has, or nothing was debited.</summary>
    public int DebitedBy { get; set; }

    public bool IsSame(string priceKey, long quantity) => Quantity == quantity && Price.Price.Key == priceKey;

    public EngineItem Copy() => (EngineItem)MemberwiseClone();
}
