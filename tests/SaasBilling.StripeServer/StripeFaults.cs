namespace SaasBilling.StripeServer;

/// <summary>What can go wrong between a client and Stripe.</summary>
public enum StripeFaultKind
{
    /// <summary>429, nothing is done.</summary>
    TooManyRequests,

    /// <summary>500 with an error object, nothing is done.</summary>
    ServerError,

    /// <summary>409 because of another request on the same object, nothing is done.</summary>
    Conflict,

    /// <summary>The work is done, and no answer comes until the client gives up.</summary>
    TimeOutAfterWork,

    /// <summary>The connection breaks before anything is done.</summary>
    ResetBeforeWork,

    /// <summary>The work is done, and the connection breaks.</summary>
    ResetAfterWork,

    /// <summary>502 with a page instead of an error object, nothing is done.</summary>
    Html,

    /// <summary>The work is done, and the answer is 500: its idempotency key answers 500 again.</summary>
    ServerErrorAfterWork,
}

/// <summary>A fault that waits for its request.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="RetryAfter">With <see cref="StripeFaultKind.TooManyRequests"/>: the <c>Retry-After</c> header; null: none.</param>
/// <param name="ShouldRetry">The <c>Stripe-Should-Retry</c> header; null: none.</param>
/// <param name="Matches">Which requests it is for, by method and path; null: all.</param>
public sealed record StripeFaultRule(StripeFaultKind Kind, TimeSpan? RetryAfter = null, bool? ShouldRetry = null, Func<string, string, bool>? Matches = null);

/// <summary>Faults on demand: each is used up by the next request that it is for.</summary>
public sealed class StripeFaults
{
    private readonly Lock _gate = new();
    private readonly List<StripeFaultRule> _rules = [];

    /// <summary>How many faults wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _rules.Count;
        }
    }

    /// <summary>Lets the next request go wrong that a rule is for.</summary>
    /// <param name="rule">The fault.</param>
    /// <param name="times">For how many requests.</param>
    public void Add(StripeFaultRule rule, int times = 1)
    {
        lock (_gate)
            _rules.AddRange(Enumerable.Repeat(rule, times));
    }

    /// <summary>Lets the next request go wrong.</summary>
    /// <param name="kind">What goes wrong.</param>
    public void Add(StripeFaultKind kind) => Add(new StripeFaultRule(kind));

    /// <summary>Nothing goes wrong any more.</summary>
    public void Clear()
    {
        lock (_gate)
            _rules.Clear();
    }

    internal StripeFaultRule? Take(string method, string path)
    {
        lock (_gate)
        {
            var index = _rules.FindIndex(rule => rule.Matches?.Invoke(method, path) ?? true);
            if (index < 0)
                return null;

            var rule = _rules[index];
            _rules.RemoveAt(index);
            return rule;
        }
    }
}
