using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling.Subscriptions;

/// <summary>
/// The one place that decides what happened. It compares the stored state with what the provider says now, and yields the new state and the events that
/// follow from the difference; who caused it does not matter, so that a call, a webhook, a click in the portal and the clock give the same events, once.
/// Pure: the same arguments give the same result. Applying a snapshot again gives nothing, and old news about what has moved on is passed over.
/// </summary>
internal static class Transition
{
    /// <summary>Compares, and says what follows.</summary>
    /// <param name="before">The stored state; null: billing has never seen the customer.</param>
    /// <param name="snapshot">What the provider says, in whole or in part; null: only time passed, or something happened on our side.</param>
    /// <param name="input">All else that the decision depends on.</param>
    /// <exception cref="ArgumentException">Neither a state nor a snapshot says who the customer is.</exception>
    public static TransitionResult Apply(CustomerState? before, CustomerSnapshot? snapshot, TransitionInput input) =>
        before is null && snapshot is null
            ? throw new ArgumentException("Nothing is known of the customer. Pass the stored state, or the provider's snapshot.", nameof(before))
            : new TransitionRun(before, snapshot, input).Run();

    /// <summary>The subscriptions whose <see cref="InvoiceUpcoming"/> is due: the caller gets the previews and hands them in.</summary>
    /// <param name="state">The stored state.</param>
    /// <param name="options">How long before a renewal it is due.</param>
    /// <param name="now">The present, UTC.</param>
    public static IReadOnlyList<Subscription> UpcomingDue(CustomerState state, SaasBillingOptions options, DateTimeOffset now)
    {
        List<Subscription>? due = null;
        for (var i = 0; i < state.Subscriptions.Count; i++)
        {
            var subscription = state.Subscriptions[i];
            if (Announcements.UpcomingDueAt(subscription, state.Notices, options) <= now && now < subscription.CurrentPeriod.End)
                (due ??= []).Add(subscription);
        }

        return due ?? (IReadOnlyList<Subscription>)[];
    }
}
