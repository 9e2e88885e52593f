using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>How do a subscription's plan, interval and quantities change?</summary>
internal static class Changes
{
    /// <summary>Changes now, or notes the change for the period's end.</summary>
    /// <returns>The lines that it made: those of the invoice, if there was one at once, else those that wait.</returns>
    internal static ChangeOutcome Change(EngineContext context, EngineCustomer customer, EngineSubscription subscription, ChangeSubscriptionRequest request)
    {
        States.RequireStarted(subscription, "A subscription can be changed");
        Subscribing.RequireOneCurrency(customer, request.Currency, subscription);
        foreach (var item in request.Items)
            Amounts.Of(context.Catalog.GetPrice(item.PriceKey), item.Quantity);

        if (request.Change.Timing == ChangeTiming.AtPeriodEnd)
        {
            subscription.Scheduled = request;
            customer.Touch(subscription);
            return default;
        }

        var at = Instants.From(request.ProrationDate);
        if (at < subscription.PeriodStart || at > Math.Min(subscription.PeriodEnd, context.Now))
        {
            throw new BillingException(
                BillingErrorCode.QuoteExpired,
                $"The change was computed for {request.ProrationDate.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, which is not in the current period up to now. Quote it again.");
        }

        customer.Touch(subscription);
        if (subscription.Status is SubscriptionStatus.Trialing or SubscriptionStatus.Paused)
        {
            SetItems(context, subscription, request);
            return default;
        }

        return request.ResetAnchor || Restarts(subscription, request) ? StartNewPeriod(context, customer, subscription, request, at) : InPeriod(context, customer, subscription, request, at);
    }

    /// <summary>Whether a change starts a new calendar: another interval, or from free to paid.</summary>
    internal static bool Restarts(EngineSubscription subscription, ChangeSubscriptionRequest request) =>
        request.Interval != subscription.Interval || (subscription.Items.Length == 0 && request.Items.Count > 0);

    internal static void DropScheduled(EngineCustomer customer, EngineSubscription subscription)
    {
        if (subscription.Scheduled is null)
            throw new BillingException(BillingErrorCode.InvalidState, $"No change of '{subscription.Name}' is scheduled. There is nothing to undo.");

        subscription.Scheduled = null;
        customer.Touch(subscription);
    }

    /// <summary>Gives the subscription its new plan and items. An item that replaces another keeps its number, and what was debited for it.</summary>
    internal static void SetItems(EngineContext context, EngineSubscription subscription, ChangeSubscriptionRequest request)
    {
        var before = new List<EngineItem>(subscription.Items);
        var wanted = request.Items;
        var items = new EngineItem[wanted.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var index = before.FindIndex(item => item.Price.Price.Key == wanted[i].PriceKey);
            if (index >= 0)
                items[i] = Replace(before, index, before[index].Price, wanted[i].Quantity);
        }

        ReplaceBy(TakesPlaceOf);
        ReplaceBy(IsPlansOwn);
        for (var i = 0; i < items.Length; i++)
            items[i] ??= new EngineItem(++subscription.LastItemNumber, context.Catalog.GetPrice(wanted[i].PriceKey), wanted[i].Quantity) { DebitedFrom = subscription.PeriodStart };

        subscription.Items = items;
        subscription.Plan = context.Catalog.GetPlan(request.PlanKey);
        subscription.Interval = request.Interval;
        subscription.Currency = request.Currency ?? default;
        subscription.WhenNoPaymentMethod = request.WhenNoPaymentMethod ?? subscription.WhenNoPaymentMethod;
        if (request.AtPeriodEnd is { } waiting)
            subscription.Scheduled = IsMadeOf(subscription, waiting) ? null : waiting;

        void ReplaceBy(Func<CatalogPrice, CatalogPrice, bool> matches)
        {
            for (var i = 0; i < items.Length; i++)
            {
                if (items[i] is not null)
                    continue;

                var price = context.Catalog.GetPrice(wanted[i].PriceKey);
                var index = before.FindIndex(item => matches(price, item.Price));
                if (index >= 0)
                    items[i] = Replace(before, index, price, wanted[i].Quantity);
            }
        }
    }

    private static ChangeOutcome InPeriod(EngineContext context, EngineCustomer customer, EngineSubscription subscription, ChangeSubscriptionRequest request, long at)
    {
        var before = subscription.Items;
        var plan = subscription.Plan;
        var currency = subscription.Currency.IsNone ? request.Currency ?? default : subscription.Currency;
        EngineLine[] lines;
        if (subscription.LastChange is { } last && last.At == at && IsReverse(last, request))
        {
            lines = Prorations.Reverse(last.Lines);
            SetItems(context, subscription, request);
            subscription.Items = Array.ConvertAll(last.Items, static item => item.Copy());
            subscription.LastChange = null;
        }
        else
        {
            SetItems(context, subscription, request);
            var prorates = request.Change.Proration != Proration.None && subscription.Pause is null;
            lines = prorates ? Prorations.OfChange(context, customer, subscription, before, at) : [];
            subscription.LastChange = new ChangeRecord(at, plan, before, lines);
        }

        UsageLedger.CloseRemoved(subscription, context.Now);
        UsageLedger.Open(context, subscription, context.Now);
        if (lines.Length == 0)
            return default;

        if (request.Change.Proration != Proration.AlwaysInvoice)
        {
            Prorations.Await(customer, subscription, currency, lines);
            return Drafting.Credited(context, customer, subscription, currency) is { } credited ? Settled(credited) : new ChangeOutcome(null, lines);
        }

        var invoice = Drafting.Changed(context, customer, subscription, currency, lines);
        foreach (var item in subscription.Items)
        {
            // What was waiting is on this invoice too.
            if (item.DebitedBy == 0)
                item.DebitedBy = invoice.Number;
        }

        return Settled(invoice);

        ChangeOutcome Settled(EngineInvoice made)
        {
            Trials.Settle(context, customer, subscription, made);
            return new ChangeOutcome(made, made.Lines);
        }
    }

    // Another interval, or from free to paid: the old period's unused time is credited, and the new one is charged in full at once.
    private static ChangeOutcome StartNewPeriod(EngineContext context, EngineCustomer customer, EngineSubscription subscription, ChangeSubscriptionRequest request, long at)
    {
        var currency = subscription.Currency;
        var credit = request.Change.Proration == Proration.None ? [] : Prorations.CreditUnused(customer, subscription, at);
        UsageLedger.Close(subscription, context.Now);
        SetItems(context, subscription, request);
        Periods.StartNew(subscription, context.Now);
        UsageLedger.Open(context, subscription, context.Now);
        if (!subscription.Currency.IsNone)
            currency = subscription.Currency;

        if (Drafting.Restarted(context, customer, subscription, currency, credit) is not { } invoice)
            return default;

        Trials.Settle(context, customer, subscription, invoice);
        return new ChangeOutcome(invoice, invoice.Lines);
    }

    private static EngineItem Replace(List<EngineItem> before, int index, CatalogPrice price, long quantity)
    {
        var old = before[index];
        before.RemoveAt(index);
        if (ReferenceEquals(old.Price, price) && old.Quantity == quantity)
            return old;

        return new EngineItem(old.Number, price, quantity) { Debited = old.Debited, DebitedFrom = old.DebitedFrom, DebitedBy = old.DebitedBy };
    }

    // A plan's price takes the place of the price of the same kind of another plan, an add-on's of the same add-on.
    private static bool TakesPlaceOf(CatalogPrice price, CatalogPrice old) =>
        price.Price.Kind == old.Price.Kind && price.Price.Meter == old.Price.Meter && price.AddOn?.Key == old.AddOn?.Key;

    // What is left: a flat price may give way to one per seat, and what was debited for the one was for the other's time.
    private static bool IsPlansOwn(CatalogPrice price, CatalogPrice old) =>
        price.AddOn is null && old.AddOn is null && price.Price.Meter is null && old.Price.Meter is null;

    private static bool IsMadeOf(EngineSubscription subscription, ChangeSubscriptionRequest request) =>
        subscription.Plan.Key == request.PlanKey && subscription.Interval == request.Interval && subscription.Items.Length == request.Items.Count
        && request.Items.All(wanted => Array.Exists(subscription.Items, item => item.IsSame(wanted.PriceKey, wanted.Quantity)));

    private static bool IsReverse(ChangeRecord last, ChangeSubscriptionRequest request)
    {
        if (last.Plan.Key != request.PlanKey || last.Items.Length != request.Items.Count || request.Change.Proration == Proration.None)
            return false;

        foreach (var wanted in request.Items)
        {
            if (!Array.Exists(last.Items, item => item.IsSame(wanted.PriceKey, wanted.Quantity)))
                return false;
        }

        return true;
    }
}

/// <summary>What a change made.</summary>
/// <param name="Invoice">The invoice that was made at once; null: none.</param>
/// <param name="Lines">Its lines, or those that wait for the next invoice; null: none.</param>
internal readonly record struct ChangeOutcome(EngineInvoice? Invoice, EngineLine[]? Lines);
