using SaasBilling.Providers;

namespace SaasBilling.Scheduling;

/// <summary>What the clockwork asks of the one writer of billing state.</summary>
internal interface IBillingRoad
{
    /// <summary>An engine step happened.</summary>
    Task AbsorbAsync(CustomerSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>Something changed at the provider: it is read from where the stored state ends.</summary>
    Task RefreshAsync(string customerId, CancellationToken cancellationToken);

    /// <summary>Time passed: what is due for the customer by the clock alone is told.</summary>
    Task WakeAsync(string customerId, CancellationToken cancellationToken);
}
