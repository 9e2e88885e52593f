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

    /// <summary>Time passes at once; then the timers that fell due fire in order. What they wake sees the new time, not the way to it.</summary>
    public void Advance(TimeSpan by)
    {
        lock (_gate)
        {
            _utcNow += by;
            _elapsed += by.Ticks;
        }

        while (NextDue() is { } due)
            due.Fire();
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

    private ManualTimer? NextDue()
    {
        lock (_gate)
        {
            var due = _timers.Where(timer => timer.DueAt <= _elapsed).OrderBy(timer => timer.DueAt).ThenBy(timer => timer.Number).FirstOrDefault();
            if (due is null)
                return null;

            _timers.Remove(due);
            if (due.Period > 0)
            {
                due.DueAt += due.Period;
                _timers.Add(due);
            }

            return due;
        }
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
