using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling.Subscriptions;

/// <summary>What does a change come to? Pure: the provider is asked for exactly the answer.</summary>
internal static class ChangeRules
{
    /// <returns>Null when the subscription is made of just that already.</returns>
    /// <exception cref="BillingException">Any of the codes that <c>ChangeAsync</c> names.</exception>
    public static ChangeSubscriptionRequest? Decide(Subscription subscription, SubscriptionChange change, CustomerState state, PlanCatalog catalog, DateTimeOffset at)
    {
        Checks.Defined(change.Proration);
        Checks.Defined(change.Timing);
        if (change is { PlanKey: null, Interval: null, Seats: null, AddOns: null })
            throw Checks.Invalid("The change changes nothing: PlanKey, Interval, Seats and AddOns are all null. Set what is to be different.");
        if (change.PlanKey is not null && string.IsNullOrWhiteSpace(change.PlanKey))
            throw Checks.Invalid("PlanKey is blank. Use the key of a plan, or leave it null to keep the plan.");

        var held = Holding.Of(catalog, subscription);

        // Of a plan that is no longer sold, only what leads away from it can be changed; the message names where to.
        var plan = change.PlanKey is { } key ? catalog[key] : held.Plan ?? catalog[subscription.PlanKey];
        var items = Wanted(subscription, change, state, catalog, held, plan);
        if (items.AreThoseOf(subscription))
            return null;

        if (change.Timing == ChangeTiming.AtPeriodEnd && subscription.CancelsAt is { } end)
            throw Checks.State($"Subscription '{subscription.Name}' of customer '{subscription.CustomerId}' ends at {Checks.Show(end)}, so that there is no next period to change. Undo the cancellation with ResumeAsync first, or change it immediately.");

        var request = Request(subscription, change, items, at);
        return change.Timing == ChangeTiming.AtPeriodEnd
            ? request
            : request with
            {
                ResetAnchor = items.Interval != subscription.Interval || (held.IsFree && !plan.IsFree),
                AtPeriodEnd = subscription.ScheduledChange is { } waiting ? Waiting(subscription, waiting, items, state, catalog, at) : null,
            };
    }

    private static ChangeSubscriptionRequest Request(Subscription subscription, SubscriptionChange change, ResolvedItems items, DateTimeOffset at) => new()
    {
        Subscription = new(subscription.CustomerId, subscription.Id),
        Change = change,
        PlanKey = items.Plan.Key,
        Items = items.Items,
        Interval = items.Interval,
        Currency = items.Currency,
        WhenNoPaymentMethod = TrialEnds.WithoutPaymentMethod(items.Plan),
        ProrationDate = at,
    };

    // What the waiting change leaves as it is, is as it will be after this one: a seat that is added now is not lost at the period's end.
    private static ChangeSubscriptionRequest Waiting(Subscription subscription, SubscriptionChange waiting, ResolvedItems now, CustomerState state, PlanCatalog catalog, DateTimeOffset at)
    {
        var changed = subscription with
        {
            PlanKey = now.Plan.Key,
            Interval = now.Interval,
            Currency = now.Currency,
            Items = [.. now.Items.Select(item => new SubscriptionItem("", item.PriceKey, item.Quantity))],
            ScheduledChange = null,
        };
        var held = Holding.Of(catalog, changed);
        try
        {
            return Request(changed, waiting, Wanted(changed, waiting, state, catalog, held, waiting.PlanKey is { } key ? catalog[key] : now.Plan), at);
        }
        catch (BillingException impossible)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"Subscription '{subscription.Name}' of customer '{subscription.CustomerId}' has a change that waits for the period's end, and after this one it would not be possible. Drop it with UndoScheduledChangeAsync first. {impossible.Message}",
                impossible);
        }
    }

    private static ResolvedItems Wanted(Subscription subscription, SubscriptionChange change, CustomerState state, PlanCatalog catalog, Holding held, Plan plan)
    {
        // A free plan says nothing about how a paid one is to be billed.
        var terms = held.IsFree
            ? BillingTerms.For(plan, null, change.Interval, CustomerCurrency.Of(state, subscription), subscription.CustomerId)
            : BillingTerms.For(plan, held.Currency, change.Interval ?? held.Interval, null, subscription.CustomerId);

        // Seats that the new plan does not price are not kept, but they may not be asked for either.
        var keepsSeats = terms.Currency is { } currency && plan.PricesFor(currency.Code, terms.Interval).Any(price => price.Kind == PriceKind.PerSeat);
        return ItemResolution.Resolve(catalog, plan, terms.Currency, terms.Interval, change.Seats ?? (keepsSeats ? held.Seats : null), change.AddOns ?? held.AddOns);
    }
}
