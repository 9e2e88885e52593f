namespace SaasBilling.InMemory;

/// <summary>
/// Time that stands still until somebody moves it, and that only goes forward. Timers made from it fire while it is moved, each at its own instant, on
/// the thread that moves it.
/// </summary>
internal sealed class SimulatedClock : TimeProvider
{
    /// <summary>Where simulated time ends, so that no sum of dates leaves the calendar.</summary>
    public static readonly DateTimeOffset End = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly SortedSet<SimulatedTimer> _timers = new(SimulatedTimer.InOrder);
    private long _ticks;
    private long _timersMade;

    public SimulatedClock(DateTimeOffset start) => _ticks = start.UtcTicks;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    /// <summary>Moves time, and fires the timers that fall due on the way.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="instant"/> is in the past, or past <see cref="End"/>.</exception>
    public void MoveTo(DateTimeOffset instant)
    {
        ThrowIfUnreachable(instant, nameof(instant));
        while (true)
        {
            SimulatedTimer? due;
            lock (_gate)
            {
                due = _timers.Min;
                if (due is null || due.DueTicks > instant.UtcTicks)
                {
                    // A timer's callback may have moved time itself.
                    if (instant.UtcTicks > _ticks)
                        Volatile.Write(ref _ticks, instant.UtcTicks);
                    return;
                }

                _timers.Remove(due);
                if (due.DueTicks > _ticks)
                    Volatile.Write(ref _ticks, due.DueTicks);
                if (due.Repeat())
                    _timers.Add(due);
            }

            due.Fire();
        }
    }

    /// <summary>Time runs in one direction.</summary>
    public void ThrowIfUnreachable(DateTimeOffset instant, string parameter)
    {
        var now = GetUtcNow();
        if (instant < now)
        {
            throw new ArgumentOutOfRangeException(
                parameter,
                instant,
                $"Simulated time does not run backward: it is {now:yyyy-MM-dd'T'HH:mm:ss'Z'}. Start a new simulation with an earlier InMemoryBillingOptions.StartAt.");
        }

        if (instant > End)
            throw new ArgumentOutOfRangeException(parameter, instant, $"Simulated time ends at {End:yyyy-MM-dd'T'HH:mm:ss'Z'}. Choose an earlier instant.");
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new SimulatedTimer(this, callback, state, Interlocked.Increment(ref _timersMade));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimulatedTimer(SimulatedClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        public static readonly Comparer<SimulatedTimer> InOrder = Comparer<SimulatedTimer>.Create(static (left, right) =>
        {
            var byTime = left.DueTicks.CompareTo(right.DueTicks);
            return byTime != 0 ? byTime : left.Number.CompareTo(right.Number);
        });

        private long _period;

        public long DueTicks { get; private set; }

        private long Number => number;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = Math.Max(period.Ticks, 0);
                if (dueTime < TimeSpan.Zero)
                    return true;

                DueTicks = clock._ticks + dueTime.Ticks;
                if (dueTime > TimeSpan.Zero)
                {
                    clock._timers.Add(this);
                    return true;
                }

                if (Repeat())
                    clock._timers.Add(this);
            }

            Fire();
            return true;
        }

        /// <summary>Whether there is a next time; called with the clock's lock held.</summary>
        public bool Repeat()
        {
            DueTicks += _period;
            return _period > 0;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
