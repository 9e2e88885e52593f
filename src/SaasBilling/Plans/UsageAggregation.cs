namespace SaasBilling;

/// <summary>How the usage that is recorded on a <see cref="Meter"/> within one billing period becomes the one quantity that is billed.</summary>
/// <remarks>Source: https://docs.stripe.com/billing/subscriptions/usage-based/pricing-models; a maximum is known to Stripe's usage records only.</remarks>
public enum UsageAggregation
{
    /// <summary>The quantities of the period are added up. The default.</summary>
    Sum,

    /// <summary>The number of recorded entries, whatever their quantity.</summary>
    Count,

    /// <summary>The largest quantity of the period.</summary>
    Max,

    /// <summary>The quantity that was recorded last in the period: a level, such as the number of projects.</summary>
    Last,
}
