using System.Runtime.InteropServices;
using SaasBilling.Storage;

namespace SaasBilling.Access;

/// <summary>The part of a customer's state that access depends on.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AccessView(IReadOnlyList<Subscription> Subscriptions, IReadOnlyList<LastKnown> LastKnown, IReadOnlyList<TrialRecord> Trials)
{
    internal static AccessView Of(CustomerState state) => new(state.Subscriptions, state.LastKnown, state.Trials);

    /// <summary>What a subscription said before the provider gave it a status that nobody here knows. One that was never known says nothing.</summary>
    internal AccessReason ReasonBefore(string subscriptionId)
    {
        for (var i = 0; i < LastKnown.Count; i++)
        {
            if (LastKnown[i].Subscription.Id == subscriptionId)
                return LastKnown[i].Reason;
        }

        return AccessReason.NoSubscription;
    }

    /// <summary>A subscription as it was before its status became unknown; null: it was never known.</summary>
    internal Subscription? Before(string subscriptionId)
    {
        for (var i = 0; i < LastKnown.Count; i++)
        {
            if (LastKnown[i].Subscription.Id == subscriptionId)
                return LastKnown[i].Subscription;
        }

        return null;
    }
}

/// <summary>Whether access is granted, by which subscription, and until when.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AccessAnswer(AccessReason Reason, Subscription? Subscription, DateTimeOffset? Until);
