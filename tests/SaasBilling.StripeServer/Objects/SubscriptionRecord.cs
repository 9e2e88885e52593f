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

    /// <summary>Items by their number in the engine.</summary>
    public Dictionary<int, ItemRecord> Items { get; } = [];

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

    public ItemRecord Item(Registry objects, EngineItem item, long now)
    {
        if (!Items.TryGetValue(item.Number, out var known))
            Items.Add(item.Number, known = new ItemRecord(objects.NewId("si"), now));

        known.Price = item.Price;
        return known;
    }

    public override JsonObject Render(Account account) => SubscriptionJson.Render(account, this);
}

/// <summary>One item of a subscription.</summary>
internal sealed class ItemRecord(string id, long created)
{
    public string Id { get; } = id;

    public long Created { get; } = created;

    public CatalogPrice? Price { get; set; }

    public JsonObject Metadata { get; set; } = [];
}
