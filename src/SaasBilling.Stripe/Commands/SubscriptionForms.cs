using SaasBilling.Providers;
using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Commands;

/// <summary>Requests about subscriptions. Pure.</summary>
/// <param name="names">What keys are called on Stripe.</param>
/// <param name="automaticTax">Whether Stripe Tax computes the tax.</param>
internal sealed class SubscriptionForms(CatalogNames names, bool automaticTax)
{
    /// <summary>Whose a subscription is that was made elsewhere, and what it is called.</summary>
    public static StripeForm Adopt(string appId, string name) => new StripeForm().Add(Names.Metadata(Names.Customer), appId).Add(Names.Metadata(Names.Subscription), name);

    /// <param name="request">What is sold, and how it starts.</param>
    /// <param name="stripeId">Stripe's id of the customer.</param>
    /// <param name="items">The prices on Stripe, the free price included.</param>
    /// <param name="hasPaymentMethod">Whether there is something that the first invoice can be charged to.</param>
    /// <param name="key">The mutation's key, by which it is found again.</param>
    public StripeForm Create(CreateSubscriptionRequest request, string stripeId, IReadOnlyList<WantedItem> items, bool hasPaymentMethod, string key)
    {
        var form = new StripeForm().Add("customer", stripeId).Add("billing_mode[type]", "flexible");
        AddItems(form, "items", items);
        AddTerms(form, request, "");
        if (request.InvoiceDueInDays is { } days)
            form.Add("collection_method", "send_invoice").Add("days_until_due", days);
        else if (hasPaymentMethod)
            form.Add("payment_behavior", "allow_incomplete");
        else
            form.Add("payment_behavior", "default_incomplete").Add("payment_settings[save_default_payment_method]", "on_subscription");
        AddDiscounts(form, [], request.Coupons);
        if (automaticTax)
            form.Add("automatic_tax[enabled]", true);
        return AddMetadata(form, request, "").Add(Names.Metadata(Names.Key), key);
    }

    /// <summary>How it starts, which a subscription and a card form say in the same words.</summary>
    /// <param name="form">Where it is said.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="within">The parameter that holds it; empty: none.</param>
    internal static void AddTerms(StripeForm form, CreateSubscriptionRequest request, string within)
    {
        if (request.TrialEnd is { } end)
            form.Add(In(within, "trial_end"), end).Add(In(within, "trial_settings", "end_behavior", "missing_payment_method"), EndBehavior(request.WhenNoPaymentMethod));
        if (request.BillingCycleAnchor is { } anchor)
            form.Add(In(within, "billing_cycle_anchor"), anchor).Add(In(within, "proration_behavior"), request.Proration == Proration.None ? "none" : "create_prorations");
    }

    internal static StripeForm AddMetadata(StripeForm form, CreateSubscriptionRequest request, string within) => form
        .Add(In(within, "metadata", Names.Customer), request.CustomerId)
        .Add(In(within, "metadata", Names.Subscription), request.Name)
        .Add(In(within, "metadata", Names.Plan), request.PlanKey);

    /// <summary>Changes the items now.</summary>
    /// <param name="request">The wanted items.</param>
    /// <param name="current">The subscription as it is.</param>
    /// <param name="changes">What becomes of each item.</param>
    public static StripeForm Change(ChangeSubscriptionRequest request, WireSubscription current, IReadOnlyList<ItemChange> changes)
    {
        var form = new StripeForm();
        AddChanges(form, "items", changes);
        AddProration(form, "", request, current);
        if (request.WhenNoPaymentMethod is { } behavior)
            form.Add("trial_settings[end_behavior][missing_payment_method]", EndBehavior(behavior));
        return form.Add(Names.Metadata(Names.Plan), request.PlanKey);
    }

    /// <summary>How the rest of the period is charged, which a change and its preview say in the same words.</summary>
    internal static void AddProration(StripeForm form, string within, ChangeSubscriptionRequest request, WireSubscription current)
    {
        var behavior = ProrationOf(request, current);
        form.Add(In(within, "proration_behavior"), behavior);
        if (behavior != "none")
            form.Add(In(within, "proration_date"), request.ProrationDate);

        // In flexible mode the anchor would stay where it was.
        if (request.ResetAnchor && !IsQuiet(current))
            form.Add(In(within, "billing_cycle_anchor"), "now");
    }

    /// <summary>In a trial, and while it is paused, a change costs nothing and starts nothing.</summary>
    internal static bool IsQuiet(WireSubscription current) => current.Status is SubscriptionStatus.Trialing or SubscriptionStatus.Paused || current.Pause is not null;

    internal static string ProrationOf(ChangeSubscriptionRequest request, WireSubscription current)
    {
        // Time whose invoice was voided or written off is not credited.
        if (IsQuiet(current) || request.Change.Proration == Proration.None || current.LatestInvoiceStatus is "void" or "uncollectible")
            return "none";

        // There will be no next invoice on which the credit could go.
        var isForFree = request.Items.Count == 0;
        return isForFree || request.Change.Proration == Proration.AlwaysInvoice ? "always_invoice" : "create_prorations";
    }

    /// <summary>The present phase as it is, and the wanted items after it.</summary>
    public static StripeForm Schedule(ChangeSubscriptionRequest request, WireSubscription current, IReadOnlyList<WantedItem> items, string? changeText) =>
        Schedule(current, items, request.Interval, request.PlanKey).Add(Names.Metadata(Names.Change), changeText ?? "");

    /// <summary>The phase that waits, after the present one as it has become.</summary>
    public static StripeForm Schedule(WirePhase next, BillingInterval interval, WireSubscription changed) =>
        Schedule(changed, [.. next.Items.Select(item => new WantedItem(item.Price, item.Quantity))], interval, next.Metadata.GetValueOrDefault(Names.Plan));

    private static StripeForm Schedule(WireSubscription current, IReadOnlyList<WantedItem> items, BillingInterval interval, string? planKey)
    {
        var form = new StripeForm().Add("end_behavior", "release").Add("proration_behavior", "none");
        var phase = current.Schedule?.Phases.LastOrDefault(candidate => candidate.Start <= current.Period.Start || candidate.End is null || candidate.End > current.Period.Start);
        form.Add("phases[0][start_date]", phase is { Start: var start } && start < current.Period.End ? start : current.Period.Start)
            .Add("phases[0][end_date]", current.Period.End)
            .Add("phases[0][proration_behavior]", "none");
        if (current.Status == SubscriptionStatus.Trialing)
            form.Add("phases[0][trial_end]", current.TrialEnd);
        AddItems(form, "phases[0][items]", [.. current.Items.Select(item => new WantedItem(item.Price.Id, item.Price.IsMetered ? null : item.Quantity))]);
        AddDiscounts(form, "phases[0][", current);

        form.Add("phases[1][proration_behavior]", "none")
            .Add("phases[1][duration][interval]", UnitOf(interval))
            .Add("phases[1][duration][interval_count]", interval.Count)
            .Add($"phases[1][metadata][{Names.Plan}]", planKey);
        if (current.Items.Count > 0 && current.Items[0].Price.Interval != interval)
            form.Add("phases[1][billing_cycle_anchor]", "phase_start");
        AddItems(form, "phases[1][items]", items);
        AddDiscounts(form, "phases[1][", current);
        return form;
    }

    /// <summary>Moves the end of a trial, or gives free time; nothing is credited or charged for it.</summary>
    public static StripeForm TrialEnd(DateTimeOffset? end)
    {
        var form = new StripeForm().Add("proration_behavior", "none");
        return end is { } at ? form.Add("trial_end", at) : form.Add("trial_end", "now");
    }

    public static StripeForm Pause(PauseOptions options) => new StripeForm()
        .Add("pause_collection[behavior]", options.Behavior switch
        {
            PauseBehavior.Void => "void",
            PauseBehavior.KeepAsDraft => "keep_as_draft",
            _ => "mark_uncollectible",
        })
        .Add("pause_collection[resumes_at]", options.ResumesAt);

    /// <summary>Takes back what is there: a pause, a scheduled end.</summary>
    public static StripeForm Undo(WireSubscription current)
    {
        var form = new StripeForm();
        if (current.Pause is not null)
            form.Add("pause_collection", "");
        if (current.CancelAtPeriodEnd)
            form.Add("cancel_at_period_end", false);
        else if (current.CancelAt is not null)
            form.Add("cancel_at", "");
        if (current.CancelAtPeriodEnd || current.CancelAt is not null)
            form.Add("cancellation_details[comment]", "").Add(Names.Metadata(Names.CancelProrates), "");
        return form;
    }

    /// <summary>A subscription that a trial's end paused starts a new period.</summary>
    public static StripeForm ResumeNow() => new StripeForm().Add("billing_cycle_anchor", "now").Add("proration_behavior", "none");

    /// <summary>Ends at the period's end, or at a date.</summary>
    public static StripeForm CancelLater(CancelOptions options, WireSubscription current)
    {
        var form = new StripeForm();
        if (options.At is { } at)
        {
            if (current.CancelAtPeriodEnd)
                form.Add("cancel_at_period_end", false);
            form.Add("cancel_at", at).Add("proration_behavior", options.Prorate && !IsGivenUp(current) ? "create_prorations" : "none");
        }
        else
        {
            if (current is { CancelAt: not null, CancelAtPeriodEnd: false })
                form.Add("cancel_at", "");
            form.Add("cancel_at_period_end", true);
        }

        return form
            .Add("cancellation_details[comment]", options.Reason ?? "")
            .Add(Names.Metadata(Names.CancelProrates), options.Prorate ? Names.Yes : "");
    }

    public static StripeForm CancelNow(CancelOptions options, WireSubscription current) => new StripeForm()
        .Add("invoice_now", options.InvoiceNow)
        .Add("prorate", options.Prorate && !IsGivenUp(current))
        .Add("cancellation_details[comment]", options.Reason);

    /// <summary>The discounts that it has, without one, and with another.</summary>
    public StripeForm Discounts(WireSubscription current, string? added, string? removed)
    {
        var kept = current.Discounts.Where(discount => removed is null || names.CouponKey(discount.Coupon) != removed).ToList();
        var form = new StripeForm();
        if (kept.Count == 0 && added is null)
            return form.Add("discounts", "");

        AddDiscounts(form, kept, added is null ? [] : [added]);
        return form;
    }

    internal static string EndBehavior(TrialEndBehavior behavior) => behavior switch
    {
        TrialEndBehavior.Pause => "pause",
        TrialEndBehavior.CreateInvoice => "create_invoice",
        _ => "cancel",
    };

    internal static string UnitOf(BillingInterval interval) => interval.Unit switch
    {
        IntervalUnit.Day => "day",
        IntervalUnit.Week => "week",
        IntervalUnit.Year => "year",
        _ => "month",
    };

    internal static void AddItems(StripeForm form, string list, IReadOnlyList<WantedItem> items)
    {
        for (var i = 0; i < items.Count; i++)
            form.Add($"{list}[{i}][price]", items[i].PriceId).Add($"{list}[{i}][quantity]", items[i].Quantity);
    }

    internal static void AddChanges(StripeForm form, string list, IReadOnlyList<ItemChange> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            form.Add($"{list}[{i}][id]", changes[i].ItemId);
            if (changes[i].PriceId is { } price)
                form.Add($"{list}[{i}][price]", price).Add($"{list}[{i}][quantity]", changes[i].Quantity);
            else
                form.Add($"{list}[{i}][deleted]", true);
        }
    }

    internal void AddCoupons(StripeForm form, IReadOnlyList<string> coupons) => AddDiscounts(form, [], coupons);

    private void AddDiscounts(StripeForm form, IReadOnlyList<WireDiscount> kept, IReadOnlyList<string> added)
    {
        var index = 0;
        foreach (var discount in kept)
            form.Add($"discounts[{index++}][discount]", discount.Id);
        foreach (var coupon in added)
            form.Add($"discounts[{index++}][coupon]", names.CouponId(coupon));
    }

    private static void AddDiscounts(StripeForm form, string phase, WireSubscription current)
    {
        for (var i = 0; i < current.Discounts.Count; i++)
            form.Add($"{phase}discounts][{i}][discount]", current.Discounts[i].Id);
    }

    private static bool IsGivenUp(WireSubscription current) => current.LatestInvoiceStatus is "void" or "uncollectible";

    private static string In(string within, params ReadOnlySpan<string> path)
    {
        var name = within.Length == 0 ? path[0] : $"{within}[{path[0]}]";
        foreach (var part in path[1..])
            name += $"[{part}]";
        return name;
    }
}

/// <summary>An item that is wanted.</summary>
/// <param name="PriceId">Stripe's id of the price.</param>
/// <param name="Quantity">How many; null where usage decides.</param>
internal readonly record struct WantedItem(string PriceId, long? Quantity);

/// <summary>What becomes of an item.</summary>
/// <param name="ItemId">The item that is there; null: a new one.</param>
/// <param name="PriceId">What it becomes; null: it goes.</param>
/// <param name="Quantity">How many; null where usage decides.</param>
internal readonly record struct ItemChange(string? ItemId, string? PriceId, long? Quantity);
