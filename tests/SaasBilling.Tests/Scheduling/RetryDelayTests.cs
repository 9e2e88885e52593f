using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Scheduling;

namespace SaasBilling.Tests.Scheduling;

public sealed class RetryDelayTests
{
    private static readonly BillingWorkerOptions Options = new() { FirstRetryDelay = TimeSpan.FromSeconds(100), MaxRetryDelay = TimeSpan.FromSeconds(1000) };

    [Fact]
    public void Delays_double_up_to_the_longest_within_a_tenth() => Prop.ForAll<NonNull<string>>(key =>
    {
        double[] nominal = [100, 200, 400, 800, 1000, 1000, 1000];
        for (var failures = 1; failures <= nominal.Length; failures++)
        {
            var seconds = RetryDelay.After(key.Get, failures, Options).TotalSeconds;
            Assert.InRange(seconds, nominal[failures - 1] * 0.9, Math.Min(Math.Ceiling(nominal[failures - 1] * 1.1), 1000));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_failure_waits_equally_long_in_every_run() =>
        Assert.Equal([98, 185, 406], new[] { 1, 2, 3 }.Select(failures => RetryDelay.After("hook:acme/1:a", failures, Options).TotalSeconds));

    [Fact]
    public void What_failed_together_comes_back_apart()
    {
        var delays = Enumerable.Range(0, 100).Select(i => RetryDelay.After($"hook:customer {i}/1:a", 1, Options)).Distinct();

        Assert.True(delays.Count() > 10);
    }

    [Fact]
    public void Delays_are_whole_seconds_and_never_overflow()
    {
        var options = new BillingWorkerOptions { FirstRetryDelay = TimeSpan.FromSeconds(1), MaxRetryDelay = TimeSpan.FromDays(3650) };
        for (var failures = 1; failures <= 1000; failures++)
        {
            var delay = RetryDelay.After("key", failures, options);
            Assert.Equal(0, delay.Ticks % TimeSpan.TicksPerSecond);
            Assert.InRange(delay, TimeSpan.FromSeconds(1), options.MaxRetryDelay);
        }
    }

    [Fact]
    public void No_failure_has_no_delay() => Assert.Throws<ArgumentOutOfRangeException>(() => RetryDelay.After("key", 0, Options));
}
