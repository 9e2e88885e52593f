using SaasBilling.Pricing;
using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling.Subscriptions;

/// <summary>Whether a new subscription begins with a trial.</summary>
internal enum TrialWish
{
    /// <summary>No.</summary>
    None,

    /// <summary>The plan's, if it has one and the customer still may.</summary>
    IfAvailable,

    /// <summary>Yes, or not at all.</summary>
    Required,
}

/// <summary>A wish to start a subscription.</summary>
internal sealed record StartWish
{
    public required string CustomerId { get; init; }

    public required string Name { get; init; }

    public required Plan Plan { get; init; }

    public required SubscribeOptions Options { get; init; }

    public required TrialWish Trial { get; init; }

    /// <summary>Whether a payment method comes with the wish: a token, or the card form.</summary>
    public required bool BringsPaymentMethod { get; init; }
}

/// <summary>May this subscription start, and as what? Pure: the provider is asked for exactly the answer.</summary>
internal static class StartRules
{
    /// <exception cref="BillingException">Any of the codes that <see cref="ICustomerBilling.SubscribeAsync"/> and <see cref="ICustomerBilling.StartTrialAsync"/> name.</exception>
    public static CreateSubscriptionRequest Decide(StartWish wish, CustomerState? state, PlanCatalog catalog, SaasBillingOptions billing, DateTimeOffset now)
    {
        var (plan, options) = (wish.Plan, wish.Options);
        Checks.Defined(options.Proration);
        if (options.InvoiceDueInDays is { } days && days is < 1 or > Bounds.MaxDueInDays)
            throw Checks.Invalid($"An invoice cannot be due in {days} days. Use 1 to {Bounds.MaxDueInDays}, or leave InvoiceDueInDays out to charge automatically.");

        var replaced = Replaced(wish, state);
        var customers = CustomerCurrency.Of(state, replaced);
        var terms = BillingTerms.For(plan, options.Currency is { } code ? Currency.Of(code) : null, options.Interval, customers, wish.CustomerId);
        var items = ItemResolution.Resolve(catalog, plan, terms.Currency, terms.Interval, options.SeatsIfSet, options.AddOns);
        var coupons = CouponRules.Check(catalog, options.Coupons, items, now);
        var trialEnd = TrialEnd(wish, state, billing, now);
        return new()
        {
            CustomerId = wish.CustomerId,
            Name = wish.Name,
            PlanKey = plan.Key,
            Items = items.Items,
            Interval = items.Interval,
            Currency = items.Currency,
            TrialEnd = trialEnd,
            WhenNoPaymentMethod = TrialEnds.WithoutPaymentMethod(plan),
            BillingCycleAnchor = Anchor(options.BillingCycleAnchor, trialEnd, items.Interval, now),
            Proration = options.Proration,
            Coupons = coupons,
            InvoiceDueInDays = options.InvoiceDueInDays,
            Replaces = replaced?.Id,
        };
    }

    /// <summary>Whether the customer had the one trial that the options allow.</summary>
    public static bool TrialWasUsed(CustomerState? state, SaasBillingOptions billing) => billing.OneTrialPerCustomer && state?.Trials.Count > 0;

    /// <summary>Whether there is a card that invoices are charged to.</summary>
    public static bool HasDefaultPaymentMethod(CustomerState? state) => state?.PaymentMethods.Any(method => method.IsDefault) == true;

    // An Incomplete subscription does not block the next try: it is replaced (B-13).
    private static Subscription? Replaced(StartWish wish, CustomerState? state)
    {
        if (state?.Newest(wish.Name) is not { IsLive: true } existing)
            return null;

        return existing.Status == SubscriptionStatus.Incomplete
            ? existing
            : throw new BillingException(
                BillingErrorCode.AlreadySubscribed,
                $"Customer '{wish.CustomerId}' already has a subscription '{wish.Name}', to plan '{existing.PlanKey}', which is {existing.Status}. Change it with ChangeAsync, or give the second one another name: billing.For(\"{wish.CustomerId}\", \"another-name\").");
    }

    private static DateTimeOffset? TrialEnd(StartWish wish, CustomerState? state, SaasBillingOptions billing, DateTimeOffset now)
    {
        var (plan, asked) = (wish.Plan, wish.Options as TrialOptions);
        if (wish.Trial != TrialWish.Required)
        {
            if (asked is { Days: not null } or { EndsAt: not null })
                throw Checks.Invalid("Days and EndsAt set the length of a trial that StartTrialAsync starts. Call that, or leave them out.");
            if (wish.Trial == TrialWish.None || plan.Trial is null || TrialWasUsed(state, billing))
                return null;
        }

        if (wish.Options.SkipTrial)
            throw Checks.Invalid("StartTrialAsync cannot skip the trial. Leave SkipTrial out, or call SubscribeAsync.");
        if (plan.IsFree)
            throw Checks.Invalid($"Plan '{plan.Key}' is free, so that there is nothing to try. Call SubscribeAsync.");

        var end = Length(plan, asked, now);
        if (TrialWasUsed(state, billing))
            throw new BillingException(
                BillingErrorCode.TrialAlreadyUsed,
                $"Customer '{wish.CustomerId}' had a trial of plan '{state!.Trials[0].PlanKey}' from {Checks.Show(state.Trials[0].StartedAt)} on. Call SubscribeAsync, or set SaasBillingOptions.OneTrialPerCustomer to false.");
        if (plan.Trial is { RequirePaymentMethod: true } && !wish.BringsPaymentMethod && !HasDefaultPaymentMethod(state))
            throw Checks.State($"The trial of plan '{plan.Key}' needs a payment method, and customer '{wish.CustomerId}' has none. Pass a PaymentMethodToken, call AddPaymentMethodAsync first, or send the customer through CreateCheckoutAsync.");

        return end;
    }

    private static DateTimeOffset Length(Plan plan, TrialOptions? asked, DateTimeOffset now)
    {
        if (asked is { Days: not null, EndsAt: not null })
            throw Checks.Invalid("A trial is given both Days and EndsAt. Give one of them.");

        if (asked?.EndsAt is { } at)
            return TrialRules.End(at, now);

        var days = asked?.Days ?? plan.Trial?.Days
            ?? throw Checks.Invalid($"Plan '{plan.Key}' has no trial. Give it one with .Trial(days: 14), or pass Days or EndsAt in the TrialOptions.");
        return days is >= 1 and <= TrialTerms.MaxDays
            ? now.AddDays(days)
            : throw Checks.Invalid($"A trial cannot have {days} days. Use 1 to {TrialTerms.MaxDays}.");
    }

    // https://docs.stripe.com/billing/subscriptions/billing-cycle: at most one interval ahead, of now or of the trial's end.
    private static DateTimeOffset? Anchor(DateTimeOffset? wanted, DateTimeOffset? trialEnd, BillingInterval interval, DateTimeOffset now)
    {
        if (wanted is null)
            return null;

        var start = trialEnd ?? now;
        var anchor = Checks.Second(wanted.Value);
        var last = BillingCycle.Boundary(start, interval, 1);
        return anchor > start && anchor <= last
            ? anchor
            : throw Checks.Invalid($"BillingCycleAnchor {Checks.Show(anchor)} must lie after {Checks.Show(start)}, when billing starts, and at most one {interval} later. Use an instant until {Checks.Show(last)}.");
    }
}
