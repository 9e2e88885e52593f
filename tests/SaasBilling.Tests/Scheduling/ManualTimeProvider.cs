namespace SaasBilling.Tests.Scheduling;

/// <summary>Real time as a test moves it: a wall clock that can be set, and timers that run on the time that has passed, whatever the wall clock says.</summary>
internal sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private DateTimeOffset _utcNow = start;
    private long _elapsed;
    private int _created;

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public override TimeZoneInfo LocalTimeZone => Zone;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _utcNow;
    }

    public override long GetTimestamp()
    {
        lock (_gate)
            return _elapsed;
    }

    /// <summary>Time passes; timers that fall due fire in order.</summary>
    public void Advance(TimeSpan by)
    {
        var target = _elapsed + by.Ticks;
        while (true)
        {
            ManualTimer? due;
            lock (_gate)
            {
                due = _timers.Where(timer => timer.DueAt <= target).OrderBy(timer => timer.DueAt).ThenBy(timer => timer.Number).FirstOrDefault();
                var to = due?.DueAt ?? target;
                if (to > _elapsed)
                {
                    _utcNow += TimeSpan.FromTicks(to - _elapsed);
                    _elapsed = to;
                }

                if (due is null)
                    return;
                _timers.Remove(due);
                if (due.Period > 0)
                {
                    due.DueAt += due.Period;
                    _timers.Add(due);
                }
            }

            due.Fire();
        }
    }

    /// <summary>Somebody sets the clock: no time passes.</summary>
    public void SetWallClock(DateTimeOffset utcNow)
    {
        lock (_gate)
            _utcNow = utcNow;
    }

    /// <summary>Ends when so many timers are waiting: a worker that has nothing to do has two, one for its next look and one for its leases.</summary>
    public Task WhenWaitingAsync(int timers = 2)
    {
        lock (_gate)
        {
            if (_timers.Count >= timers)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((timers, reached));
            return reached.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state, Interlocked.Increment(ref _created));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state, int number) : ITimer
    {
        public int Number => number;

        public long DueAt { get; set; }

        public long Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                Period = Math.Max(period.Ticks, 0);
                if (dueTime >= TimeSpan.Zero)
                {
                    DueAt = time._elapsed + dueTime.Ticks;
                    time._timers.Add(this);
                    foreach (var (count, reached) in time._waiters.Where(waiter => waiter.Count <= time._timers.Count).ToList())
                    {
                        time._waiters.Remove((count, reached));
                        reached.SetResult();
                    }
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
