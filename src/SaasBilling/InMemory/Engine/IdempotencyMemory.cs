using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>What a mutation answered the first time: a repetition reads the customer anew, and gives the same id.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RememberedAnswer(string CustomerId, string? ResultId);

/// <summary>
/// Remembers the answers of mutations by idempotency key for 24 hours of the engine's time, as Stripe does (https://docs.stripe.com/api/idempotent_requests).
/// Not thread-safe: the engine's lock guards it.
/// </summary>
/// <param name="capacity">At most so many keys are remembered; past that, the oldest is forgotten before its time.</param>
internal sealed class IdempotencyMemory(int capacity = IdempotencyMemory.DefaultCapacity)
{
    /// <summary>A million commands at one simulated instant must not fill the memory with keys.</summary>
    public const int DefaultCapacity = 65_536;

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Dictionary<string, Entry> _entries = [];

    // In the order of expiry, because the engine's time never runs backward.
    private readonly Queue<(string Key, DateTimeOffset ExpiresAt)> _expiries = new();

    public int Count => _entries.Count;

    /// <summary>Whether a mutation was done under this key in the last 24 hours.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.Conflict"/>: it was, and it was another mutation.</exception>
    public bool TryRecall(string key, string request, DateTimeOffset now, out RememberedAnswer answer)
    {
        Forget(now);
        if (!_entries.TryGetValue(key, out var entry))
        {
            answer = default;
            return false;
        }

        if (entry.Request != request)
            ThrowConflict(key);
        answer = entry.Answer;
        return true;
    }

    /// <summary>Remembers a mutation that was done. The key must not be one that <see cref="TryRecall"/> finds at this instant.</summary>
    public void Remember(string key, string request, string customerId, string? resultId, DateTimeOffset now)
    {
        Forget(now);
        _entries.Add(key, new Entry(request, new RememberedAnswer(customerId, resultId)));
        _expiries.Enqueue((key, now + Lifetime));
        if (_entries.Count > capacity)
            _entries.Remove(_expiries.Dequeue().Key);
    }

    private void Forget(DateTimeOffset now)
    {
        while (_expiries.TryPeek(out var oldest) && oldest.ExpiresAt <= now)
        {
            _expiries.Dequeue();
            _entries.Remove(oldest.Key);
        }
    }

    [DoesNotReturn]
    private static void ThrowConflict(string key) => throw new BillingException(
        BillingErrorCode.Conflict,
        $"The idempotency key '{key}' was used for another request in the last 24 hours. Use a new key for a new request, and the same request to repeat one.");

    private readonly record struct Entry(string Request, RememberedAnswer Answer);
}
