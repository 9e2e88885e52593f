namespace SaasBilling;

/// <summary>Where a subscription is in its life. The names are Stripe's, see https://docs.stripe.com/billing/subscriptions/overview.</summary>
public enum SubscriptionStatus
{
    /// <summary>The first payment waits on the customer; expires after 23 hours.</summary>
    Incomplete,

    /// <summary>The first payment never came. Terminal.</summary>
    IncompleteExpired,

    /// <summary>In a free trial, or in free time.</summary>
    Trialing,

    /// <summary>Paid for, or nothing to pay.</summary>
    Active,

    /// <summary>A renewal's payment failed and is being retried.</summary>
    PastDue,

    /// <summary>The retries are exhausted; new invoices stay drafts.</summary>
    Unpaid,

    /// <summary>Paused by a call, or by a trial's end without a payment method.</summary>
    Paused,

    /// <summary>Over. Terminal.</summary>
    Canceled,

    /// <summary>A status that the provider introduced after this version was made; access stays as it was.</summary>
    Unknown,
}
