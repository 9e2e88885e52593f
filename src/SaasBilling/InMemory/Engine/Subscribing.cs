using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>How does a subscription start?</summary>
internal static class Subscribing
{
    private const int MaxDueInDays = 1_095;

    internal static EngineSubscription Create(EngineContext context, EngineCustomer customer, CreateSubscriptionRequest request)
    {
        var replaced = FindReplaced(customer, request);
        RequireOneCurrency(customer, request.Currency, replaced);
        var subscription = Make(context, customer, request);
        var coupons = CheckCoupons(context, subscription, request.Coupons);
        RequireTerms(context, subscription, request);

        if (replaced is { Status: SubscriptionStatus.Incomplete })
            Cancellation.ExpireUnpaid(context, customer, replaced);

        customer.Subscriptions = [.. customer.Subscriptions, subscription];
        foreach (var coupon in coupons)
            Coupons.Attach(context, subscription, coupon);

        customer.Touch(subscription);
        if (request.TrialEnd is { } trialEnd)
            StartTrial(context, customer, subscription, Instants.From(trialEnd), Instants.From(request.BillingCycleAnchor));
        else
            StartPeriod(context, customer, subscription, request);

        foreach (var coupon in coupons)
            Coupons.CountRedemption(context, coupon);

        return subscription;
    }

    /// <summary>Live subscriptions of one customer share a currency: https://docs.stripe.com/invoicing/multi-currency-customers.</summary>
    internal static void RequireOneCurrency(EngineCustomer customer, Currency? wanted, EngineSubscription? except)
    {
        var currency = CurrencyOf(customer, except);
        if (wanted is { } other && !currency.IsNone && currency != other)
        {
            throw new BillingException(
                BillingErrorCode.CurrencyMismatch,
                $"Customer '{customer.Id}' is billed in {currency}, and all live subscriptions of a customer share one currency. Use a price in {currency}, or cancel the others first.");
        }
    }

    /// <summary>The currency of the customer's live subscriptions; none when there is none.</summary>
    internal static Currency CurrencyOf(EngineCustomer customer, EngineSubscription? except)
    {
        foreach (var subscription in customer.Subscriptions)
        {
            if (subscription.IsLive && !subscription.Currency.IsNone && !ReferenceEquals(subscription, except))
                return subscription.Currency;
        }

        return default;
    }

    private static EngineSubscription? FindReplaced(EngineCustomer customer, CreateSubscriptionRequest request)
    {
        foreach (var subscription in customer.Subscriptions)
        {
            if (!subscription.IsLive || subscription.Name != request.Name)
                continue;

            if (subscription.Status == SubscriptionStatus.Incomplete && request.Replaces == EngineIds.Subscription(customer, subscription.Number))
                return subscription;

            throw new BillingException(
                BillingErrorCode.AlreadySubscribed,
                $"Customer '{customer.Id}' has a subscription '{request.Name}' already; it is {subscription.Status}. Change it with ChangeAsync, cancel it first, or use another name.");
        }

        return null;
    }

    private static EngineSubscription Make(EngineContext context, EngineCustomer customer, CreateSubscriptionRequest request)
    {
        var items = new EngineItem[request.Items.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = new EngineItem(i + 1, context.Catalog.GetPrice(request.Items[i].PriceKey), request.Items[i].Quantity);

        return new EngineSubscription
        {
            Number = customer.Subscriptions.Length + 1,
            Name = request.Name,
            CreatedAt = context.Now,
            Plan = context.Catalog.GetPlan(request.PlanKey),
            Interval = request.Interval,
            Currency = request.Currency ?? default,
            Items = items,
            LastItemNumber = items.Length,
            WhenNoPaymentMethod = request.WhenNoPaymentMethod,
            DueInDays = request.InvoiceDueInDays,
        };
    }

    private static List<Coupon> CheckCoupons(EngineContext context, EngineSubscription subscription, IReadOnlyList<string> keys)
    {
        if (keys.Count > Coupons.MaxCoupons)
            throw new BillingException(BillingErrorCode.InvalidArgument, $"A subscription can carry at most {Coupons.MaxCoupons} coupons, not {keys.Count}.");

        var coupons = new List<Coupon>(keys.Count);
        foreach (var key in keys)
        {
            if (coupons.Exists(coupon => coupon.Key == key))
                throw new BillingException(BillingErrorCode.InvalidArgument, $"Coupon '{key}' is named twice. Name each coupon once.");

            coupons.Add(Coupons.Check(context, key, subscription.Plan, subscription.Items, subscription.Currency));
        }

        return coupons;
    }

    private static void RequireTerms(EngineContext context, EngineSubscription subscription, CreateSubscriptionRequest request)
    {
        if (request.InvoiceDueInDays is < 0 or > MaxDueInDays)
            throw new BillingException(BillingErrorCode.InvalidArgument, $"An invoice cannot be due in {request.InvoiceDueInDays} days. Use 0 to {MaxDueInDays}.");

        var start = context.Now;
        if (request.TrialEnd is { } end)
        {
            start = Instants.From(end);
            if (start <= context.Now || start - context.Now > Trials.MaxDays * Instants.SecondsPerDay)
                throw new BillingException(BillingErrorCode.InvalidArgument, $"A trial that starts now cannot end at {end.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z. Use a later instant, at most {Trials.MaxDays} days ahead.");
        }

        var latest = Pricing.BillingCycle.Boundary(Instants.At(start), subscription.Interval, 1);
        if (request.BillingCycleAnchor is not { } wanted)
            return;

        if (Instants.From(wanted) < start || wanted > latest)
        {
            throw new BillingException(
                BillingErrorCode.InvalidArgument,
                $"The billing cycle cannot be anchored at {wanted.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z. Use an instant from {Instants.At(start):yyyy-MM-dd HH:mm:ss}Z to {latest:yyyy-MM-dd HH:mm:ss}Z, one interval ahead.");
        }
    }

    private static void StartTrial(EngineContext context, EngineCustomer customer, EngineSubscription subscription, long end, long anchor)
    {
        subscription.Status = SubscriptionStatus.Trialing;
        subscription.Anchor = anchor == Instants.Never ? end : anchor;
        Periods.StartTrial(subscription, context.Now, end);
        Drafting.DebitNothing(subscription);
        if (subscription.Items.Length > 0)
            Finalization.FinalizeAndCollect(context, customer, Drafting.Trial(context, customer, subscription));
    }

    private static void StartPeriod(EngineContext context, EngineCustomer customer, EngineSubscription subscription, CreateSubscriptionRequest request)
    {
        var anchor = Instants.From(request.BillingCycleAnchor);
        subscription.Status = SubscriptionStatus.Active;
        Periods.Start(subscription, anchor == Instants.Never ? context.Now : anchor, context.Now);
        Drafting.DebitNothing(subscription);
        UsageLedger.Open(context, subscription, context.Now);
        var isGift = request.Proration == Proration.None && subscription.Anchor > context.Now;
        if (isGift || subscription.Items.Length == 0 || Drafting.Period(context, customer, subscription, BillingReason.SubscriptionCreate) is not { } invoice)
            return;

        if (subscription.IsSent)
        {
            invoice.NextAttemptAt = context.Now + context.DraftDelay;
            return;
        }

        // Incomplete until it is paid; with no card nothing is tried, and the customer is asked for one.
        subscription.Status = SubscriptionStatus.Incomplete;
        Finalization.Finalize(context, customer, invoice);
        if (invoice.Status == InvoiceStatus.Open && customer.CardFor(subscription) is not null)
            Payments.Collect(context, customer, invoice, Attempt.First);
    }
}
