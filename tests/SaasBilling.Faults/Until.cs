using System.Diagnostics;

namespace SaasBilling.Faults;

/// <summary>Waits for what is to become true.</summary>
internal static class Until
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <exception cref="TimeoutException">It did not become true in time.</exception>
    public static async Task TrueAsync(string what, TimeSpan atMost, Func<Task<bool>> condition)
    {
        for (var started = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(Look))
        {
            if (Stopwatch.GetElapsedTime(started) > atMost)
                throw new TimeoutException($"Waited {atMost} in vain: {what}.");
        }
    }

    /// <exception cref="TimeoutException">It did not become true in time.</exception>
    public static Task TrueAsync(string what, TimeSpan atMost, Func<bool> condition) => TrueAsync(what, atMost, () => Task.FromResult(condition()));
}
