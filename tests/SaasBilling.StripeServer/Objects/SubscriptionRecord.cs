using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Objects;

/// <summary>A subscription: what was sent about it, and where it is in the engine.</summary>
internal sealed class SubscriptionRecord(string id, long created, CustomerRecord customer, int number) : Resource("subscription", id, created)
{
    public CustomerRecord Customer { get; } = customer;

    public int Number { get; } = number;

    /// <summary>What does not come from the engine.</summary>
    public JsonObject Body { get; } = [];

    /// <summary>The items that it has and had.</summary>
    public List<ItemRecord> Items { get; } = [];

    /// <summary>The newest invoice.</summary>
    public string? LatestInvoice { get; set; }

    /// <summary>The schedule that changes it; null: none.</summary>
    public string? Schedule { get; set; }

    /// <summary>The checkout session that waits for its payment; null: none.</summary>
    public string? Checkout { get; set; }

    /// <summary>The period before the running one, which a renewal's invoice is about.</summary>
    public (long Start, long End) LastPeriod { get; set; }

    public (long Start, long End) Period { get; set; }

    /// <summary>As the last step left it; null: it is new.</summary>
    public SubscriptionStatus? LastStatus { get; set; }

    /// <summary>The discounts that it had last, for the invoice that used up one that counts once.</summary>
    public IReadOnlyList<EngineDiscount> UsedDiscounts { get; set; } = [];

    /// <summary>For which trial's end a notice is waiting.</summary>
    public long NoticeOf { get; set; }

    public EngineSubscription Engine => Customer.World.Find(Customer).FindSubscription(Number)!;

    /// <summary>
    /// The record of one of the engine's items: that of its price, as a request said it, or else the one whose place it took in the engine.
    /// </summary>
    public ItemRecord Item(Registry objects, EngineItem item, long now)
    {
        var known = Items.Find(record => !record.IsGone && record.Price == item.Price)
            ?? Items.Find(record => !record.IsGone && record.Number == item.Number && !Array.Exists(Engine.Items, other => other.Price == record.Price));
        if (known is null)
            Items.Add(known = new ItemRecord(objects.NewId("si"), now));

        known.Number = item.Number;
        known.Price = item.Price;
        known.Had.Add(item.Price);
        return known;
    }

    /// <summary>The item that a line is about; null: none.</summary>
    public ItemRecord? ItemOf(CatalogPrice price) => Items.FindLast(record => record.Price == price) ?? Items.FindLast(record => record.Had.Contains(price));

    public override JsonObject Render(Account account) => SubscriptionJson.Render(account, this);
}

/// <summary>One item of a subscription.</summary>
internal sealed class ItemRecord(string id, long created)
{
    public string Id { get; } = id;

    public long Created { get; } = created;

    /// <summary>Its number in the engine.</summary>
    public int Number { get; set; }

    public CatalogPrice? Price { get; set; }

    /// <summary>The prices that it has had.</summary>
    public HashSet<CatalogPrice> Had { get; } = [];

    /// <summary>A request took it away.</summary>
    public bool IsGone { get; set; }

    public JsonObject Metadata { get; set; } = [];
}
