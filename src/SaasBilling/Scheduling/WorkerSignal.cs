using System.Threading.Channels;

namespace SaasBilling.Scheduling;

/// <summary>Tells the worker of this process that there may be something to do. Signals that nobody has taken yet are one signal.</summary>
internal sealed class WorkerSignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    /// <summary>Wakes the worker, now or at its next wait.</summary>
    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Waits for a signal, or for the time to pass.</summary>
    /// <param name="atMost">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/>: only a signal ends it.</param>
    /// <param name="time">What the wait is measured with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        if (atMost == Timeout.InfiniteTimeSpan)
        {
            await _channel.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var timer = time.CreateTimer(static signal => ((WorkerSignal)signal!).Set(), this, atMost, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
            await _channel.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
    }
}
