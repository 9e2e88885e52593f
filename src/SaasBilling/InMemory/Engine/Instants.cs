namespace SaasBilling.InMemory.Engine;

/// <summary>Inside the engine an instant is a <see cref="long"/> of unix seconds, UTC: eight bytes, and whole seconds by construction.</summary>
internal static class Instants
{
    /// <summary>"Not set", and in comparisons "later than everything".</summary>
    internal const long Never = long.MaxValue;

    internal const long SecondsPerDay = 86_400;

    internal static long From(DateTimeOffset instant) => instant.ToUnixTimeSeconds();

    internal static long From(DateTimeOffset? instant) => instant is { } set ? set.ToUnixTimeSeconds() : Never;

    internal static long From(TimeSpan length) => length.Ticks / TimeSpan.TicksPerSecond;

    internal static DateTimeOffset At(long instant) => DateTimeOffset.FromUnixTimeSeconds(instant);

    internal static DateTimeOffset? AtOrNull(long instant) => instant == Never ? null : DateTimeOffset.FromUnixTimeSeconds(instant);

    internal static BillingPeriod Period(long start, long end) => new(At(start), At(end));
}
