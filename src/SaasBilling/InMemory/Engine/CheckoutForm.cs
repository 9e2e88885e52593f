using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>Where a card form is in its life. The names are those of Stripe's Checkout.</summary>
internal enum CheckoutStatus
{
    /// <summary>The customer can fill it in.</summary>
    Open,

    /// <summary>It was paid.</summary>
    Complete,

    /// <summary>Too late: 24 hours passed, a newer form took its place, or the customer was deleted.</summary>
    Expired,
}

/// <summary>A card form: what is sold when it is paid, and what became of it.</summary>
internal sealed record CheckoutForm
{
    public required string Id { get; init; }

    public required CreateSubscriptionRequest Request { get; init; }

    public required CheckoutOptions Options { get; init; }

    public required Uri Url { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public CheckoutStatus Status { get; init; }

    /// <summary>The subscription that the newest submission made, paid or not; null while nobody submitted it.</summary>
    public string? SubscriptionId { get; init; }

    public string CustomerId => Request.CustomerId;

    /// <summary>
    /// What is sold to a customer who submits the form at this instant: a trial has its full length from then on, and a submission that was
    /// not paid is replaced.
    /// </summary>
    public CreateSubscriptionRequest RequestAt(DateTimeOffset now) => Request with
    {
        TrialEnd = Request.TrialEnd + (now - CreatedAt),
        Replaces = SubscriptionId ?? Request.Replaces,
    };

    public CheckoutSession ToSession() => new(Id, Url, ExpiresAt);
}
