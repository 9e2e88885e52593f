namespace SaasBilling.Pricing;

/// <summary>Arithmetic on instants that stays within the calendar: an option such as <see cref="TimeSpan.MaxValue"/> means "never", not an exception.</summary>
internal static class InstantMath
{
    internal static DateTimeOffset Add(DateTimeOffset instant, TimeSpan span)
    {
        if (span >= TimeSpan.Zero)
            return span <= DateTimeOffset.MaxValue - instant ? instant + span : DateTimeOffset.MaxValue;

        return span >= DateTimeOffset.MinValue - instant ? instant + span : DateTimeOffset.MinValue;
    }

    internal static DateTimeOffset Subtract(DateTimeOffset instant, TimeSpan span) => Add(instant, span == TimeSpan.MinValue ? TimeSpan.MaxValue : -span);

    internal static DateTimeOffset Max(DateTimeOffset left, DateTimeOffset right) => left >= right ? left : right;

    internal static DateTimeOffset Min(DateTimeOffset left, DateTimeOffset right) => left <= right ? left : right;
}
