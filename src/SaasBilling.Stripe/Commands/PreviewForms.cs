using SaasBilling.Providers;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Commands;

/// <summary>Questions about what would be invoiced. Pure.</summary>
internal static class PreviewForms
{
    private const string Details = "subscription_details";

    /// <summary>The next invoice as things stand.</summary>
    public static StripeForm Next(string stripeId, string subscriptionId) => new StripeForm().Add("customer", stripeId).Add("subscription", subscriptionId);

    /// <summary>The invoice that a change makes: at once, or the next one with its prorations.</summary>
    public static StripeForm Change(string stripeId, ChangeSubscriptionRequest request, WireSubscription current, IReadOnlyList<ItemChange> changes)
    {
        var form = Next(stripeId, current.Id);
        SubscriptionForms.AddChanges(form, $"{Details}[items]", changes);
        SubscriptionForms.AddProration(form, Details, request, current);
        return form;
    }

    /// <summary>The renewal after a change, without what the change itself makes.</summary>
    public static StripeForm After(string stripeId, WireSubscription current, IReadOnlyList<ItemChange> changes)
    {
        var form = Next(stripeId, current.Id).Add("preview_mode", "recurring");
        SubscriptionForms.AddChanges(form, $"{Details}[items]", changes);
        return form.Add($"{Details}[proration_behavior]", "none");
    }
}
