using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <summary>A provider under test, with what a test needs to make time pass and cards fail.</summary>
/// <remarks>
/// Derive it for a provider of your own. A harness is made for one test and disposed after it; nothing of one test may be visible in
/// another.
/// </remarks>
public abstract class ProviderHarness : IAsyncDisposable
{
    /// <summary>The provider under test.</summary>
    public abstract IBillingProvider Provider { get; }

    /// <summary>The present of the provider, UTC, in whole seconds.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>Lets time pass, and returns when everything that was due on the way has run at the provider.</summary>
    /// <param name="by">How much time. Longer than zero.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken);

    /// <summary>Lets the customer answer the bank's question (3-D Secure) of a payment that waits on them.</summary>
    /// <param name="subscription">The subscription whose payment waits.</param>
    /// <param name="authenticate">Whether they are who they say.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract Task AnswerPaymentActionAsync(SubscriptionRef subscription, bool authenticate, CancellationToken cancellationToken);

    /// <summary>Lets the customer fill in an open card form.</summary>
    /// <param name="checkoutSessionId">The session.</param>
    /// <param name="token">The card's token.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract Task SubmitCheckoutAsync(string checkoutSessionId, string token, CancellationToken cancellationToken);

    /// <summary>The tokens of the cards that the suite uses.</summary>
    /// <value>Those of Stripe's test payment methods, see <see cref="TestPaymentMethods"/>.</value>
    public virtual ConformanceCards Cards { get; } = new();

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
