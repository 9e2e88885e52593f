namespace SaasBilling;

/// <summary>Where an invoice is in its life. See https://docs.stripe.com/invoicing/integration/workflow-transitions.</summary>
public enum InvoiceStatus
{
    /// <summary>Lines may still change; it has no number.</summary>
    Draft,

    /// <summary>Finalized, to be paid.</summary>
    Open,

    /// <summary>Paid, or nothing was to be paid. Final.</summary>
    Paid,

    /// <summary>Written off; may still be paid.</summary>
    Uncollectible,

    /// <summary>Made invalid. Final.</summary>
    Void,
}

/// <summary>Why an invoice was made. The names are those of Stripe's <c>billing_reason</c>.</summary>
public enum BillingReason
{
    /// <summary>A one-off charge.</summary>
    Manual,

    /// <summary>The first invoice of a subscription, or the zero invoice of a trial's start.</summary>
    SubscriptionCreate,

    /// <summary>A renewal, or the end of a trial.</summary>
    SubscriptionCycle,

    /// <summary>A change that was invoiced at once, a trial that was ended by a call, a resumed subscription, a final invoice.</summary>
    SubscriptionUpdate,
}
