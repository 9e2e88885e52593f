namespace SaasBilling;

/// <summary>
/// Reacts to what happened. Runs after the commit, at least once, retried with back-off, in order per customer; a crash between two hooks
/// repeats only the one that had not finished.
/// </summary>
/// <typeparam name="TEvent">The event; <see cref="BillingEvent"/> and <see cref="SubscriptionEvent"/> take all of theirs.</typeparam>
public interface ILifecycleHook<in TEvent>
    where TEvent : BillingEvent
{
    /// <summary>Handles one event. An exception has it tried again later; use <see cref="BillingEvent.Id"/> to recognize a repetition.</summary>
    /// <param name="billingEvent">What happened.</param>
    /// <param name="cancellationToken">Canceled when the host stops; the event is then delivered again at the next start.</param>
    Task HandleAsync(TEvent billingEvent, CancellationToken cancellationToken);
}
