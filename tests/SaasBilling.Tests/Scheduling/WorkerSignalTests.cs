using SaasBilling.Scheduling;

namespace SaasBilling.Tests.Scheduling;

public sealed class WorkerSignalTests
{
    private readonly ManualTimeProvider _time = new(RuntimeApp.Start);
    private readonly WorkerSignal _signal = new();

    [Fact]
    public async Task Signals_before_the_wait_are_one_signal()
    {
        _signal.Set();
        _signal.Set();

        await _signal.WaitAsync(Timeout.InfiniteTimeSpan, _time, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.False(_signal.WaitAsync(Timeout.InfiniteTimeSpan, _time, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task A_signal_ends_a_wait()
    {
        var wait = _signal.WaitAsync(Timeout.InfiniteTimeSpan, _time, CancellationToken.None);
        Assert.True(_signal.IsAwaited);

        _signal.Set();

        Assert.False(_signal.IsAwaited);
        await wait.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Time_ends_a_wait()
    {
        var wait = _signal.WaitAsync(TimeSpan.FromSeconds(5), _time, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(5));

        await wait.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_canceled_token_ends_a_wait()
    {
        using var canceled = new CancellationTokenSource();
        var wait = _signal.WaitAsync(TimeSpan.FromSeconds(5), _time, canceled.Token);

        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _signal.WaitAsync(TimeSpan.FromSeconds(5), _time, canceled.Token));
    }
}
