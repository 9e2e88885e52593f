using SaasBilling.Providers;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Commands;

/// <summary>Requests about Stripe's own pages. Pure.</summary>
internal static class CheckoutForms
{
    /// <param name="request">What is sold.</param>
    /// <param name="checkout">Where it leads.</param>
    /// <param name="stripeId">Stripe's id of the customer.</param>
    /// <param name="items">The prices on Stripe.</param>
    /// <param name="requiresCard">Whether a card is asked for also where nothing is due.</param>
    /// <param name="options">How the form is.</param>
    /// <param name="subscriptions">How coupons are named.</param>
    /// <param name="expiresAt">When it closes.</param>
    public static StripeForm Session(
        CreateSubscriptionRequest request,
        CheckoutOptions checkout,
        string stripeId,
        IReadOnlyList<WantedItem> items,
        bool requiresCard,
        StripeBillingOptions options,
        SubscriptionForms subscriptions,
        DateTimeOffset expiresAt)
    {
        var form = new StripeForm()
            .Add("mode", "subscription")
            .Add("customer", stripeId)
            .Add("success_url", checkout.SuccessUrl.OriginalString)
            .Add("cancel_url", checkout.CancelUrl.OriginalString)
            .Add("expires_at", expiresAt)
            .Add("payment_method_collection", requiresCard ? "always" : "if_required");
        SubscriptionForms.AddItems(form, "line_items", items);
        form.Add("subscription_data[billing_mode][type]", "flexible");
        SubscriptionForms.AddTerms(form, request, "subscription_data");
        SubscriptionForms.AddMetadata(form, request, "subscription_data");
        SubscriptionForms.AddMetadata(form, request, "");

        // Stripe takes the application's coupons or the customer's codes, not both.
        if (request.Coupons.Count > 0)
            subscriptions.AddCoupons(form, request.Coupons);
        else if (options.AllowPromotionCodes)
            form.Add("allow_promotion_codes", true);
        if (options.AutomaticTax)
            form.Add("automatic_tax[enabled]", true).Add("customer_update[address]", "auto");
        return form;
    }

    public static StripeForm Portal(string stripeId, Uri returnUrl, string? configuration) => new StripeForm()
        .Add("customer", stripeId)
        .Add("return_url", returnUrl.OriginalString)
        .Add("configuration", configuration);

    internal static bool IsFor(StripeObject session, string name) => (session.Metadata(Names.Subscription) ?? "default") == name;
}
