using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling.Road;

/// <summary>
/// One command's turn on the road: what it decides on, and what it brings back. Nothing is written before the turn is over; a command that throws
/// leaves nothing behind but what it said to <see cref="Keep"/>.
/// </summary>
/// <param name="customerId">The customer.</param>
/// <param name="state">The stored state; null: billing has never seen the customer.</param>
/// <param name="now">The present, UTC.</param>
internal sealed class RoadTurn(string customerId, CustomerState? state, DateTimeOffset now)
{
    private readonly List<CustomerSnapshot> _snapshots = [];
    private readonly List<string> _calls = [];

    public string CustomerId => customerId;

    public CustomerState? State => state;

    public DateTimeOffset Now => now;

    /// <summary>Counts the commits: a command that is repeated before its commit is the same request, one after it is another.</summary>
    public long Version => state?.Version ?? 0;

    /// <summary>The id of what the last provider call made.</summary>
    public string? ResultId { get; private set; }

    /// <summary>A milestone that was reached.</summary>
    public string? Milestone { get; set; }

    /// <summary>Usage that was recorded.</summary>
    public UsageEntry? Usage { get; set; }

    public IReadOnlyList<CustomerSnapshot> Snapshots => _snapshots;

    /// <summary>The idempotency keys of the calls to the provider.</summary>
    public IReadOnlyList<string> Calls => _calls;

    /// <summary>How many snapshots are written even if the command goes on to fail.</summary>
    public int Kept { get; private set; }

    public bool HasAnything => _snapshots.Count > 0 || Milestone is not null || Usage is not null;

    /// <summary>The key of a call to the provider, which is noted.</summary>
    public string KeyOf(string subscription, string call, params ReadOnlySpan<string?> arguments)
    {
        var key = IdempotencyKey.For(this, subscription, call, arguments);
        _calls.Add(key);
        return key;
    }

    /// <summary>Takes a provider's answer along.</summary>
    public void Bring(ProviderResult answer)
    {
        _snapshots.Add(answer.Snapshot);
        ResultId = answer.Id;
    }

    /// <summary>What was brought so far stands, whatever comes: a card that was attached stays when the subscription then fails.</summary>
    public void Keep() => Kept = _snapshots.Count;

    /// <summary>The turn of a command that failed, with what it said to keep.</summary>
    public RoadTurn WhatIsKept()
    {
        var kept = new RoadTurn(customerId, state, now);
        kept._snapshots.AddRange(_snapshots.Take(Kept));
        kept._calls.AddRange(_calls);
        return kept;
    }
}
