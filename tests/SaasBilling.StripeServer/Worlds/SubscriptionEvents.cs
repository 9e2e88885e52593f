using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Objects;
using SaasBilling.StripeServer.Resources;

namespace SaasBilling.StripeServer.Worlds;

/// <summary>Which events a change of a subscription makes.</summary>
internal static class SubscriptionEvents
{
    public static void TellNew(Account account, SubscriptionRecord record)
    {
        if (record.Told is null)
            account.Events.TellNew(record, "customer.subscription.created");
    }

    public static void Tell(Account account, SubscriptionRecord record, EngineSubscription subscription)
    {
        var before = record.LastStatus;
        record.LastStatus = subscription.Status;
        SchedulePhases.Follow(account, record, subscription);
        CheckoutSessionEndpoints.Follow(account, record, subscription);
        record.UsedDiscounts = [.. subscription.Discounts];

        switch (subscription.Status)
        {
            case SubscriptionStatus.Canceled when before != SubscriptionStatus.Canceled:
                account.Events.TellChange(record, "customer.subscription.deleted", always: true);
                break;
            case SubscriptionStatus.Paused when before is not SubscriptionStatus.Paused and not null:
                account.Events.TellChange(record, "customer.subscription.updated");
                account.Events.TellNew(record, "customer.subscription.paused");
                break;
            case SubscriptionStatus.Active or SubscriptionStatus.PastDue when before == SubscriptionStatus.Paused:
                account.Events.TellChange(record, "customer.subscription.updated");
                account.Events.TellNew(record, "customer.subscription.resumed");
                break;
            default:
                account.Events.TellChange(record, "customer.subscription.updated");
                break;
        }
    }
}
