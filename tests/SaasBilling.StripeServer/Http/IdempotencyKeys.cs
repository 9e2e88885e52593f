namespace SaasBilling.StripeServer.Http;

/// <summary>An answer as it went out.</summary>
internal sealed record Answer(int Status, string Body, string RequestId);

/// <summary>
/// Answers by idempotency key, for 24 hours: a repetition gets the first answer, another request under the same key is refused, and so is one that
/// comes while the first is being worked on. https://docs.stripe.com/api/idempotent_requests.
/// </summary>
internal sealed class IdempotencyKeys
{
    private const int MaxLength = 255;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Starts a request, or gives the answer that it had.</summary>
    /// <returns>Null: it is to be worked on, and ends with <see cref="Finish"/> or <see cref="Release"/>.</returns>
    public Answer? Start(string key, string request, DateTimeOffset now)
    {
        if (key.Length > MaxLength)
            throw new StripeFault(400, "idempotency_error", null, $"Idempotency-Key is too long: at most {MaxLength} characters.") { IsBeforeWork = true };

        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var known) || known.ExpiresAt <= now)
            {
                _entries[key] = new Entry(request, null, now + Lifetime);
                return null;
            }

            if (known.Request != request)
            {
                throw new StripeFault(
                    400,
                    "idempotency_error",
                    null,
                    $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.")
                {
                    IsBeforeWork = true,
                };
            }

            return known.Answer ?? throw new StripeFault(
                409,
                "idempotency_error",
                "idempotency_key_in_use",
                $"There is currently another in-progress request using this Idempotency Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later.")
            {
                IsBeforeWork = true,
            };
        }
    }

    public void Finish(string key, Answer answer)
    {
        lock (_gate)
            _entries[key] = _entries[key] with { Answer = answer };
    }

    /// <summary>Nothing was done: the key is free again.</summary>
    public void Release(string key)
    {
        lock (_gate)
            _entries.Remove(key);
    }

    private sealed record Entry(string Request, Answer? Answer, DateTimeOffset ExpiresAt);
}
