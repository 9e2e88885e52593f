namespace SaasBilling.StripeServer;

/// <summary>How the local Stripe starts.</summary>
public sealed class StripeServerOptions
{
    /// <summary>The loopback port.</summary>
    /// <value>0: any that is free.</value>
    public int Port { get; set; }

    /// <summary>A clock that starts here and that only <see cref="StripeServer.AdvanceAsync"/> moves; null: <see cref="Time"/>.</summary>
    /// <value>Null.</value>
    public DateTimeOffset? StartAt { get; set; }

    /// <summary>The clock, where <see cref="StartAt"/> is null. What is due is done when a request comes, or at <see cref="StripeServer.CatchUpAsync"/>.</summary>
    /// <value>Real time.</value>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The secret key.</summary>
    /// <value><c>sk_test_local</c>.</value>
    public string ApiKey { get; set; } = "sk_test_local";

    /// <summary>The secret of endpoints that <see cref="StripeServer.RegisterWebhook"/> registers.</summary>
    /// <value><c>whsec_local</c>.</value>
    public string WebhookSecret { get; set; } = "whsec_local";

    /// <summary>What the account's settings say about failed payments, drafts and first payments.</summary>
    /// <value>As the embedded engine.</value>
    public InMemoryBillingOptions Billing { get; set; } = new();
}
