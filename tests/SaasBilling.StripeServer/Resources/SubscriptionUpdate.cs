using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary>How a subscription changes: https://docs.stripe.com/api/subscriptions/update.</summary>
internal static class SubscriptionUpdate
{
    private static readonly string[] AllowedWhenEnded = ["metadata", "cancellation_details"];

    public static JsonObject Update(Account account, SubscriptionRecord record, JsonObject parameters)
    {
        Unsupported.Refuse(parameters, "billing_thresholds", "pending_invoice_item_interval", "transfer_data");
        if (parameters.Text("payment_behavior") == "pending_if_incomplete")
            throw StripeFault.Invalid("The local Stripe has no pending updates: use another `payment_behavior`.", "payment_behavior", "local_unsupported");
        if (!record.Engine.IsLive && parameters.Any(parameter => !AllowedWhenEnded.Contains(parameter.Key)))
            throw StripeFault.Invalid("A canceled subscription can only update its cancellation_details and metadata.");

        var customer = record.Customer;
        var own = parameters.Has("default_payment_method") ? OwnCard(account, customer, parameters.Text("default_payment_method")) : record.Engine.CardNumber;
        var coupons = parameters.Has("discounts") || parameters.Has("coupon") ? SubscriptionStart.CouponsOf(account, parameters) : null;
        var oneOffs = InvoiceItems.Additional(account, customer, parameters.Objects("add_invoice_items"), record.Number);
        var change = ChangeOf(account, record, record.Engine, parameters);

        bool Change(EngineContext context, EngineCustomer engine)
        {
            var subscription = engine.FindSubscription(record.Number)!;
            subscription.CardNumber = own;
            foreach (var item in oneOffs)
                engine.Pending = [.. engine.Pending ?? [], item with { Number = ++engine.LastPendingNumber }];
            Terms(engine, subscription, parameters);
            Apply(context, engine, subscription, parameters, coupons);
            if (change is not null)
                RequirePaid(Changes.Change(context, engine, subscription, change), parameters);
            Collection(context, engine, subscription, parameters);
            return true;
        }

        customer.World.Try(customer, Change);
        record.Body.Take(parameters, "description", "default_payment_method", "payment_settings", "automatic_tax", "cancellation_details");
        record.Body.TakeMetadata(parameters);
        if (change is not null)
            SubscriptionItems.Rename(account, record, parameters.Objects("items"));
        customer.World.RunAtOnce(customer, Change);
        SubscriptionItems.TakeMetadata(account, record, parameters.Objects("items"));
        account.Events.TellChange(record, "customer.subscription.updated");
        return record.Render(account);
    }

    /// <summary>Moves the trial's end and the end of the subscription, and sets the coupons; null: they stay.</summary>
    public static void Apply(EngineContext context, EngineCustomer engine, EngineSubscription subscription, JsonObject parameters, List<string>? coupons)
    {
        MoveTrial(context, engine, subscription, parameters);
        if (coupons is not null)
            SetCoupons(context, engine, subscription, coupons);
        Cancel(context, engine, subscription, parameters);
    }

    /// <summary>What a change of items comes to; null: there is none.</summary>
    public static ChangeSubscriptionRequest? ChangeOf(Account account, SubscriptionRecord record, EngineSubscription subscription, JsonObject parameters)
    {
        var resets = parameters.Text("billing_cycle_anchor") == "now";
        if (parameters.Objects("items").Count == 0 && !resets)
            return null;

        var items = SubscriptionItems.Changed(account, record, subscription, parameters.Objects("items"));
        var isSame = items.Count == subscription.Items.Length && items.TrueForAll(wanted => Array.Exists(subscription.Items, item => item.IsSame(wanted.PriceKey, wanted.Quantity)));
        if (isSame && !resets)
            return null;

        var (plan, interval, currency) = SubscriptionItems.Terms(account, items);
        return new ChangeSubscriptionRequest
        {
            Subscription = new SubscriptionRef(record.Customer.Id, record.Id),
            Change = new SubscriptionChange { Proration = SubscriptionStart.ProrationOf(parameters) },
            PlanKey = plan,
            Items = items,
            Interval = interval,
            Currency = currency,
            ResetAnchor = resets,
            ProrationDate = Instants.At(DateOf(record, subscription, parameters)),
        };
    }

    private static long DateOf(SubscriptionRecord record, EngineSubscription subscription, JsonObject parameters)
    {
        var now = record.Customer.World.Now;
        if (parameters.Int("proration_date") is not { } date)
            return now;

        if (date < subscription.PeriodStart || date > subscription.PeriodEnd)
            throw StripeFault.Invalid("Cannot specify `proration_date` outside of the current billing period.", "proration_date");

        return Math.Min(date, now);
    }

    private static int OwnCard(Account account, CustomerRecord customer, string? id) =>
        id is null ? 0 : PaymentMethodEndpoints.NumberOf(customer, PaymentMethodEndpoints.Require(account, id));

    private static void Terms(EngineCustomer engine, EngineSubscription subscription, JsonObject parameters)
    {
        if (SubscriptionStart.WhenNoPaymentMethod(parameters) is { } behavior)
            subscription.WhenNoPaymentMethod = behavior;
        if (parameters.Has("collection_method") || parameters.Has("days_until_due"))
        {
            var isSent = parameters.Has("collection_method") ? parameters.Text("collection_method") == "send_invoice" : subscription.IsSent;
            subscription.DueInDays = isSent ? (int)(parameters.Int("days_until_due") ?? subscription.DueInDays ?? throw StripeFault.Missing("days_until_due")) : null;
        }

        engine.Touch(subscription);
    }

    private static void MoveTrial(EngineContext context, EngineCustomer engine, EngineSubscription subscription, JsonObject parameters)
    {
        if (parameters.Text("trial_end") == "now")
        {
            if (subscription.Status == SubscriptionStatus.Trialing)
                Trials.EndNow(context, engine, subscription);
        }
        else if (parameters.Int("trial_end") is { } end && end != subscription.TrialEnd)
        {
            Trials.MoveEnd(context, engine, subscription, end);
        }
    }

    private static void SetCoupons(EngineContext context, EngineCustomer engine, EngineSubscription subscription, List<string> wanted)
    {
        foreach (var discount in subscription.Discounts.Where(discount => !wanted.Contains(discount.Coupon.Key)).ToList())
            Coupons.Remove(engine, subscription, discount.Coupon.Key);
        foreach (var coupon in wanted.Where(coupon => !Array.Exists(subscription.Discounts, discount => discount.Coupon.Key == coupon)).ToList())
            Coupons.Apply(context, engine, subscription, coupon);
    }

    private static void RequirePaid(ChangeOutcome outcome, JsonObject parameters)
    {
        if (parameters.Text("payment_behavior") == "error_if_incomplete" && outcome.Invoice is { Status: InvoiceStatus.Open, Failures: [.., var last] })
            throw Declines.Of(last.DeclineCode ?? "authentication_required");
    }

    private static void Collection(EngineContext context, EngineCustomer engine, EngineSubscription subscription, JsonObject parameters)
    {
        if (parameters.Unsets("pause_collection"))
        {
            if (subscription.Pause is not null)
                Pauses.End(engine, subscription);
        }
        else if (parameters.Object("pause_collection") is { } pause)
        {
            Pauses.Start(context, engine, subscription, new PauseOptions
            {
                Behavior = pause.Text("behavior") switch
                {
                    "void" => PauseBehavior.Void,
                    "keep_as_draft" => PauseBehavior.KeepAsDraft,
                    "mark_uncollectible" => PauseBehavior.MarkUncollectible,
                    _ => throw StripeFault.Missing("pause_collection[behavior]"),
                },
                ResumesAt = pause.Int("resumes_at") is { } at ? Instants.At(at) : null,
            });
        }
    }

    private static void Cancel(EngineContext context, EngineCustomer engine, EngineSubscription subscription, JsonObject parameters)
    {
        var atEnd = parameters.Flag("cancel_at_period_end") == true || parameters.Text("cancel_at") is "min_period_end" or "max_period_end";
        if (atEnd)
        {
            Cancellation.Cancel(context, engine, subscription, new CancelOptions { Timing = CancelTiming.AtPeriodEnd, Reason = parameters.Object("cancellation_details")?.Text("comment") });
        }
        else if (parameters.Int("cancel_at") is { } at)
        {
            Cancellation.Cancel(context, engine, subscription, new CancelOptions { At = Instants.At(at), Prorate = SubscriptionStart.ProrationOf(parameters) != Proration.None });
        }
        else if ((parameters.Unsets("cancel_at") || parameters.Flag("cancel_at_period_end") == false) && subscription.CancelsAt != Instants.Never)
        {
            Cancellation.Undo(subscription);
            engine.Touch(subscription);
        }
    }
}
