using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>A job that this process holds a lease on, from the lease until the store has taken its result.</summary>
internal sealed class HeldJob(JobEntry entry, CancellationToken stopping) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private bool _isDisposed;

    public JobEntry Entry => entry;

    /// <summary>Tells the job to stop: the process does, or the lease is lost.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Until when the lease is known to last, UTC.</summary>
    public DateTimeOffset LeasedUntil { get; set; } = entry.LeasedUntil ?? DateTimeOffset.MaxValue;

    public void Cancel()
    {
        lock (_gate)
        {
            if (!_isDisposed)
                _cancellation.Cancel();
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _isDisposed = true;
        _cancellation.Dispose();
    }
}
