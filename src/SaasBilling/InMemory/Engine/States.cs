namespace SaasBilling.InMemory.Engine;

/// <summary>Checks of state with messages that say what to do.</summary>
internal static class States
{
    internal static void RequireLive(EngineSubscription subscription, string what)
    {
        if (!subscription.IsLive)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"{what} while a subscription is live; '{subscription.Name}' is {subscription.Status}. Use ReactivateAsync or SubscribeAsync for a new one.");
        }
    }

    /// <summary>Live, and its first payment was made.</summary>
    internal static void RequireStarted(EngineSubscription subscription, string what)
    {
        RequireLive(subscription, what);
        if (subscription.Status == SubscriptionStatus.Incomplete)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"{what} once the first payment of '{subscription.Name}' was made; it is Incomplete. Pay its invoice, or subscribe again, which replaces it.");
        }
    }
}
