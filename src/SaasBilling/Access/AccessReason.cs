namespace SaasBilling;

/// <summary>Why access is, or is not, granted.</summary>
public enum AccessReason
{
    /// <summary>Granted: a subscription is active.</summary>
    Subscribed,

    /// <summary>Granted: a trial is running.</summary>
    Trial,

    /// <summary>Granted: a renewal failed less than <see cref="SaasBillingOptions.PastDueGrace"/> ago.</summary>
    GracePeriod,

    /// <summary>Granted: the plan is free.</summary>
    FreePlan,

    /// <summary>Not granted: there never was a subscription.</summary>
    NoSubscription,

    /// <summary>Not granted: the trial ended unpaid.</summary>
    TrialExpired,

    /// <summary>Not granted: a renewal failed, and the grace period is over.</summary>
    PaymentFailed,

    /// <summary>Not granted: the first payment waits on the customer.</summary>
    Incomplete,

    /// <summary>Not granted: the subscription is paused.</summary>
    Paused,

    /// <summary>Not granted: the subscription ended.</summary>
    Canceled,
}

/// <summary>What the customer can do to get, or to keep, what they want.</summary>
public enum NextStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Choose a plan.</summary>
    Subscribe,

    /// <summary>Add a card, before the trial ends.</summary>
    AddPaymentMethod,

    /// <summary>Replace the card that was declined.</summary>
    UpdatePaymentMethod,

    /// <summary>Answer the bank.</summary>
    ConfirmPayment,

    /// <summary>Take the subscription up again.</summary>
    Reactivate,

    /// <summary>End the pause.</summary>
    Resume,

    /// <summary>Choose a plan that has the feature, or more of it.</summary>
    Upgrade,
}
