namespace SaasBilling.Providers;

/// <summary>
/// The authority on billing: Stripe, or the in-memory engine. Small on purpose; what not every provider can do is a capability interface of
/// its own (<see cref="ICheckoutProvider"/>, <see cref="IPortalProvider"/>, <see cref="ICatalogProvider"/>, <see cref="IWebhookProvider"/>,
/// <see cref="IChangeFeedProvider"/>, <see cref="IAdoptionProvider"/>, <see cref="IClockedProvider"/>, <see cref="IForecastProvider"/>), found with
/// <c>is</c>.
/// </summary>
/// <remarks>
/// Arguments are validated before they get here: plan, price and coupon keys exist, the state allows the command. Every mutation carries an
/// idempotency key: a repetition with the same key does nothing and gives the first answer. A mutation answers with what it changed; a
/// failure that is no <see cref="BillingException"/> is a bug. A decline is not a failure: it is in the snapshot.
/// </remarks>
public interface IBillingProvider
{
    /// <summary>The name for messages and diagnostics, such as <c>in-memory</c>.</summary>
    string Name { get; }

    /// <summary>What changed of the customer since <paramref name="cursor"/>; everything when that is null.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="cursor">The <see cref="CustomerSnapshot.Cursor"/> of an earlier snapshot.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Null when the provider does not know the customer.</returns>
    Task<CustomerSnapshot?> ReadCustomerAsync(string customerId, string? cursor, CancellationToken cancellationToken);

    /// <summary>The application's ids of all customers that the provider knows; reconciliation walks them.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    IAsyncEnumerable<string> ListCustomersAsync(CancellationToken cancellationToken);

    /// <summary>Creates the customer or updates the given details.</summary>
    /// <param name="request">The customer.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> EnsureCustomerAsync(EnsureCustomerRequest request, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Ends every subscription at once and detaches payment methods; open invoices are no longer collected.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> DeleteCustomerAsync(string customerId, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Attaches a card. The result's id is the payment method's.</summary>
    /// <param name="request">The card.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.ProviderRejected"/> with a decline code, or <see cref="BillingErrorCode.UnknownPaymentMethod"/>.</exception>
    Task<ProviderResult> AddPaymentMethodAsync(AddPaymentMethodRequest request, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Detaches a card.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="paymentMethodId">The card.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> RemovePaymentMethodAsync(string customerId, string paymentMethodId, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Starts a subscription. The result's id is the subscription's.</summary>
    /// <param name="request">What is sold, and how it starts.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> CreateSubscriptionAsync(CreateSubscriptionRequest request, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Changes items, now or at the period's end.</summary>
    /// <param name="request">The wanted items.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> ChangeSubscriptionAsync(ChangeSubscriptionRequest request, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Drops the change that waits for the period's end.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> DropScheduledChangeAsync(SubscriptionRef subscription, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Moves the trial's end, gives free time to an active subscription, or ends the trial now.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="trialEnd">The new end; null: now.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> SetTrialEndAsync(SubscriptionRef subscription, DateTimeOffset? trialEnd, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Pauses collection.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="options">What becomes of the invoices.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> PauseSubscriptionAsync(SubscriptionRef subscription, PauseOptions options, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Undoes a scheduled cancellation, ends a pause, or both.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> ResumeSubscriptionAsync(SubscriptionRef subscription, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Cancels now, at the period's end, or at a date. Of two that are not yet due, the later call counts. A voided or written-off invoice's time is not credited.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="options">When and how.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> CancelSubscriptionAsync(SubscriptionRef subscription, CancelOptions options, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Attaches a coupon.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="couponKey">The coupon.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: used up or expired.</exception>
    Task<ProviderResult> ApplyCouponAsync(SubscriptionRef subscription, string couponKey, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Takes a coupon off.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="couponKey">The coupon.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> RemoveCouponAsync(SubscriptionRef subscription, string couponKey, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Adds a one-off charge to a coming invoice. The result's id is the <see cref="PendingCharge"/>'s.</summary>
    /// <param name="request">The charge.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> AddChargeAsync(AddChargeRequest request, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Invoices a one-off charge and tries to collect it. The result's id is the invoice's.</summary>
    /// <param name="request">The charge.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> ChargeNowAsync(AddChargeRequest request, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Adds to the credit balance.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="amount">Positive: credit for the customer.</param>
    /// <param name="reason">Why.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> AddCreditAsync(string customerId, Money amount, string reason, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Returns money to the card. The result's id is the refund's.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="invoiceId">A paid invoice.</param>
    /// <param name="amount">How much.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> RefundAsync(string customerId, string invoiceId, Money amount, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Finalizes, pays, voids or writes off an invoice.</summary>
    /// <param name="customerId">The application's id.</param>
    /// <param name="invoiceId">The invoice.</param>
    /// <param name="action">What to do.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> ActOnInvoiceAsync(string customerId, string invoiceId, InvoiceAction action, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Records metered usage. Its <see cref="UsageRequest.Key"/> is the idempotency key, for as long as its period is open.</summary>
    /// <param name="request">The usage.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderResult> RecordUsageAsync(UsageRequest request, CancellationToken cancellationToken);

    /// <summary>What a change would cost, or with no change what the next renewal will invoice. Changes nothing.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="change">The change; null: as things stand.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<InvoicePreview> PreviewAsync(SubscriptionRef subscription, ChangeSubscriptionRequest? change, CancellationToken cancellationToken);
}
