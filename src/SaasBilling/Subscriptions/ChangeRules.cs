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
        var plan = change.PlanKey is { } key ? catalog[key] : held.Plan;
        var items = Wanted(subscription, change, state, catalog, held, plan);
        if (items.AreThoseOf(subscription))
            return null;

        if (change.Timing == ChangeTiming.AtPeriodEnd && subscription.CancelsAt is { } end)
            throw Checks.State($"Subscription '{subscription.Name}' of customer '{subscription.CustomerId}' ends at {Checks.Show(end)}, so that there is no next period to change. Undo the cancellation with ResumeAsync first, or change it immediately.");

        return new()
        {
            Subscription = new(subscription.CustomerId, subscription.Id),
            Change = change,
            PlanKey = plan.Key,
            Items = items.Items,
            Interval = items.Interval,
            Currency = items.Currency,
            ResetAnchor = change.Timing == ChangeTiming.Immediately && (items.Interval != subscription.Interval || (held.Plan.IsFree && !plan.IsFree)),
            WhenNoPaymentMethod = TrialEnds.WithoutPaymentMethod(plan),
            ProrationDate = at,
        };
    }

    private static ResolvedItems Wanted(Subscription subscription, SubscriptionChange change, CustomerState state, PlanCatalog catalog, Holding held, Plan plan)
    {
        // A free plan says nothing about how a paid one is to be billed.
        var terms = held.Plan.IsFree
            ? BillingTerms.For(plan, null, change.Interval, CustomerCurrency.Of(state, subscription), subscription.CustomerId)
            : BillingTerms.For(plan, held.Currency, change.Interval ?? held.Interval, null, subscription.CustomerId);

        // Seats that the new plan does not price are not kept, but they may not be asked for either.
        var keepsSeats = terms.Currency is { } currency && plan.PricesFor(currency.Code, terms.Interval).Any(price => price.Kind == PriceKind.PerSeat);
        return ItemResolution.Resolve(catalog, plan, terms.Currency, terms.Interval, change.Seats ?? (keepsSeats ? held.Seats : null), change.AddOns ?? held.AddOns);
    }
}
