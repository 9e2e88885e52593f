using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Events;
using SaasBilling.StripeServer.Objects;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer;

/// <summary>The one account of the server. Not thread-safe: the server holds a lock.</summary>
internal sealed class Account
{
    private readonly InMemoryBillingOptions _billing;

    public Account(TimeProvider time, InMemoryBillingOptions billing)
    {
        Time = time;
        _billing = billing;
        Catalog = new RuntimeCatalog(Objects);
        Events = new EventLog(this);
        Main = new World(this, null, Instants.From(time.GetUtcNow()), billing);
    }

    public string Id { get; } = "acct_1TSaasBilling";

    /// <summary>Where the pages would be that hosted links lead to.</summary>
    public string BaseAddress { get; set; } = "";

    public TimeProvider Time { get; }

    public Registry Objects { get; } = new();

    public RuntimeCatalog Catalog { get; }

    public EventLog Events { get; }

    /// <summary>The customers without a test clock.</summary>
    public World Main { get; }

    /// <summary>The customers of each test clock, by its id.</summary>
    public Dictionary<string, World> TestClocks { get; } = [];

    /// <summary>Unix seconds.</summary>
    public long Now => Main.Now;

    /// <summary>The request that is being answered; null: time did it.</summary>
    public (string Id, string? IdempotencyKey)? Request { get; set; }

    /// <summary>What was sent about the subscription that the present command makes.</summary>
    public JsonObject? NewSubscription { get; set; }

    /// <summary>The coupons of the subscription that the present command makes, in their order.</summary>
    public IReadOnlyList<string> NewCoupons { get; set; } = [];

    /// <summary>What was sent about the invoice that the present command makes.</summary>
    public JsonObject? NewInvoice { get; set; }

    /// <summary>What was sent about the movement of a balance that the present command makes.</summary>
    public JsonObject? NewBalanceTransaction { get; set; }

    public string? LastBalanceTransaction { get; set; }

    /// <summary>Runs what is due, up to the present.</summary>
    public void CatchUp() => Main.AdvanceTo(Instants.From(Time.GetUtcNow()));

    public World AddTestClock(string id, long frozenAt)
    {
        var world = new World(this, id, frozenAt, _billing);
        TestClocks.Add(id, world);
        return world;
    }

    public World WorldOf(string? testClock) => testClock is null ? Main : TestClocks[testClock];
}
