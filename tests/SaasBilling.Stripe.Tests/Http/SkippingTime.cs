namespace SaasBilling.Stripe.Tests.Http;

/// <summary>A clock on which waiting takes no time: a timer fires at once, and moves the clock by what it would have waited. Time-outs, which are long, never fire.</summary>
internal sealed class SkippingTime(DateTimeOffset start) : TimeProvider
{
    private long _ticks;

    /// <summary>Timers from this on are time-outs.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(19);

    public List<TimeSpan> Waited { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => start + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan || dueTime > LongestWait)
            return new Silent();

        Waited.Add(dueTime);
        Interlocked.Add(ref _ticks, dueTime.Ticks);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private sealed class Silent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
