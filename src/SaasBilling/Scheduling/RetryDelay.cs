namespace SaasBilling.Scheduling;

/// <summary>How long a job that failed waits for its next try.</summary>
internal static class RetryDelay
{
    // A tenth to either side keeps what failed together from coming back together.
    private const double Spread = 0.2;

    private static readonly TimeSpan FirstOfOutage = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The first delay, doubled with every further failure, up to the longest; then moved by up to a tenth, by an amount that the job's key and the
    /// number of failures decide, so that the same job waits equally long in every run. Whole seconds, rounded up.
    /// </summary>
    /// <param name="key">The job's key.</param>
    /// <param name="failures">How many tries have failed: at least 1.</param>
    /// <param name="options">The first and the longest delay.</param>
    public static TimeSpan After(string key, int failures, BillingWorkerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(failures);
        var longest = options.MaxRetryDelay.TotalSeconds;
        var seconds = Math.Min(options.FirstRetryDelay.TotalSeconds * Math.Pow(2, failures - 1), longest);
        var jittered = Math.Min(seconds * (1 + (Spread * (Fraction(key, failures) - 0.5))), longest);
        return TimeSpan.FromSeconds(Math.Ceiling(jittered));
    }

    /// <summary>How long is waited when the store does not answer: at most a poll interval, so that an outage that is over is found out as soon as idleness would be.</summary>
    /// <param name="failures">How many times it has not: at least 1.</param>
    /// <param name="options">The poll interval.</param>
    public static TimeSpan OfOutage(int failures, BillingWorkerOptions options)
    {
        var delay = FirstOfOutage * Math.Pow(2, Math.Min(failures - 1, 16));
        return delay < options.PollInterval ? delay : options.PollInterval;
    }

    // FNV-1a: string.GetHashCode differs from run to run.
    private static double Fraction(string key, int failures)
    {
        var hash = 14695981039346656037UL ^ (uint)failures;
        foreach (var character in key)
            hash = (hash ^ character) * 1099511628211UL;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}
