using SaasBilling.Providers;
using SaasBilling.Stripe.Commands;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe;

/// <content>Card form, page for customers, previews.</content>
internal sealed partial class StripeProvider
{
    public async Task<CheckoutSession> CreateCheckoutAsync(CreateSubscriptionRequest request, CheckoutOptions options, string idempotencyKey, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(request.CustomerId, cancellationToken).ConfigureAwait(false);
        var items = await WantedAsync(request.PlanKey, request.Items, request.Currency, null, cancellationToken).ConfigureAwait(false);
        var requiresCard = request.TrialEnd is null || _catalog[request.PlanKey].Trial is not { RequirePaymentMethod: false };
        var form = CheckoutForms.Session(request, options, stripeId, items, requiresCard, _options, _subscriptions, Now() + _options.CheckoutExpiry);
        var session = await StepAsync("/v1/checkout/sessions", form, idempotencyKey, cancellationToken).ConfigureAwait(false)
            ?? await OpenSessionAsync(stripeId, request.Name, cancellationToken).ConfigureAwait(false);

        // Of two forms for one subscription only the newer can be paid (B-5).
        await foreach (var other in _api.ListAsync("/v1/checkout/sessions", new StripeForm().Add("customer", stripeId).Add("status", "open"), cancellationToken).ConfigureAwait(false))
        {
            if (other.Id != session.Id && CheckoutForms.IsFor(other, request.Name) && other.Integer("created") <= session.Integer("created"))
                await StepAsync(PathOf("checkout/sessions", other.Id, "expire"), StripeForm.Empty, $"{idempotencyKey}:{other.Id}", cancellationToken).ConfigureAwait(false);
        }

        return new CheckoutSession(session.Id, new Uri(session.RequiredText("url")), session.RequiredInstant("expires_at"));
    }

    public async Task<ProviderResult> ReadCheckoutAsync(string customerId, string checkoutSessionId, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(customerId, cancellationToken).ConfigureAwait(false);
        var found = await _api.FindAsync(PathOf("checkout/sessions", checkoutSessionId), StripeForm.Empty, cancellationToken).ConfigureAwait(false);
        if (found is not { } session || session.IdOf("customer") != stripeId)
            throw new BillingException(BillingErrorCode.InvalidArgument, $"Customer '{customerId}' has no checkout session '{checkoutSessionId}'. Use CheckoutSession.Id of one that was opened for them.");

        return await AnswerAsync(customerId, stripeId, session.IdOf("subscription"), cancellationToken).ConfigureAwait(false);
    }

    public async Task<Uri> CreatePortalUrlAsync(string customerId, Uri returnUrl, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(customerId, cancellationToken).ConfigureAwait(false);
        var form = CheckoutForms.Portal(stripeId, returnUrl, _options.PortalConfiguration);

        // Each link is a new one, and works for a short time.
        var session = await _api.PostAsync("/v1/billing_portal/sessions", form, $"portal:{Guid.NewGuid():N}", cancellationToken).ConfigureAwait(false);
        return new Uri(session.RequiredText("url"));
    }

    public async Task<InvoicePreview> PreviewAsync(SubscriptionRef subscription, ChangeSubscriptionRequest? change, CancellationToken cancellationToken)
    {
        var (stripeId, current) = await CurrentAsync(subscription, cancellationToken).ConfigureAwait(false);
        var zero = Money.Zero(Currency.TryOf(current.Currency, out var currency) ? currency.Code : CatalogCurrency());
        if (change is null)
            return new InvoicePreview(zero, [], await NextAsync(PreviewForms.Next(stripeId, current.Id), subscription, cancellationToken).ConfigureAwait(false));

        RequireLive(current);
        var changes = await ChangesAsync(change, current, cancellationToken).ConfigureAwait(false);
        if (change.Change.Timing == ChangeTiming.AtPeriodEnd)
            return new InvoicePreview(zero, [], await AfterAsync(stripeId, change, current, changes, cancellationToken).ConfigureAwait(false));

        var made = await PreviewAsync(PreviewForms.Change(stripeId, change, current, changes), cancellationToken).ConfigureAwait(false);
        if (made is null)
            return new InvoicePreview(zero, [], null);

        // Where a change comes to nothing at once, what is foreseen is the renewal.
        var isAtOnce = !SubscriptionForms.IsQuiet(current) && (change.ResetAnchor || (SubscriptionForms.ProrationOf(change, current) == "always_invoice" && made.Lines.All(line => line.IsProration)));

        await _prices.LearnAsync(made.Lines.Where(line => line.IsOfSubscription).Select(line => line.Price).OfType<string>(), cancellationToken).ConfigureAwait(false);
        if (!isAtOnce)
        {
            var prorations = made.Lines.Where(line => line.IsProration && line.Period.Start == change.ProrationDate).Select(line => _invoices.ToLine(line, made.Currency));
            return new InvoicePreview(zero, [.. prorations], ToInvoice(subscription, made));
        }

        // What the change leaves on the balance pays the renewal.
        var after = await AfterAsync(stripeId, change, current, changes, cancellationToken).ConfigureAwait(false);
        var balance = WireMoney.ToMoney(made.StartingBalance + made.Total - made.AmountDue, made.Currency);
        return new InvoicePreview(
            WireMoney.ToMoney(made.AmountDue, made.Currency),
            [.. made.Lines.Select(line => _invoices.ToLine(line, made.Currency))],
            after is null || after.Total.Currency != balance.Currency ? after : after with { AmountDue = (after.Total + balance).IsPositive ? after.Total + balance : zero });
    }

    // A plan without prices is never invoiced.
    private async Task<Invoice?> AfterAsync(string stripeId, ChangeSubscriptionRequest change, WireSubscription current, List<ItemChange> changes, CancellationToken cancellationToken) =>
        change.Items.Count == 0 ? null : await NextAsync(PreviewForms.After(stripeId, current, changes), change.Subscription, cancellationToken).ConfigureAwait(false);

    private async Task<Invoice?> NextAsync(StripeForm form, SubscriptionRef subscription, CancellationToken cancellationToken)
    {
        if (await PreviewAsync(form, cancellationToken).ConfigureAwait(false) is not { } preview)
            return null;

        await _prices.LearnAsync(preview.Lines.Where(line => line.IsOfSubscription).Select(line => line.Price).OfType<string>(), cancellationToken).ConfigureAwait(false);
        return _invoices.IsOfFreePlan(preview) ? null : ToInvoice(subscription, preview);
    }

    private Invoice ToInvoice(SubscriptionRef subscription, WireInvoice preview) =>
        _invoices.Preview(subscription.CustomerId, preview) with { SubscriptionId = subscription.SubscriptionId, Status = InvoiceStatus.Draft, Number = null };

    /// <returns>Null: nothing will be invoiced.</returns>
    private async Task<WireInvoice?> PreviewAsync(StripeForm form, CancellationToken cancellationToken)
    {
        try
        {
            // It makes nothing, so that each question is one of its own.
            return WireInvoice.Read(await _api.PostAsync("/v1/invoices/create_preview", form, $"preview:{Guid.NewGuid():N}", cancellationToken).ConfigureAwait(false));
        }
        catch (StripeException none) when (none.Error.Code is "invoice_upcoming_none" or "invoice_no_subscription_line_items" or "invoice_no_customer_line_items")
        {
            return null;
        }
    }

    private async Task<StripeObject> OpenSessionAsync(string stripeId, string name, CancellationToken cancellationToken)
    {
        await foreach (var session in _api.ListAsync("/v1/checkout/sessions", new StripeForm().Add("customer", stripeId).Add("status", "open"), cancellationToken).ConfigureAwait(false))
        {
            if (CheckoutForms.IsFor(session, name))
                return session;
        }

        throw new BillingException(BillingErrorCode.Conflict, "The idempotency key was used before for a card form that is open no longer. Use a new key.");
    }

    private string CatalogCurrency() => CatalogSyncCurrency().Code;

    private Currency CatalogSyncCurrency() => Catalog.CatalogPlanning.CurrenciesOf(_catalog)[0];
}
