using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Reading;

/// <summary>What does a customer have? Pure.</summary>
internal sealed class SubscriptionMapping(PlanCatalog catalog, CatalogNames names, Func<string, PriceName?> prices)
{
    private const string DefaultName = "default";

    /// <param name="account">What was read.</param>
    /// <param name="invoices">Its invoices, as they are told.</param>
    public List<Subscription> ToSubscriptions(Account account, IReadOnlyList<Invoice> invoices)
    {
        var subscriptions = account.Subscriptions.OrderBy(subscription => subscription.Created).ToList();
        var named = NamesOf(subscriptions);
        return subscriptions.ConvertAll(subscription => ToSubscription(account, subscription, named[subscription.Id], invoices));
    }

    /// <summary>
    /// The names of subscriptions; of those that were made elsewhere (in the dashboard, by an older integration) the oldest live one is the default,
    /// unless there is one, and any other is called by its id (B-18).
    /// </summary>
    internal static Dictionary<string, string> NamesOf(IReadOnlyList<WireSubscription> subscriptions)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var subscription in subscriptions)
        {
            if (subscription.Metadata.GetValueOrDefault(Names.Subscription) is { Length: > 0 } name)
                named.Add(subscription.Id, name);
        }

        var hasDefault = subscriptions.Any(subscription => subscription.IsLive && named.GetValueOrDefault(subscription.Id) == DefaultName);
        foreach (var subscription in subscriptions.OrderByDescending(subscription => subscription.IsLive).ThenBy(subscription => subscription.Created))
        {
            if (named.ContainsKey(subscription.Id))
                continue;

            named.Add(subscription.Id, hasDefault ? subscription.Id : DefaultName);
            hasDefault |= subscription.IsLive;
        }

        return named;
    }

    private Subscription ToSubscription(Account account, WireSubscription subscription, string name, IReadOnlyList<Invoice> invoices)
    {
        var items = subscription.Items.Where(item => prices(item.Price.Id) is not { IsFree: true }).ToList();
        var cancelsAt = subscription.CancelAt ?? (subscription.CancelAtPeriodEnd ? subscription.Period.End : null);
        return new Subscription
        {
            Id = subscription.Id,
            CustomerId = account.AppId,
            Name = name,
            PlanKey = PlanOf(subscription),
            Status = subscription is { Pause: not null, IsLive: true } ? SubscriptionStatus.Paused : subscription.Status,
            Items = [.. items.Select(item => new SubscriptionItem(item.Id, KeyOf(item.Price), item.Price.IsMetered ? 0 : item.Quantity ?? 1))],
            CurrentPeriod = subscription.Period,
            BillingCycleAnchor = subscription.Anchor,
            Interval = items.Count > 0 ? items[0].Price.Interval : BillingInterval.Monthly,
            Currency = items.Count > 0 && Currency.TryOf(subscription.Currency ?? items[0].Price.Currency, out var currency) ? currency : null,
            CreatedAt = subscription.Created,
            Trial = subscription is { TrialStart: { } start, TrialEnd: { } end } ? new BillingPeriod(start, end) : null,
            CancelsAt = cancelsAt,
            CancelProrates = cancelsAt is not null && subscription.Metadata.GetValueOrDefault(Names.CancelProrates) == Names.Yes,
            CanceledAt = subscription.CanceledAt,
            CancellationReason = subscription.CanceledAt is null && cancelsAt is null ? null : subscription.CancelComment,
            EndedAt = subscription.EndedAt,
            PastDueSince = PastDueSince(subscription, invoices),
            Pause = subscription.IsLive ? subscription.Pause : null,
            ScheduledChange = ScheduledChange(account, subscription),
            PendingPayment = PendingPayment(account, subscription, invoices),
            Discounts = [.. subscription.Discounts.Select(discount => new AppliedDiscount(names.CouponKey(discount.Coupon), discount.Start, discount.End))],
            InvoiceDueInDays = subscription.DaysUntilDue,
        };
    }

    private string KeyOf(WirePrice price) => prices(price.Id)?.Key ?? price.Key ?? names.PriceKey(price.LookupKey) ?? price.Id;

    // The portal changes items and leaves metadata as it was: what is billed says which plan it is, and metadata only where it cannot.
    private string PlanOf(WireSubscription subscription)
    {
        var noted = subscription.Metadata.GetValueOrDefault(Names.Plan);
        var owners = subscription.Items.Select(item => PlanOfPrice(KeyOf(item.Price))).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return owners.Count == 0 ? noted ?? KeyOf(subscription.Items.Count > 0 ? subscription.Items[0].Price : throw NoItems(subscription))
            : noted is not null && owners.Contains(noted, StringComparer.Ordinal) ? noted
            : owners[0];
    }

    private string? PlanOfPrice(string priceKey)
    {
        if (catalog.FindPrice(priceKey) is { } price)
            return price.Plan?.Key;
        return priceKey.Split('/') is [var plan, "free", _] && catalog.TryGet(plan, out _) ? plan : null;
    }

    private static DateTimeOffset? PastDueSince(WireSubscription subscription, IReadOnlyList<Invoice> invoices)
    {
        if (subscription.Status is not (SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid))
            return null;

        var owed = invoices.FirstOrDefault(invoice => invoice.SubscriptionId == subscription.Id && invoice.Status == InvoiceStatus.Open);
        if (owed is null)
            return subscription.Period.Start;
        if (owed.Failures is [var first, ..])
            return first.At;

        // One that is sent is overdue when its day has come, and not before it was sent.
        var finalizedAt = owed.FinalizedAt ?? owed.CreatedAt;
        return owed.DueAt is { } due && due > finalizedAt ? due : finalizedAt;
    }

    private SubscriptionChange? ScheduledChange(Account account, WireSubscription subscription)
    {
        if (!subscription.IsLive || subscription.Schedule is not { IsWaiting: true } schedule || schedule.Next(account.ObservedAt) is not { } next)
            return null;
        if (ChangeText.Read(schedule.Change) is { } asked)
            return asked;

        var keys = next.Items.Select(item => (prices(item.Price)?.Key ?? item.Price, item.Quantity)).ToList();
        return new SubscriptionChange
        {
            Timing = ChangeTiming.AtPeriodEnd,
            Proration = Proration.None,
            PlanKey = next.Metadata.GetValueOrDefault(Names.Plan) ?? keys.Select(item => PlanOfPrice(item.Item1)).FirstOrDefault(plan => plan is not null),
            Interval = keys.Select(item => catalog.FindPrice(item.Item1)?.Price.Interval).FirstOrDefault(interval => interval is not null),
            Seats = keys.Where(item => catalog.FindPrice(item.Item1)?.Price.Kind == PriceKind.PerSeat).Select(item => item.Quantity).FirstOrDefault(),
        };
    }

    private static PendingPayment? PendingPayment(Account account, WireSubscription subscription, IReadOnlyList<Invoice> invoices)
    {
        if (!subscription.IsLive || invoices.LastOrDefault(invoice => invoice.SubscriptionId == subscription.Id && invoice.Status == InvoiceStatus.Open) is not { } open)
            return null;

        var wire = account.Invoices.First(invoice => invoice.Id == open.Id);
        var intent = wire.Payments.Select(id => account.Intents.GetValueOrDefault(id)).FirstOrDefault(found => found is not null);
        return new PendingPayment(
            open.Id,
            WireMoney.ToMoney(wire.AmountRemaining, wire.Currency),
            intent?.RequiresAction ?? false,
            open.LastDeclineCode,
            open.HostedUrl,
            wire.ClientSecret ?? intent?.ClientSecret);
    }

    private static BillingException NoItems(WireSubscription subscription) => new(
        BillingErrorCode.ProviderUnavailable,
        $"Stripe's subscription '{subscription.Id}' has no 'items'. Nothing was changed. Use a version of SaasBilling.Stripe that reads this API version.");
}
