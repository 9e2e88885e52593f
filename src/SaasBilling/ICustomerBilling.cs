using System.Runtime.CompilerServices;

namespace SaasBilling;

/// <summary>
/// One customer's billing. Every call that changes something reaches the provider first and is then committed with its events; a call that
/// throws changed nothing. Misuse and outages throw <see cref="BillingException"/>; a declined card does not: it comes back as state.
/// </summary>
/// <remarks>
/// Commands on one customer run one after the other. A text that is null, blank or too long is an <see cref="ArgumentException"/>. Beside the codes that a
/// method names, every command can throw <see cref="BillingErrorCode.InvalidState"/> for a customer who was deleted, <see cref="BillingErrorCode.Conflict"/>,
/// and what the provider reports: <see cref="BillingErrorCode.ProviderUnavailable"/>, <see cref="BillingErrorCode.RateLimited"/>,
/// <see cref="BillingErrorCode.ProviderRejected"/>. After an outage the same call can be repeated: what was done is not done twice. Once the provider has
/// answered, canceling the token no longer stops the call. All instants are UTC, to the second.
/// </remarks>
public interface ICustomerBilling
{
    /// <summary>The application's id of the customer.</summary>
    string CustomerId { get; }

    /// <summary>The subscription's name.</summary>
    string SubscriptionName { get; }

    /// <summary>Creates the customer, or updates what is given. Idempotent. Other calls create the customer by themselves where they need one.</summary>
    /// <param name="details">What to set; null members stay as they are.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: no e-mail address, time zone or language tag; too long.</exception>
    Task<Customer> EnsureCustomerAsync(CustomerDetails? details = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes over a customer, and what they have, that the provider has already: made in its dashboard, or by an integration of earlier days. Idempotent. The
    /// first commit tells of everything that the provider still has, each event with the instant at which it happened.
    /// </summary>
    /// <param name="providerCustomerId">The provider's id of the customer, such as Stripe's <c>cus_…</c>.</param>
    /// <param name="providerSubscriptionId">
    /// The provider's id of the subscription that gets <see cref="SubscriptionName"/>, such as <c>sub_…</c>. Null: the oldest live one is <c>default</c>,
    /// and any other is named by its id.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.UnknownCustomer"/>, <see cref="BillingErrorCode.NotSubscribed"/>: the provider does not have it, or in another account or
    /// mode; <see cref="BillingErrorCode.InvalidState"/>: one of the two is linked to another, or the customer was deleted;
    /// <see cref="BillingErrorCode.AlreadySubscribed"/>: another live subscription has the name; <see cref="BillingErrorCode.InvalidArgument"/>: a name other
    /// than <c>default</c> without a subscription; <see cref="BillingErrorCode.NotSupportedByProvider"/>: the provider has no customers of others.
    /// </exception>
    Task<Customer> AdoptAsync(string providerCustomerId, string? providerSubscriptionId = null, CancellationToken cancellationToken = default);

    /// <summary>The customer; null when billing has never seen them.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Customer?> GetCustomerAsync(CancellationToken cancellationToken = default);

    /// <summary>The owner left: ends every subscription at once, detaches payment methods, stops outreach; history stays. Idempotent.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCustomer"/>.</exception>
    Task DeleteCustomerAsync(CancellationToken cancellationToken = default);

    /// <summary>Tells that the customer reached a milestone, such as <c>imported-data</c>: outreach asks for what was not done yet. Idempotent.</summary>
    /// <param name="milestone">The milestone's name, at most 100 characters.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task RecordMilestoneAsync(string milestone, CancellationToken cancellationToken = default);

    /// <summary>Opens a card form that starts a subscription when it is paid. An older open one of the same name expires.</summary>
    /// <param name="planKey">The plan; its trial, if the customer still has one, starts with the card on file.</param>
    /// <param name="options">What is sold, and where the form leads.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSupportedByProvider"/>, and as for <see cref="SubscribeAsync"/>.</exception>
    Task<CheckoutSession> CreateCheckoutAsync(string planKey, CheckoutOptions options, CancellationToken cancellationToken = default);

    /// <summary>Called by the success page, so that the customer never waits for the webhook. The same road as the webhook; running both is harmless.</summary>
    /// <param name="checkoutSessionId">The session's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The subscription; null when the form was not paid yet.</returns>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: the customer has no such session; <see cref="BillingErrorCode.NotSupportedByProvider"/>.</exception>
    Task<Subscription?> CompleteCheckoutAsync(string checkoutSessionId, CancellationToken cancellationToken = default);

    /// <summary>A page on which the customer manages card, plan and invoices.</summary>
    /// <param name="returnUrl">Where the page leads back to; a whole web address.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>, <see cref="BillingErrorCode.NotSupportedByProvider"/>.</exception>
    Task<Uri> CreatePortalUrlAsync(Uri returnUrl, CancellationToken cancellationToken = default);

    /// <summary>Puts a card on file. A new default card is used by the next retry; <see cref="PayInvoiceAsync"/> pays at once.</summary>
    /// <param name="token">A token of the provider's card form; with the in-memory provider one of <see cref="TestPaymentMethods"/>.</param>
    /// <param name="makeDefault">Whether invoices are charged to it from now on; the first one always is.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.ProviderRejected"/> with a decline code: the card cannot be attached; <see cref="BillingErrorCode.UnknownPaymentMethod"/>.</exception>
    Task<PaymentMethod> AddPaymentMethodAsync(string token, bool makeDefault = true, CancellationToken cancellationToken = default);

    /// <summary>The cards on file, the default first.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<PaymentMethod>> GetPaymentMethodsAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes a card off file. If it was the default, there is no default until one is added.</summary>
    /// <param name="paymentMethodId">The card's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownPaymentMethod"/>.</exception>
    Task RemovePaymentMethodAsync(string paymentMethodId, CancellationToken cancellationToken = default);

    /// <summary>Starts a free trial; no card is needed unless the plan requires one.</summary>
    /// <param name="planKey">The plan.</param>
    /// <param name="options">The trial's length, and what will be billed when it ends.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.TrialAlreadyUsed"/>, <see cref="BillingErrorCode.AlreadySubscribed"/>, <see cref="BillingErrorCode.UnknownPlan"/>, <see cref="BillingErrorCode.UnknownPrice"/>, <see cref="BillingErrorCode.UnknownCoupon"/>, <see cref="BillingErrorCode.CurrencyMismatch"/>, <see cref="BillingErrorCode.InvalidArgument"/>, <see cref="BillingErrorCode.InvalidState"/> (the plan requires a card), <see cref="BillingErrorCode.Refused"/>.</exception>
    Task<Subscription> StartTrialAsync(string planKey, TrialOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Sets the trial's end: later, or earlier but not past. On an Active subscription it gives free time: the anchor moves to the new end, nothing is credited or charged now.</summary>
    /// <param name="until">The new end, UTC; in the future, at most 730 days ahead.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSubscribed"/>, <see cref="BillingErrorCode.InvalidState"/>, <see cref="BillingErrorCode.InvalidArgument"/>.</exception>
    Task<Subscription> ExtendTrialAsync(DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>Ends the trial now: the first period starts and is invoiced at once. With no payment method it does what the plan says.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSubscribed"/>; <see cref="BillingErrorCode.InvalidState"/>: no trial is running, or there is no payment method and the plan's <see cref="TrialEndBehavior"/> is <see cref="TrialEndBehavior.CreateInvoice"/>.</exception>
    Task<Subscription> EndTrialAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a subscription, with the plan's trial unless it was used or is skipped. When the first payment is declined, or waits on the customer,
    /// the subscription comes back <see cref="SubscriptionStatus.Incomplete"/> with a <see cref="Subscription.PendingPayment"/>; an Incomplete one is replaced by the next try.
    /// A card that was attached by the call stays on file even when the subscription then cannot start.
    /// </summary>
    /// <param name="planKey">The plan.</param>
    /// <param name="options">Interval, seats, add-ons, coupons, card.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.AlreadySubscribed"/>, <see cref="BillingErrorCode.UnknownPlan"/>, <see cref="BillingErrorCode.UnknownPrice"/>, <see cref="BillingErrorCode.UnknownCoupon"/>, <see cref="BillingErrorCode.CurrencyMismatch"/>, <see cref="BillingErrorCode.InvalidArgument"/>, <see cref="BillingErrorCode.InvalidState"/> (the plan's trial requires a card; the coupon is used up, expired, or for other plans), <see cref="BillingErrorCode.ProviderRejected"/> (the card cannot be attached), <see cref="BillingErrorCode.Refused"/>.</exception>
    Task<Subscription> SubscribeAsync(string planKey, SubscribeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>What the change would cost, pinned to one instant: accepting the quote charges exactly its lines, or fails with <see cref="BillingErrorCode.QuoteExpired"/>.</summary>
    /// <param name="change">What is to be different.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The quote. It has no lines where nothing would be different, in a trial, or for a change at the period's end.</returns>
    /// <exception cref="BillingException">As for the change itself, but for <see cref="BillingErrorCode.Refused"/>.</exception>
    Task<ChangeQuote> QuoteChangeAsync(SubscriptionChange change, CancellationToken cancellationToken = default);

    /// <summary>Accepts a quote.</summary>
    /// <param name="quote">What <see cref="QuoteChangeAsync"/> returned.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.QuoteExpired"/>: its time is over, or it would now charge something else; and as for a change without a quote.</exception>
    Task<Subscription> ChangeAsync(ChangeQuote quote, CancellationToken cancellationToken = default);

    /// <summary>
    /// Changes plan, interval, seats or add-ons, now or at the period's end. A change that makes no difference changes nothing; one for the period's end
    /// takes the place of the one that waits, and drops it where everything is to stay as it is.
    /// </summary>
    /// <param name="change">What is to be different.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The subscription after it. Where the charge failed the change stands, and the subscription is <see cref="SubscriptionStatus.PastDue"/>.</returns>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSubscribed"/>, <see cref="BillingErrorCode.InvalidState"/>, <see cref="BillingErrorCode.UnknownPlan"/>, <see cref="BillingErrorCode.UnknownPrice"/>, <see cref="BillingErrorCode.InvalidArgument"/>, <see cref="BillingErrorCode.Refused"/>.</exception>
    [OverloadResolutionPriority(1)] // So that ChangeAsync(new() { PlanKey = "team" }) is this one, and compiles.
    Task<Subscription> ChangeAsync(SubscriptionChange change, CancellationToken cancellationToken = default);

    /// <summary>Drops the change that waits for the period's end.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSubscribed"/>; <see cref="BillingErrorCode.InvalidState"/>: none is scheduled.</exception>
    Task<Subscription> UndoScheduledChangeAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops collection, and with it access, until <see cref="ResumeAsync"/> or <see cref="PauseOptions.ResumesAt"/>.</summary>
    /// <param name="options">What becomes of the invoices; default: they are voided.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSubscribed"/>, <see cref="BillingErrorCode.InvalidArgument"/>; <see cref="BillingErrorCode.InvalidState"/>: its first payment is missing, or its trial's end paused it already.</exception>
    Task<Subscription> PauseAsync(PauseOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Cancels, by default at the period's end: access stays until then.</summary>
    /// <param name="options">When, and what becomes of the time that is cut off. A reason that comes late, with the same end, is taken.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSubscribed"/>, <see cref="BillingErrorCode.InvalidArgument"/>, <see cref="BillingErrorCode.Refused"/>; <see cref="BillingErrorCode.InvalidState"/>: no period is running out, so that only an immediate cancellation is possible.</exception>
    Task<Subscription> CancelAsync(CancelOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Undoes a scheduled cancellation, ends a pause, or both. A subscription that a trial's end paused needs a payment method first; then a new period starts now and is charged.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSubscribed"/>; <see cref="BillingErrorCode.InvalidState"/>: there is nothing to undo, or no payment method.</exception>
    Task<Subscription> ResumeAsync(CancellationToken cancellationToken = default);

    /// <summary>After a subscription ended: the same plan, interval and quantities again, as a new subscription, without a trial and without the old coupons.</summary>
    /// <param name="options">What is to be different this time. What is not set is as before: interval, currency, seats, add-ons, and whether invoices are sent.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSubscribed"/>: there never was one; <see cref="BillingErrorCode.AlreadySubscribed"/>: it has not ended; and as for <see cref="SubscribeAsync"/>.</exception>
    Task<Subscription> ReactivateAsync(SubscribeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The newest subscription of this name, live or ended; null when there never was one.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Subscription?> GetSubscriptionAsync(CancellationToken cancellationToken = default);

    /// <summary>Puts a one-off charge on the next invoice of this subscription if it is live, else on the customer's next invoice.</summary>
    /// <param name="amount">In the customer's currency; may be negative, not zero.</param>
    /// <param name="description">What it is for; stands on the invoice. At most 500 characters.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>, <see cref="BillingErrorCode.InvalidArgument"/>.</exception>
    Task<InvoiceLine> AddChargeAsync(Money amount, string description, CancellationToken cancellationToken = default);

    /// <summary>Invoices a one-off charge and charges it now. A decline is no exception: the invoice comes back open, with its decline code.</summary>
    /// <param name="amount">Positive, in the customer's currency.</param>
    /// <param name="description">What it is for; stands on the invoice. At most 500 characters.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>, <see cref="BillingErrorCode.InvalidArgument"/>; <see cref="BillingErrorCode.InvalidState"/>: there is no default payment method.</exception>
    Task<Invoice> ChargeNowAsync(Money amount, string description, CancellationToken cancellationToken = default);

    /// <summary>Gives credit that the next invoices use up, or with a negative amount takes it away. No event tells of it: the balance does, and the invoices that it pays.</summary>
    /// <param name="amount">In the customer's currency; negative: what the balance does not cover is added to the next invoice. Not zero.</param>
    /// <param name="reason">Why; at most 500 characters.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>, <see cref="BillingErrorCode.InvalidArgument"/>.</exception>
    Task AddCreditAsync(Money amount, string reason, CancellationToken cancellationToken = default);

    /// <summary>Returns a payment to the card.</summary>
    /// <param name="invoiceId">A paid invoice.</param>
    /// <param name="amount">Default: what was paid and not yet refunded.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownInvoice"/>, <see cref="BillingErrorCode.InvalidState"/>, <see cref="BillingErrorCode.InvalidArgument"/> (more than is left), <see cref="BillingErrorCode.CurrencyMismatch"/>.</exception>
    Task<Refund> RefundAsync(string invoiceId, Money? amount = null, CancellationToken cancellationToken = default);

    /// <summary>Attaches a coupon; it counts from the next invoice on.</summary>
    /// <param name="couponKey">The coupon in the catalog.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCoupon"/>, <see cref="BillingErrorCode.NotSubscribed"/>, <see cref="BillingErrorCode.CurrencyMismatch"/>, <see cref="BillingErrorCode.InvalidState"/> (already attached, used up, expired, not for this plan).</exception>
    Task<Subscription> ApplyCouponAsync(string couponKey, CancellationToken cancellationToken = default);

    /// <summary>Takes a coupon off; invoices that were made stay as they are.</summary>
    /// <param name="couponKey">A coupon that the subscription has.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCoupon"/>: the subscription does not have it; <see cref="BillingErrorCode.NotSubscribed"/>.</exception>
    Task<Subscription> RemoveCouponAsync(string couponKey, CancellationToken cancellationToken = default);

    /// <summary>Charges the default method now, or records a bank transfer. A decline is no exception: the invoice comes back open, with its decline code.</summary>
    /// <param name="invoiceId">An open or uncollectible invoice, or a draft (which is finalized first).</param>
    /// <param name="paidOutOfBand">Whether the money came another way.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownInvoice"/>; <see cref="BillingErrorCode.InvalidState"/>: its status does not allow it, or there is no default payment method.</exception>
    Task<Invoice> PayInvoiceAsync(string invoiceId, bool paidOutOfBand = false, CancellationToken cancellationToken = default);

    /// <summary>Finalizes a draft before its time; a renewal's is then charged.</summary>
    /// <param name="invoiceId">A draft.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownInvoice"/>; <see cref="BillingErrorCode.InvalidState"/>: its status does not allow it.</exception>
    Task<Invoice> FinalizeInvoiceAsync(string invoiceId, CancellationToken cancellationToken = default);

    /// <summary>Makes an open or uncollectible invoice invalid; the credit that it used goes back to the balance.</summary>
    /// <param name="invoiceId">The invoice.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownInvoice"/>; <see cref="BillingErrorCode.InvalidState"/>: its status does not allow it.</exception>
    Task<Invoice> VoidInvoiceAsync(string invoiceId, CancellationToken cancellationToken = default);

    /// <summary>Writes an open invoice off; it may still be paid.</summary>
    /// <param name="invoiceId">The invoice.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownInvoice"/>; <see cref="BillingErrorCode.InvalidState"/>: its status does not allow it.</exception>
    Task<Invoice> MarkInvoiceUncollectibleAsync(string invoiceId, CancellationToken cancellationToken = default);

    /// <summary>The customer's invoices over all subscriptions, newest first.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<Invoice>> GetInvoicesAsync(CancellationToken cancellationToken = default);

    /// <summary>What the next renewal would invoice as things stand; null when nothing will be invoiced.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Invoice?> PreviewNextInvoiceAsync(CancellationToken cancellationToken = default);

    /// <summary>Records metered usage.</summary>
    /// <param name="meter">The meter in the catalog.</param>
    /// <param name="quantity">From zero to 1,000,000,000,000.</param>
    /// <param name="idempotencyKey">A repetition with the same key counts once; null: every call counts. At most 200 characters.</param>
    /// <param name="at">When it was used, UTC, not in the future; default: now. Usage of a closed period is taken until its invoice is finalized.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownMeter"/>; <see cref="BillingErrorCode.NotSubscribed"/>: nothing that it could count for; <see cref="BillingErrorCode.InvalidArgument"/>: negative, in the future, or too late for its period.</exception>
    Task RecordUsageAsync(string meter, decimal quantity, string? idempotencyKey = null, DateTimeOffset? at = null, CancellationToken cancellationToken = default);

    /// <summary>What the customer may use right now, over all their subscriptions. Cached: no I/O and no allocation once warm.</summary>
    /// <param name="cancellationToken">Cancels the first read.</param>
    ValueTask<AccessSnapshot> GetAccessAsync(CancellationToken cancellationToken = default);

    /// <summary>May this customer use <paramref name="quantity"/> of the feature now, why (not), until when, and what to do next.</summary>
    /// <param name="feature">A feature that some plan or add-on declares.</param>
    /// <param name="quantity">
    /// Where a meter has the feature's key: how much more; it is allowed when what was used in the period plus this is within the limit.
    /// Where none has: the total that the customer would then have.
    /// </param>
    /// <param name="cancellationToken">Cancels the first read.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownFeature"/>: never a silent no.</exception>
    ValueTask<AccessDecision> CheckAsync(string feature, long quantity = 1, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets who a deleted customer was, here; what they did stays. E-mail address and name become hashes, so that they can still be counted and
    /// compared; locale, time zone, metadata, the reasons that they gave, all of their cards but the brand, and the bodies of their webhooks are removed,
    /// also from the history. Invoices, amounts, instants and figures stay as they are: books must be kept. What the provider, the application's own
    /// tables and its hooks know is theirs to forget. Calling it again is harmless.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call; call again to go on.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.UnknownCustomer"/>; <see cref="BillingErrorCode.InvalidState"/>: not deleted, see <see cref="DeleteCustomerAsync"/>;
    /// <see cref="BillingErrorCode.NotSupportedByStore"/>.
    /// </exception>
    Task EraseAsync(CancellationToken cancellationToken = default);

    /// <summary>Everything that happened to the customer, oldest first.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<BillingEvent>> GetHistoryAsync(CancellationToken cancellationToken = default);

    /// <summary>Runs the billing engine ahead on a copy of this customer: what would be invoiced, what would change, and when. Changes nothing.</summary>
    /// <param name="until">How far to look, UTC, inclusive; in the future, at most 10 years.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>, <see cref="BillingErrorCode.NotSupportedByProvider"/>.</exception>
    Task<Forecast> ForecastAsync(DateTimeOffset until, CancellationToken cancellationToken = default);
}
