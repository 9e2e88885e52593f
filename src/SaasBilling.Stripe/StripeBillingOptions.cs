namespace SaasBilling;

/// <summary>How the application talks to its Stripe account. Checked when the host starts; every fault is named in one message.</summary>
public sealed class StripeBillingOptions
{
    /// <summary>
    /// The secret key (<c>sk_test_…</c>, <c>sk_live_…</c>) or a restricted key (<c>rk_test_…</c>, <c>rk_live_…</c>). Keep it out of source code. A
    /// permission that a restricted key lacks is named in the error of the call that needs it.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// The signing secrets of the webhook endpoint (<c>whsec_…</c>): one, or several while one is rotated. At least one is needed: an endpoint without
    /// a secret would be open to anyone.
    /// </summary>
    public IList<string> WebhookSecrets { get; init; } = [];

    /// <summary>Where Stripe is: another address only for a local server in tests.</summary>
    /// <value><c>https://api.stripe.com</c> by default.</value>
    public Uri ApiBase { get; set; } = new("https://api.stripe.com");

    /// <summary>How long one call may take in all, with its repetitions and the waiting between them; from 1 second to 10 minutes.</summary>
    /// <value>30 seconds by default.</value>
    public TimeSpan TimeBudget { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take before it is given up and repeated; from 100 milliseconds to <see cref="TimeBudget"/>.</summary>
    /// <value>20 seconds by default.</value>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How often a request is repeated under the same idempotency key where Stripe says that this is safe: after time-outs, resets, 409, 429 and 5xx;
    /// from 0 to 10. A request that Stripe refused (400, 402) is never repeated.
    /// </summary>
    /// <value>4 by default.</value>
    public int MaxRetries { get; set; } = 4;

    /// <summary>How old the signature of a webhook may be, and how far ahead; from 1 second to 1 hour.</summary>
    /// <value>5 minutes by default. Source: https://docs.stripe.com/webhooks.</value>
    public TimeSpan WebhookTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Stands before the keys of prices, coupons and products on Stripe, so that several applications can share an account; 1 to 40 letters, digits,
    /// '-', '_', '.' and ':'. Changing it makes a new catalog on Stripe.
    /// </summary>
    /// <value><c>saasbilling:</c> by default.</value>
    public string CatalogPrefix { get; set; } = "saasbilling:";

    /// <summary>Whether Stripe Tax computes the tax of subscriptions, checkouts and one-off invoices. It must be set up in the account.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool AutomaticTax { get; set; }

    /// <summary>The portal configuration (<c>bpc_…</c>) of the page for customers; null: the account's default.</summary>
    public string? PortalConfiguration { get; set; }

    /// <summary>How long a card form stays open; from 30 minutes to 24 hours, which is what Stripe allows.</summary>
    /// <value>23 hours by default.</value>
    public TimeSpan CheckoutExpiry { get; set; } = TimeSpan.FromHours(23);

    /// <summary>Whether customers may type promotion codes into the card form. Not with coupons that the application gives: Stripe takes one or the other.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool AllowPromotionCodes { get; set; }

    /// <summary>What requests are sent through, such as a proxy's handler; null: connections of this package's own, which are renewed every few minutes. Not disposed.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }
}
