using System.Globalization;
using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary>How a subscription starts: https://docs.stripe.com/api/subscriptions/create.</summary>
internal static class SubscriptionStart
{
    private const int Hidden = -1;

    /// <param name="account">The account.</param>
    /// <param name="parameters">What was sent.</param>
    /// <param name="isScheduled">Whether a schedule starts it: it is active at once, and its first invoice is finalized and charged an hour later, as a renewal's.</param>
    public static SubscriptionRecord Create(Account account, JsonObject parameters, bool isScheduled = false)
    {
        Unsupported.Refuse(parameters, "backdate_start_date", "billing_cycle_anchor_config", "billing_thresholds", "pending_invoice_item_interval", "transfer_data");
        var customer = Customers.Require(account, parameters.Required("customer"));
        var world = customer.World;
        var request = RequestOf(account, customer, parameters);
        if (isScheduled)
            request = request with { InvoiceDueInDays = request.InvoiceDueInDays ?? 0 };
        var own = parameters.Text("default_payment_method") is { } id ? PaymentMethodEndpoints.NumberOf(customer, PaymentMethodEndpoints.Require(account, id)) : 0;
        var behavior = parameters.Text("payment_behavior") ?? "allow_incomplete";
        var charged = behavior == "default_incomplete" ? Hidden : own;
        var oneOffs = InvoiceItems.Additional(account, customer, parameters.Objects("add_invoice_items"));

        int Start(EngineContext context, EngineCustomer engine)
        {
            foreach (var item in oneOffs)
                engine.Pending = [.. engine.Pending ?? [], item with { Number = ++engine.LastPendingNumber }];
            var made = CardChoice.With(engine, charged, () => Subscribing.Create(context, engine, request));
            made.CardNumber = own;
            if (isScheduled)
                ChargeLater(engine, made);
            CancelLater(context, engine, made, parameters);
            return made.Number;
        }

        RequirePaid(account, customer, world.Try(customer, (context, engine) => Outcome(engine, Start(context, engine))), behavior);
        account.NewSubscription = BodyOf(parameters);
        account.NewCoupons = request.Coupons;
        customer.PayingCard = Math.Max(charged, 0);
        try
        {
            var record = customer.Subscriptions[world.RunAtOnce(customer, Start)];
            SubscriptionItems.TakeMetadata(account, record, parameters.Objects("items"));
            return record;
        }
        finally
        {
            account.NewSubscription = null;
            account.NewCoupons = [];
            customer.PayingCard = 0;
        }
    }

    public static CreateSubscriptionRequest RequestOf(Account account, CustomerRecord customer, JsonObject parameters)
    {
        var items = SubscriptionItems.New(account, parameters.Objects("items"));
        var (plan, interval, currency) = SubscriptionItems.Terms(account, items);
        return new CreateSubscriptionRequest
        {
            CustomerId = customer.Id,
            Name = string.Create(CultureInfo.InvariantCulture, $"subscription {customer.World.Find(customer).Subscriptions.Length + 1}"),
            PlanKey = plan,
            Items = items,
            Interval = interval,
            Currency = currency,
            TrialEnd = TrialEnd(customer, parameters),
            WhenNoPaymentMethod = WhenNoPaymentMethod(parameters) ?? TrialEndBehavior.CreateInvoice,
            BillingCycleAnchor = parameters.Int("billing_cycle_anchor") is { } anchor ? Instants.At(anchor) : null,
            Proration = ProrationOf(parameters),
            Coupons = CouponsOf(account, parameters) is { Count: > 0 } coupons ? coupons : customer.Body.Object("discount") is { } own ? [DiscountJson.CouponOf(own)] : [],
            InvoiceDueInDays = parameters.Text("collection_method") == "send_invoice" ? (int)(parameters.Int("days_until_due") ?? throw StripeFault.Missing("days_until_due")) : null,
        };
    }

    public static Proration ProrationOf(JsonObject parameters) => parameters.Text("proration_behavior") switch
    {
        null or "create_prorations" => Proration.CreateProrations,
        "none" => Proration.None,
        "always_invoice" => Proration.AlwaysInvoice,
        var other => throw StripeFault.Invalid($"Invalid proration_behavior: must be one of create_prorations, none, or always_invoice (got {other})", "proration_behavior"),
    };

    public static TrialEndBehavior? WhenNoPaymentMethod(JsonObject parameters) =>
        parameters.Object("trial_settings")?.Object("end_behavior")?.Text("missing_payment_method") switch
        {
            null => null,
            "cancel" => TrialEndBehavior.Cancel,
            "pause" => TrialEndBehavior.Pause,
            _ => TrialEndBehavior.CreateInvoice,
        };

    /// <summary>The coupons that discounts are made of, in their order.</summary>
    public static List<string> CouponsOf(Account account, JsonObject parameters)
    {
        var coupons = new List<string>();
        if (parameters.TryText("coupon", out var old))
            coupons.Add(old);
        foreach (var discount in parameters.Objects("discounts"))
        {
            var coupon = discount.Text("coupon");
            if (discount.TryText("promotion_code", out var code))
                coupon = PromotionCodes.CouponOf(account, code);
            else if (discount.TryText("discount", out var id))
                coupon = DiscountJson.CouponOf(account.Objects.FindPlain("discount", id)?.Body ?? throw StripeFault.NoSuchInParameter("discount", id, "discounts[0][discount]"));
            account.Catalog.GetCoupon(coupon ?? throw StripeFault.Missing("discounts[0][coupon]"));
            coupons.Add(coupon);
        }

        return coupons;
    }

    private static DateTimeOffset? TrialEnd(CustomerRecord customer, JsonObject parameters)
    {
        var now = customer.World.Now;
        if (parameters.Text("trial_end") == "now")
            return null;

        var end = parameters.Int("trial_end") ?? (parameters.Int("trial_period_days") is { } days and > 0 ? now + days * Instants.SecondsPerDay : null);
        return end is null ? null : Instants.At(end.Value);
    }

    private static JsonObject BodyOf(JsonObject parameters)
    {
        var body = new JsonObject();
        body.Take(parameters, "description", "default_payment_method", "payment_settings", "automatic_tax", "cancellation_details");
        body.TakeMetadata(parameters);
        return body;
    }

    private static void CancelLater(EngineContext context, EngineCustomer engine, EngineSubscription made, JsonObject parameters)
    {
        if (parameters.Flag("cancel_at_period_end") == true)
            Cancellation.Cancel(context, engine, made, new CancelOptions { Timing = CancelTiming.AtPeriodEnd });
        else if (parameters.Int("cancel_at") is { } at)
            Cancellation.Cancel(context, engine, made, new CancelOptions { At = Instants.At(at), Prorate = ProrationOf(parameters) != Proration.None });
    }

    // The engine starts a sent subscription as Stripe starts a scheduled one; what it sends is then to be charged.
    private static void ChargeLater(EngineCustomer engine, EngineSubscription made)
    {
        made.DueInDays = null;
        foreach (var draft in engine.Invoices.Where(invoice => invoice.SubscriptionNumber == made.Number && invoice.Status == InvoiceStatus.Draft))
        {
            draft.IsSent = false;
            draft.DueAt = Instants.Never;
            draft.AmountDue = Finalization.ExpectedDue(engine, draft);
        }
    }

    private static (bool IsIncomplete, bool HasFailed, string? DeclineCode, bool Asks) Outcome(EngineCustomer engine, int number)
    {
        var subscription = engine.FindSubscription(number)!;
        var failure = engine.Invoices.FindLast(invoice => invoice.SubscriptionNumber == number)?.Failures?.LastOrDefault();
        return (subscription.Status == SubscriptionStatus.Incomplete, failure is { At: > 0 }, failure?.DeclineCode, failure?.RequiresAction ?? false);
    }

    private static void RequirePaid(Account account, CustomerRecord customer, (bool IsIncomplete, bool HasFailed, string? DeclineCode, bool Asks) outcome, string behavior)
    {
        if (!outcome.IsIncomplete || behavior == "default_incomplete")
            return;

        if (!outcome.HasFailed)
        {
            throw StripeFault.Invalid(
                "This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
                code: "resource_missing");
        }

        if (behavior == "error_if_incomplete")
            throw outcome.Asks ? new StripeFault(402, "card_error", "subscription_payment_intent_requires_action", "Payment for this subscription requires additional user action before it can be completed successfully.") : Declines.Of(outcome.DeclineCode!);
    }
}
