using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <summary>The requests that a facade would make of what an application asks for.</summary>
internal sealed partial class Scene
{
    public static SubscriptionRef Ref(Subscription subscription) => new(subscription.CustomerId, subscription.Id);

    public CreateSubscriptionRequest Request(string planKey, BillingInterval? interval = null, long seats = 1, IReadOnlyDictionary<string, long>? addOns = null)
    {
        var plan = Catalog[planKey];
        var terms = plan.DefaultPricing;
        var wanted = interval ?? terms?.Interval ?? BillingInterval.Monthly;
        return new CreateSubscriptionRequest
        {
            CustomerId = CustomerId,
            Name = "default",
            PlanKey = planKey,
            Items = Items(plan, terms?.Currency, wanted, seats, addOns),
            Interval = wanted,
            Currency = terms?.Currency,
        };
    }

    public CreateSubscriptionRequest TrialRequest(string planKey, int days, TrialEndBehavior whenNoPaymentMethod = TrialEndBehavior.Cancel) =>
        Request(planKey) with { TrialEnd = Now.AddDays(days), WhenNoPaymentMethod = whenNoPaymentMethod };

    public ChangeSubscriptionRequest Change(Subscription subscription, SubscriptionChange change)
    {
        var plan = Catalog[change.PlanKey ?? subscription.PlanKey];
        var interval = change.Interval ?? subscription.Interval;
        var currency = subscription.Currency ?? plan.DefaultPricing?.Currency;
        return new ChangeSubscriptionRequest
        {
            Subscription = Ref(subscription),
            Change = change,
            PlanKey = plan.Key,
            Items = Items(plan, currency, interval, change.Seats ?? SeatsOf(subscription), change.AddOns ?? AddOnsOf(subscription)),
            Interval = interval,
            Currency = plan.IsFree ? null : currency,
            ResetAnchor = change.Timing == ChangeTiming.Immediately && (interval != subscription.Interval || (subscription.Items.Count == 0 && !plan.IsFree)),
            ProrationDate = Now,
        };
    }

    private AddChargeRequest Charge(Money amount, string description, Subscription? subscription = null) =>
        new() { CustomerId = CustomerId, SubscriptionId = subscription?.Id, Amount = amount, Description = description };

    private List<PriceQuantity> Items(Plan plan, Currency? currency, BillingInterval interval, long seats, IReadOnlyDictionary<string, long>? addOns)
    {
        if (currency is not { } sold)
            return [];
        var own = plan.PricesFor(sold.Code, interval).Select(price => new PriceQuantity(price.Key, price.Kind switch
        {
            PriceKind.PerSeat => seats,
            PriceKind.Metered => 0,
            _ => 1,
        }));
        var added = (addOns ?? new Dictionary<string, long>()).Where(addOn => addOn.Value > 0).Select(addOn =>
            new PriceQuantity(Catalog.GetAddOn(addOn.Key).Prices.First(price => price.Currency == sold && price.Interval == interval).Key, addOn.Value));
        return [.. own, .. added];
    }

    private long SeatsOf(Subscription subscription) =>
        subscription.Items.FirstOrDefault(item => Catalog.GetPrice(item.PriceKey).Price.Kind == PriceKind.PerSeat)?.Quantity ?? 1;

    private Dictionary<string, long> AddOnsOf(Subscription subscription) => subscription.Items
        .Where(item => Catalog.GetPrice(item.PriceKey).AddOn is not null)
        .ToDictionary(item => Catalog.GetPrice(item.PriceKey).OwnerKey, item => item.Quantity);
}
