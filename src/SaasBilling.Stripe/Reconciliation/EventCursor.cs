using System.Globalization;

namespace SaasBilling.Stripe.Reconciliation;

/// <summary>From when on events are read? A cursor is the instant at which reading began, in unix seconds. Pure.</summary>
internal static class EventCursor
{
    // Stripe's clock and this machine's differ by less, or no webhook would be taken; and an event may be listed a moment after it was made.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>Stripe lists events for 30 days (https://docs.stripe.com/api/events); a day of it is left to long readings.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(29);

    public static string Write(DateTimeOffset now) => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <returns>Null: events do not go back so far, or it is no cursor.</returns>
    public static DateTimeOffset? ReadFrom(string? cursor, DateTimeOffset now)
    {
        if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > now.ToUnixTimeSeconds() + (long)Overlap.TotalSeconds)
            return null;

        var from = DateTimeOffset.FromUnixTimeSeconds(seconds) - Overlap;
        return now - from <= Kept ? from : null;
    }
}
