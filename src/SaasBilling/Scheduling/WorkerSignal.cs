namespace SaasBilling.Scheduling;

/// <summary>Tells the worker of this process that there may be something to do. Signals that nobody has taken yet are one signal.</summary>
internal sealed class WorkerSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private bool _isSet;

    /// <summary>Whether the worker waits, and no signal is on its way to it.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_gate)
                return _waiter is not null;
        }
    }

    /// <summary>Wakes the worker, now or at its next wait.</summary>
    public void Set()
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            waiter = _waiter;
            _waiter = null;
            _isSet = waiter is null;
        }

        waiter?.TrySetResult();
    }

    /// <summary>Waits for a signal, or for the time to pass. There is one who waits at a time.</summary>
    /// <param name="atMost">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/>: only a signal ends it.</param>
    /// <param name="time">What the wait is measured with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = time.CreateTimer(static signal => ((WorkerSignal)signal!).Set(), this, atMost, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            lock (_gate)
            {
                if (_isSet)
                {
                    _isSet = false;
                    return;
                }

                _waiter = waiter;
            }

            await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
