using SaasBilling.InMemory;

namespace SaasBilling.Tests.Scheduling;

public sealed class SimulatedClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void MoveTo_the_past_is_refused_and_says_what_to_do()
    {
        var clock = new SimulatedClock(Start);

        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => clock.MoveTo(Start.AddTicks(-1)));

        Assert.StartsWith(
            "Simulated time does not run backward: it is 2026-05-01T12:00:00Z. Start a new simulation with an earlier InMemoryBillingOptions.StartAt.",
            exception.Message,
            StringComparison.Ordinal);
        Assert.Equal(Start, clock.GetUtcNow());
    }

    [Fact]
    public void Timers_fire_in_order_each_at_its_own_instant()
    {
        var clock = new SimulatedClock(Start);
        var fired = new List<string>();
        void Note(object? name) => fired.Add($"{name} {(clock.GetUtcNow() - Start).TotalMinutes}");
        using var late = clock.CreateTimer(Note, "late", TimeSpan.FromMinutes(30), Timeout.InfiniteTimeSpan);
        using var early = clock.CreateTimer(Note, "early", TimeSpan.FromMinutes(10), Timeout.InfiniteTimeSpan);
        using var repeated = clock.CreateTimer(Note, "repeated", TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15));
        using var stopped = clock.CreateTimer(Note, "stopped", TimeSpan.FromMinutes(5), Timeout.InfiniteTimeSpan);
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        clock.MoveTo(Start.AddMinutes(30));
        repeated.Dispose();
        clock.MoveTo(Start.AddMinutes(90));

        Assert.Equal(["early 10", "repeated 10", "repeated 25", "late 30"], fired);
        Assert.Equal(Start.AddMinutes(90), clock.GetUtcNow());
    }

    [Fact]
    public async Task A_delay_ends_when_simulated_time_has_passed_it()
    {
        var clock = new SimulatedClock(Start);
        var delay = Task.Delay(TimeSpan.FromDays(2), clock);

        clock.MoveTo(Start.AddDays(1));
        Assert.False(delay.IsCompleted);

        clock.MoveTo(Start.AddDays(2));
        await delay.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Elapsed_time_is_simulated_time()
    {
        var clock = new SimulatedClock(Start);
        var start = clock.GetTimestamp();

        clock.MoveTo(Start.AddMinutes(90));

        Assert.Equal(TimeSpan.FromMinutes(90), clock.GetElapsedTime(start));
    }
}
