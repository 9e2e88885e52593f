using SaasBilling.Scheduling;

namespace SaasBilling.Tests.Scheduling;

public sealed class BillingClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Now_is_truncated_to_the_second_and_never_rounded_up()
    {
        var time = new ManualTimeProvider(Start.AddMilliseconds(999));
        var clock = new BillingClock(time);

        Assert.Equal(Start, clock.Now);

        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Start.AddSeconds(1), clock.Now);
    }

    [Fact]
    public void Now_is_utc_whatever_offset_the_time_provider_uses()
    {
        var clock = new BillingClock(new ManualTimeProvider(Start.ToOffset(TimeSpan.FromHours(-7))));

        Assert.Equal(TimeSpan.Zero, clock.Now.Offset);
        Assert.Equal(Start, clock.Now);
    }

    [Fact]
    public void Now_when_the_system_clock_is_set_back_waits_until_it_has_caught_up()
    {
        var time = new ManualTimeProvider(Start);
        var clock = new BillingClock(time);
        Assert.Equal(Start, clock.Now);

        time.SetWallClock(Start.AddHours(-1));
        Assert.Equal(Start, clock.Now);
        Assert.Equal(TimeSpan.FromHours(1), clock.Behind);

        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(Start, clock.Now);

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(Start.AddMinutes(1), clock.Now);
        Assert.Equal(TimeSpan.Zero, clock.Behind);
    }

    [Fact]
    public void Now_read_from_many_threads_never_goes_backward()
    {
        var time = new ManualTimeProvider(Start);
        var clock = new BillingClock(time);

        Parallel.For(0, 4, thread =>
        {
            var last = clock.Now;
            for (var i = 0; i < 2000; i++)
            {
                if (thread == 0)
                    time.SetWallClock(Start.AddSeconds(i % 7 * 10));
                var now = clock.Now;
                Assert.True(now >= last);
                last = now;
            }
        });
    }

    [Fact]
    public async Task AsOf_is_the_present_of_its_own_flow_only()
    {
        var clock = new BillingClock(new ManualTimeProvider(Start));
        Task<DateTimeOffset> inside;
        var outside = new TaskCompletionSource<DateTimeOffset>();
        using (ExecutionContext.SuppressFlow())
            new Thread(() => outside.SetResult(clock.Now)).Start();

        using (clock.AsOf(Start.AddDays(-3)))
        {
            Assert.Equal(Start.AddDays(-3), clock.Now);
            inside = Task.Run(() => clock.Now);
            await inside;
            using (clock.AsOf(Start.AddDays(-4).AddMilliseconds(5)))
                Assert.Equal(Start.AddDays(-4), clock.Now);
            Assert.Equal(Start.AddDays(-3), clock.Now);
        }

        Assert.Equal(Start.AddDays(-3), await inside);
        Assert.Equal(Start, await outside.Task);
        Assert.Equal(Start, clock.Now);
    }

    [Fact]
    public void AsOf_an_instant_that_is_not_in_the_past_changes_nothing()
    {
        var time = new ManualTimeProvider(Start);
        var clock = new BillingClock(time);

        using (clock.AsOf(Start.AddDays(3)))
        {
            time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(Start.AddSeconds(5), clock.Now);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(9_999_999, 1)]
    [InlineData(10_000_000, 1)]
    [InlineData(10_000_001, 2)]
    public void NextWholeSecond_is_the_first_at_which_what_is_due_can_run(long ticks, int seconds) =>
        Assert.Equal(Start.AddSeconds(seconds), BillingClock.NextWholeSecond(Start.AddTicks(ticks)));
}
