namespace SaasBilling.Stripe.Http;

/// <summary>How an attempt ended.</summary>
internal enum AttemptEnd
{
    /// <summary>There is an answer that can be read.</summary>
    Answered,

    /// <summary>There is an answer that is not Stripe's: HTML of something in between.</summary>
    Garbled,

    /// <summary>There is none: a time-out, a reset, a refused connection. Stripe may have done the work all the same.</summary>
    NoAnswer,
}

/// <summary>An attempt that is over.</summary>
/// <param name="End">How.</param>
/// <param name="Status">The HTTP status; 0 without an answer.</param>
/// <param name="ShouldRetry">Stripe's own word; null: none.</param>
/// <param name="RetryAfter">How long Stripe wants to be left alone; null: not said.</param>
internal readonly record struct Attempt(AttemptEnd End, int Status, bool? ShouldRetry = null, TimeSpan? RetryAfter = null);

/// <summary>How often, and for how long.</summary>
/// <param name="MaxRetries">Repetitions after the first attempt.</param>
/// <param name="Budget">Time for all of it.</param>
internal sealed record RetryLimits(int MaxRetries, TimeSpan Budget);

/// <summary>Is a request repeated, and after how long? Pure. Source: https://docs.stripe.com/error-low-level.</summary>
internal static class RetryDecision
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);

    /// <param name="attempt">The attempt that is over.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="elapsed">Since the first attempt began.</param>
    /// <param name="limits">How often, and for how long.</param>
    /// <param name="chance">From 0 up to 1: where in the back-off's range the delay lies, so that many callers do not come back at once.</param>
    /// <returns>The time to wait before the next attempt; null: there is none.</returns>
    public static TimeSpan? Decide(Attempt attempt, int number, TimeSpan elapsed, RetryLimits limits, double chance)
    {
        if (number > limits.MaxRetries || !IsRepeatable(attempt))
            return null;

        var longest = number > 5 ? LongestDelay : Min(FirstDelay * (1 << (number - 1)), LongestDelay);
        var delay = longest * (0.5 + (chance / 2));
        if (attempt.RetryAfter is { } wanted && wanted > delay)
            delay = wanted;
        return elapsed + delay < limits.Budget ? delay : null;
    }

    /// <summary>Whether the same request under the same key may be sent again.</summary>
    internal static bool IsRepeatable(Attempt attempt) => attempt switch
    {
        { End: AttemptEnd.NoAnswer } => true,

        // A request that was wrong, or a card that was declined, will be so again, whatever anybody says.
        { Status: 400 or 401 or 402 or 403 or 404 } => false,
        { ShouldRetry: { } said } => said,
        { End: AttemptEnd.Garbled } => true,
        { Status: 409 or 429 or >= 500 } => true,
        _ => false,
    };

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
