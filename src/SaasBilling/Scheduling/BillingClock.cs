namespace SaasBilling.Scheduling;

/// <summary>
/// The one place where billing's time comes from: UTC, to the second, and never backward. A system clock that is set back is waited out: nothing
/// happens earlier than it should, and nothing twice.
/// </summary>
internal sealed class BillingClock(TimeProvider time)
{
    private readonly AsyncLocal<DateTimeOffset?> _asOf = new();
    private long _latest;
    private int _asOfScopes;

    /// <summary>What timers and delays run on.</summary>
    public TimeProvider Time => time;

    /// <summary>The present: truncated to the second, so that nothing is ever early.</summary>
    public DateTimeOffset Now => Volatile.Read(ref _asOfScopes) > 0 && _asOf.Value is { } instant ? instant : Present;

    /// <summary>The present, not truncated: what leases are counted by, which are as short as a second. Never backward.</summary>
    public DateTimeOffset Exact
    {
        get
        {
            var exact = time.GetUtcNow();
            var present = Present;
            return exact > present ? exact : present;
        }
    }

    /// <summary>How far the system clock is behind what it said before.</summary>
    public TimeSpan Behind => Present - WholeSecond(time.GetUtcNow());

    private DateTimeOffset Present
    {
        get
        {
            var now = WholeSecond(time.GetUtcNow()).Ticks;
            var latest = Volatile.Read(ref _latest);
            while (now > latest)
            {
                var seen = Interlocked.CompareExchange(ref _latest, now, latest);
                if (seen == latest)
                    return new(now, TimeSpan.Zero);
                latest = seen;
            }

            return new(latest, TimeSpan.Zero);
        }
    }

    /// <summary>The last whole second at or before an instant, in UTC.</summary>
    public static DateTimeOffset WholeSecond(DateTimeOffset instant)
    {
        var ticks = instant.UtcTicks;
        return new(ticks - (ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }

    /// <summary>The first whole second at or after an instant, in UTC: when what is due at that instant can run.</summary>
    public static DateTimeOffset NextWholeSecond(DateTimeOffset instant)
    {
        var second = WholeSecond(instant);
        return second == instant ? second : second.AddSeconds(1);
    }

    /// <summary>
    /// Until disposed, <see cref="Now"/> is <paramref name="instant"/> for this flow of execution: work that is late is done as of the instant at
    /// which it was due, so that a worker that was away decides as it would have decided then.
    /// </summary>
    /// <param name="instant">When the work was due; what is due now or later changes nothing.</param>
    public AsOfScope AsOf(DateTimeOffset instant)
    {
        if (instant >= Present)
            return default;

        var outer = _asOf.Value;
        _asOf.Value = WholeSecond(instant);
        Interlocked.Increment(ref _asOfScopes);
        return new AsOfScope(this, outer);
    }

    /// <summary>Ends the scope.</summary>
    internal readonly struct AsOfScope(BillingClock? clock, DateTimeOffset? outer) : IDisposable
    {
        public void Dispose()
        {
            if (clock is null)
                return;
            Interlocked.Decrement(ref clock._asOfScopes);
            clock._asOf.Value = outer;
        }
    }
}
