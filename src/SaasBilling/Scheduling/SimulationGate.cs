namespace SaasBilling.Scheduling;

/// <summary>Lets one runner at a time move through simulated time: the simulator and the worker of a running host do not fight.</summary>
internal sealed class SimulationGate : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly AsyncLocal<bool> _isInside = new();

    /// <summary>Waits for the turn, and runs.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: called from within a run, which would wait for itself.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        if (_isInside.Value)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                "A life-cycle hook cannot move simulated time: the simulator is waiting for it. Move time from the test, after the call that started the hook.");
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _isInside.Value = true;
            await run(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
