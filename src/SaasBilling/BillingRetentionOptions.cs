namespace SaasBilling;

/// <summary>How long the worker keeps what is no longer needed. It looks once an hour.</summary>
public sealed class BillingRetentionOptions
{
    /// <summary>How long the bodies of handled webhooks are kept, for people who look for a fault.</summary>
    /// <value>30 days. Not negative, and not longer than <see cref="Webhooks"/>.</value>
    public TimeSpan WebhookBodies { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a handled webhook is known, so that it is recognized when it is delivered again.</summary>
    /// <value>90 days. At least 30 days.</value>
    public TimeSpan Webhooks { get; set; } = TimeSpan.FromDays(90);
}
