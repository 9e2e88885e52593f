using SaasBilling.Providers;
using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Commands;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Reading;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe;

/// <content>The life of a subscription.</content>
internal sealed partial class StripeProvider
{
    /// <summary>Notes which mutation ended a subscription, so that its repetition is told from another one.</summary>
    private const string EndedBy = "saasbilling_ended_by";

    public async Task<ProviderResult> CreateSubscriptionAsync(CreateSubscriptionRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(request.CustomerId, cancellationToken).ConfigureAwait(false);
        if (request.Replaces is { } replaced)
            await ReplaceAsync(stripeId, replaced, idempotencyKey, cancellationToken).ConfigureAwait(false);

        var customer = WireCustomer.Read(await _api.GetAsync(PathOf("customers", stripeId), StripeForm.Empty, cancellationToken).ConfigureAwait(false));
        var items = await WantedAsync(request.PlanKey, request.Items, request.Currency, customer.Currency, cancellationToken).ConfigureAwait(false);

        // A card form leaves its card on its subscription alone.
        var borrowed = customer.DefaultPaymentMethod is null
            ? (await LiveSubscriptionsAsync(stripeId, cancellationToken).ConfigureAwait(false)).Select(subscription => subscription.DefaultPaymentMethod).FirstOrDefault(own => own is not null)
            : null;
        var form = _subscriptions.Create(request, stripeId, items, (borrowed ?? customer.DefaultPaymentMethod) is not null, idempotencyKey).Add("default_payment_method", borrowed);
        var made = await StepAsync("/v1/subscriptions", form, idempotencyKey, cancellationToken).ConfigureAwait(false);
        var id = made?.Id ?? await MadeByAsync(stripeId, idempotencyKey, cancellationToken).ConfigureAwait(false);
        return await AnswerAsync(request.CustomerId, stripeId, id, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ProviderResult> ChangeSubscriptionAsync(ChangeSubscriptionRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        var (stripeId, current) = await CurrentAsync(request.Subscription, cancellationToken).ConfigureAwait(false);
        if (request.Change.Timing == ChangeTiming.AtPeriodEnd)
        {
            RequireLive(current);
            await ScheduleAsync(request, current, idempotencyKey, cancellationToken).ConfigureAwait(false);
            return await AnswerAsync(request.Subscription.CustomerId, stripeId, current.Id, cancellationToken).ConfigureAwait(false);
        }

        RequireLive(current);
        var changes = await ChangesAsync(request, current, cancellationToken).ConfigureAwait(false);
        await StepAsync(PathOf("subscriptions", current.Id), SubscriptionForms.Change(request, current, changes), idempotencyKey, cancellationToken).ConfigureAwait(false);
        if (request.AtPeriodEnd is { } waiting)
        {
            var (_, changed) = await CurrentAsync(request.Subscription, cancellationToken).ConfigureAwait(false);
            if (IsMadeOf(changed, waiting))
                await ReleaseAsync(changed, idempotencyKey, cancellationToken).ConfigureAwait(false);
            else
                await ScheduleAsync(waiting, changed, $"{idempotencyKey}:waiting", cancellationToken).ConfigureAwait(false);
        }
        else if (request.ResetAnchor && current.Schedule is { IsWaiting: true } schedule && schedule.Next(Now()) is { } next)
        {
            // What waits stays, and waits for the end of the new period.
            var (_, changed) = await CurrentAsync(request.Subscription, cancellationToken).ConfigureAwait(false);
            await _prices.LearnAsync(next.Items.Select(item => item.Price), cancellationToken).ConfigureAwait(false);
            var interval = next.Items.Select(item => _prices.Find(item.Price)).Select(price => price is null ? null : _catalog.FindPrice(price.Key)?.Price.Interval).FirstOrDefault(found => found is not null);
            var form = SubscriptionForms.Schedule(next, interval ?? BillingInterval.Monthly, changed);
            await StepAsync(PathOf("subscription_schedules", schedule.Id), form, $"{idempotencyKey}:waiting", cancellationToken).ConfigureAwait(false);
        }

        return await AnswerAsync(request.Subscription.CustomerId, stripeId, current.Id, cancellationToken).ConfigureAwait(false);
    }

    public Task<ProviderResult> DropScheduledChangeAsync(SubscriptionRef subscription, string idempotencyKey, CancellationToken cancellationToken) =>
        UpdateAsync(subscription, current => ReleaseAsync(current, idempotencyKey, cancellationToken), cancellationToken);

    public Task<ProviderResult> SetTrialEndAsync(SubscriptionRef subscription, DateTimeOffset? trialEnd, string idempotencyKey, CancellationToken cancellationToken) =>
        UpdateAsync(subscription, SubscriptionForms.TrialEnd(trialEnd), idempotencyKey, cancellationToken);

    public Task<ProviderResult> PauseSubscriptionAsync(SubscriptionRef subscription, PauseOptions options, string idempotencyKey, CancellationToken cancellationToken) =>
        UpdateAsync(subscription, SubscriptionForms.Pause(options), idempotencyKey, cancellationToken);

    public Task<ProviderResult> ResumeSubscriptionAsync(SubscriptionRef subscription, string idempotencyKey, CancellationToken cancellationToken) => UpdateAsync(
        subscription,
        async current =>
        {
            RequireLive(current);
            var undo = SubscriptionForms.Undo(current);
            if (undo.Parameters.Count > 0)
                await StepAsync(PathOf("subscriptions", current.Id), undo, $"{idempotencyKey}:undo", cancellationToken).ConfigureAwait(false);
            if (current.Status == SubscriptionStatus.Paused)
                await UnlessDeclinedAsync(() => StepAsync(PathOf("subscriptions", current.Id, "resume"), SubscriptionForms.ResumeNow(), $"{idempotencyKey}:resume", cancellationToken)).ConfigureAwait(false);
        },
        cancellationToken);

    public async Task<ProviderResult> CancelSubscriptionAsync(SubscriptionRef subscription, CancelOptions options, string idempotencyKey, CancellationToken cancellationToken)
    {
        var (stripeId, current) = await CurrentAsync(subscription, cancellationToken).ConfigureAwait(false);
        var isNow = options is { At: null, Timing: CancelTiming.Immediately };
        if (isNow && current.Metadata.GetValueOrDefault(EndedBy) == idempotencyKey && !current.IsLive)
        {
            await CreditCutOffTimeAsync(current, stripeId, options, idempotencyKey, cancellationToken).ConfigureAwait(false);
            return await AnswerAsync(subscription.CustomerId, stripeId, subscription.SubscriptionId, cancellationToken).ConfigureAwait(false);
        }

        RequireLive(current);
        if (current.Schedule is { IsWaiting: true })
        {
            // What would change at the end of the last period never comes; Stripe does not cancel what a schedule holds.
            if (options.At is { } at && at > current.Period.End)
            {
                throw new BillingException(
                    BillingErrorCode.InvalidState,
                    $"A change of subscription '{current.Id}' waits for the end of the period, and on Stripe a later end cannot be set meanwhile. Undo the change first, with UndoScheduledChangeAsync.");
            }

            await ReleaseAsync(current, idempotencyKey, cancellationToken).ConfigureAwait(false);
        }

        if (isNow)
        {
            await StepAsync(PathOf("subscriptions", current.Id), new StripeForm().Add(Names.Metadata(EndedBy), idempotencyKey), $"{idempotencyKey}:mark", cancellationToken).ConfigureAwait(false);
            await EndAsync(current.Id, SubscriptionForms.CancelNow(options, current), cancellationToken).ConfigureAwait(false);
            await CreditCutOffTimeAsync(current, stripeId, options, idempotencyKey, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await StepAsync(PathOf("subscriptions", current.Id), SubscriptionForms.CancelLater(options, current), idempotencyKey, cancellationToken).ConfigureAwait(false);
        }

        return await AnswerAsync(subscription.CustomerId, stripeId, subscription.SubscriptionId, cancellationToken).ConfigureAwait(false);
    }

    public Task<ProviderResult> ApplyCouponAsync(SubscriptionRef subscription, string couponKey, string idempotencyKey, CancellationToken cancellationToken) => UpdateAsync(
        subscription,
        current =>
        {
            RequireLive(current);
            return StepAsync(PathOf("subscriptions", current.Id), _subscriptions.Discounts(current, couponKey, null), idempotencyKey, cancellationToken);
        },
        cancellationToken);

    public Task<ProviderResult> RemoveCouponAsync(SubscriptionRef subscription, string couponKey, string idempotencyKey, CancellationToken cancellationToken) => UpdateAsync(
        subscription,
        current =>
        {
            RequireLive(current);
            return StepAsync(PathOf("subscriptions", current.Id), _subscriptions.Discounts(current, null, couponKey), idempotencyKey, cancellationToken);
        },
        cancellationToken);

    private Task<ProviderResult> UpdateAsync(SubscriptionRef subscription, StripeForm form, string key, CancellationToken cancellationToken) => UpdateAsync(
        subscription,
        current => StepAsync(PathOf("subscriptions", current.Id), form, key, cancellationToken),
        cancellationToken);

    private async Task<ProviderResult> UpdateAsync(SubscriptionRef subscription, Func<WireSubscription, Task> update, CancellationToken cancellationToken)
    {
        var (stripeId, current) = await CurrentAsync(subscription, cancellationToken).ConfigureAwait(false);
        await update(current).ConfigureAwait(false);
        return await AnswerAsync(subscription.CustomerId, stripeId, subscription.SubscriptionId, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(string StripeId, WireSubscription Current)> CurrentAsync(SubscriptionRef subscription, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(subscription.CustomerId, cancellationToken).ConfigureAwait(false);
        var form = new StripeForm().Expand("latest_invoice", "schedule", "discounts");
        var found = await _api.FindAsync(PathOf("subscriptions", subscription.SubscriptionId), form, cancellationToken).ConfigureAwait(false);
        return found is { } present && present.IdOf("customer") == stripeId
            ? (stripeId, WireSubscription.Read(present))
            : throw new BillingException(
                BillingErrorCode.NotSubscribed,
                $"Customer '{subscription.CustomerId}' has no subscription '{subscription.SubscriptionId}' on Stripe. Use Subscription.Id of one of theirs.");
    }

    private static void RequireLive(WireSubscription current)
    {
        if (!current.IsLive)
            throw new BillingException(BillingErrorCode.InvalidState, $"Subscription '{current.Id}' is {current.Status}. What has ended is not changed any more; subscribe again.");
    }

    // Voiding the first invoice of an incomplete subscription makes it expire.
    private async Task ReplaceAsync(string stripeId, string subscriptionId, string key, CancellationToken cancellationToken)
    {
        var found = await _api.FindAsync(PathOf("subscriptions", subscriptionId), StripeForm.Empty, cancellationToken).ConfigureAwait(false);
        if (found is not { } replaced || replaced.IdOf("customer") != stripeId || replaced.Text("status") != "incomplete")
            return;

        if (replaced.IdOf("latest_invoice") is { } invoice)
            await StepAsync(PathOf("invoices", invoice, "void"), StripeForm.Empty, $"{key}:replace", cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> MadeByAsync(string stripeId, string key, CancellationToken cancellationToken)
    {
        await foreach (var subscription in _api.ListAsync("/v1/subscriptions", new StripeForm().Add("customer", stripeId).Add("status", "all"), cancellationToken).ConfigureAwait(false))
        {
            if (subscription.Metadata(Names.Key) == key)
                return subscription.Id;
        }

        throw new BillingException(BillingErrorCode.Conflict, $"The idempotency key '{key}' was used before for another request. Use a new key.");
    }

    /// <summary>The prices of a plan on Stripe; of a plan without prices the zero price that stands for it.</summary>
    private async Task<List<WantedItem>> WantedAsync(string planKey, IReadOnlyList<PriceQuantity> items, Currency? currency, string? customersCurrency, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
            return [new WantedItem(await FreePriceAsync(planKey, currency, customersCurrency, cancellationToken).ConfigureAwait(false), 1)];

        var ids = await _prices.IdsAsync(items.Select(item => item.PriceKey), cancellationToken).ConfigureAwait(false);
        return [.. items.Select(item => new WantedItem(ids[item.PriceKey], IsMetered(item.PriceKey) ? null : item.Quantity))];
    }

    private async Task<string> FreePriceAsync(string planKey, Currency? wanted, string? customersCurrency, CancellationToken cancellationToken)
    {
        var sold = CatalogPlanning.CurrenciesOf(_catalog);
        var currency = wanted ?? (Currency.TryOf(customersCurrency, out var customers) && sold.Contains(customers) ? customers : sold[0]);
        var key = CatalogNames.FreePriceKey(planKey, currency);
        return (await _prices.IdsAsync([key], cancellationToken).ConfigureAwait(false))[key];
    }

    private bool IsMetered(string priceKey) => _catalog.GetPrice(priceKey).Price.Kind == PriceKind.Metered;

    private async Task<List<ItemChange>> ChangesAsync(ChangeSubscriptionRequest request, WireSubscription current, CancellationToken cancellationToken)
    {
        if (request.Items.Count == 0)
            return _matching.Match(current.Items, [], new Dictionary<string, string>(), await FreePriceAsync(request.PlanKey, null, current.Currency, cancellationToken).ConfigureAwait(false));

        var ids = await _prices.IdsAsync(request.Items.Select(item => item.PriceKey), cancellationToken).ConfigureAwait(false);
        return _matching.Match(current.Items, request.Items, ids, null);
    }

    private async Task ScheduleAsync(ChangeSubscriptionRequest request, WireSubscription current, string key, CancellationToken cancellationToken)
    {
        var scheduleId = current.Schedule is { IsWaiting: true } waiting ? waiting.Id : null;
        if (scheduleId is null)
        {
            var made = await StepAsync("/v1/subscription_schedules", new StripeForm().Add("from_subscription", current.Id), $"{key}:schedule", cancellationToken).ConfigureAwait(false);
            if (made is not { } schedule)
                return;
            scheduleId = schedule.Id;
            current = current with { Schedule = WireSchedule.Read(schedule) };
        }

        var items = await WantedAsync(request.PlanKey, request.Items, null, current.Currency, cancellationToken).ConfigureAwait(false);
        var form = SubscriptionForms.Schedule(request, current, items, ChangeText.Write(request.Change));
        await StepAsync(PathOf("subscription_schedules", scheduleId), form, $"{key}:phases", cancellationToken).ConfigureAwait(false);
    }

    private async Task ReleaseAsync(WireSubscription current, string key, CancellationToken cancellationToken)
    {
        if (current.Schedule is { IsWaiting: true } schedule)
            await StepAsync(PathOf("subscription_schedules", schedule.Id, "release"), StripeForm.Empty, $"{key}:release", cancellationToken).ConfigureAwait(false);
    }

    private bool IsMadeOf(WireSubscription current, ChangeSubscriptionRequest wanted)
    {
        var items = current.Items.Select(item => (_prices.Learn(item.Price), item.Quantity)).Where(item => !item.Item1.IsFree).ToList();
        return items.Count == wanted.Items.Count
            && wanted.Items.All(item => items.Any(present => present.Item1.Key == item.PriceKey && (present.Item1.IsMetered || present.Quantity == item.Quantity)));
    }

    // Stripe leaves the credit for the time that was cut off waiting for a next invoice, which never comes: it is moved to the balance.
    private async Task CreditCutOffTimeAsync(WireSubscription ended, string stripeId, CancelOptions options, string key, CancellationToken cancellationToken)
    {
        if (!options.Prorate || options.InvoiceNow)
            return;

        await foreach (var found in _api.ListAsync("/v1/invoiceitems", new StripeForm().Add("customer", stripeId).Add("pending", true), cancellationToken).ConfigureAwait(false))
        {
            var item = WireInvoiceItem.Read(found);
            if (!item.IsProration || item.Subscription != ended.Id || item.Amount >= 0)
                continue;

            var credit = new StripeForm().Add("amount", item.Amount).Add("currency", item.Currency).Add("description", item.Description);
            await StepAsync($"/v1/customers/{Uri.EscapeDataString(stripeId)}/balance_transactions", credit, $"{key}:{item.Id}", cancellationToken).ConfigureAwait(false);
            await _api.DeleteAsync(PathOf("invoiceitems", item.Id), StripeForm.Empty, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A decline is a state, which is read afterwards.</summary>
    private static async Task UnlessDeclinedAsync(Func<Task> attempt)
    {
        try
        {
            await attempt().ConfigureAwait(false);
        }
        catch (StripeException declined) when (declined.Error.IsDecline)
        {
            // The invoice says why.
        }
    }
}
