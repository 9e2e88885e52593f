namespace SaasBilling;

/// <summary>The free trial that a <see cref="Plan"/> offers.</summary>
public sealed record TrialTerms
{
    /// <summary>The longest trial, in days: 730, as on Stripe.</summary>
    /// <remarks>Source: https://docs.stripe.com/billing/subscriptions/trials/free-trials.</remarks>
    public const int MaxDays = 730;

    /// <summary>The length in days of 24 hours, from 1 to <see cref="MaxDays"/>.</summary>
    public required int Days { get; init; }

    /// <summary>Whether a customer needs a payment method to start the trial.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool RequirePaymentMethod { get; init; }

    /// <summary>What happens when the trial ends and there is no payment method; with <see cref="RequirePaymentMethod"/>, when it was removed in the meantime.</summary>
    /// <value><see cref="TrialEndBehavior.Cancel"/> by default.</value>
    public TrialEndBehavior WhenNoPaymentMethod { get; init; } = TrialEndBehavior.Cancel;
}
