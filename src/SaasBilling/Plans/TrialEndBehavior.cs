namespace SaasBilling;

/// <summary>What happens when a trial ends and the customer has no payment method.</summary>
/// <remarks>Source: Stripe's <c>trial_settings.end_behavior.missing_payment_method</c>, https://docs.stripe.com/billing/subscriptions/trials/free-trials.</remarks>
public enum TrialEndBehavior
{
    /// <summary>The subscription is canceled, and nothing is invoiced. The default.</summary>
    Cancel,

    /// <summary>The subscription is paused and nothing is invoiced, until a payment method is added and the subscription is resumed.</summary>
    Pause,

    /// <summary>The subscription becomes active and is invoiced; it is past due when that invoice is finalized unpaid.</summary>
    CreateInvoice,
}
