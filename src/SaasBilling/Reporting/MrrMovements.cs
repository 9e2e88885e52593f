using SaasBilling.Access;
using SaasBilling.Storage;

namespace SaasBilling.Reporting;

/// <summary>
/// Monthly recurring revenue of one customer and how it moves. Whole millionths of a minor unit, so that the movements add up to the total exactly:
/// end = start + new + reactivation + expansion − contraction − churn.
/// </summary>
internal static class MrrMovements
{
    /// <summary>What moved, by currency.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="before">MRR before.</param>
    /// <param name="view">The subscriptions as they are now.</param>
    /// <param name="catalog">What prices cost.</param>
    /// <param name="at">When it moved.</param>
    /// <param name="after">MRR now; the same instance when nothing moved.</param>
    internal static IReadOnlyList<MrrMovement> Follow(
        string customerId, IReadOnlyList<MrrAmount> before, in AccessView view, PlanCatalog catalog, DateTimeOffset at, out IReadOnlyList<MrrAmount> after)
    {
        after = before;
        List<MrrMovement>? movements = null;
        List<MrrAmount>? amounts = null;
        var now = Total(view, catalog);
        for (var i = 0; i < before.Count; i++)
        {
            if (!now.Remove(before[i].Currency, out var micro))
                micro = 0;

            Move(before[i], micro, i);
        }

        foreach (var (currency, micro) in now.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Move(new(currency, 0, false), micro, -1);

        after = amounts ?? before;
        return movements ?? (IReadOnlyList<MrrMovement>)[];

        void Move(MrrAmount was, long micro, int index)
        {
            if (was.Micro == micro)
                return;

            amounts ??= [.. before];
            var moved = was with { Micro = micro, EverPositive = was.EverPositive || micro > 0 };
            if (index < 0)
                amounts.Add(moved);
            else
                amounts[index] = moved;

            (movements ??= []).Add(new(customerId, was.Currency, at, KindOf(was, micro), micro - was.Micro));
        }
    }

    /// <summary>Whether two states of one subscription, of the same status, are worth the same.</summary>
    internal static bool HaveSameValue(Subscription was, Subscription now) =>
        (ReferenceEquals(was.Items, now.Items) || was.Items.SequenceEqual(now.Items))
        && (ReferenceEquals(was.Discounts, now.Discounts) || was.Discounts.SequenceEqual(now.Discounts))
        && was.PlanKey == now.PlanKey
        && was.Interval == now.Interval;

    private static MrrMovementKind KindOf(MrrAmount was, long micro)
    {
        if (was.Micro == 0)
            return was.EverPositive ? MrrMovementKind.Reactivation : MrrMovementKind.New;

        if (micro == 0)
            return MrrMovementKind.Churn;

        return micro > was.Micro ? MrrMovementKind.Expansion : MrrMovementKind.Contraction;
    }

    private static Dictionary<string, long> Total(in AccessView view, PlanCatalog catalog)
    {
        var total = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < view.Subscriptions.Count; i++)
        {
            var subscription = view.Subscriptions[i];
            if (subscription.Status == SubscriptionStatus.Unknown)
                subscription = view.Before(subscription.Id) ?? subscription;

            if (subscription.Status is SubscriptionStatus.Active or SubscriptionStatus.PastDue)
                MrrValue.AddTo(total, subscription, catalog);
        }

        return total;
    }
}
