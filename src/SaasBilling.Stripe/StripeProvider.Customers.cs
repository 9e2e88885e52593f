using SaasBilling.Providers;
using SaasBilling.Stripe.Commands;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe;

/// <content>Customers and their cards.</content>
internal sealed partial class StripeProvider
{
    public async Task<ProviderResult> EnsureCustomerAsync(EnsureCustomerRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.FindAsync(request.CustomerId, cancellationToken).ConfigureAwait(false)
            ?? await CreateCustomerAsync(request.CustomerId, idempotencyKey, cancellationToken).ConfigureAwait(false);
        var details = CustomerForms.Update(request.Details);
        if (details.Parameters.Count > 0)
            await StepAsync(PathOf("customers", stripeId), details, $"{idempotencyKey}:details", cancellationToken).ConfigureAwait(false);
        return await AnswerAsync(request.CustomerId, stripeId, null, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ProviderResult> DeleteCustomerAsync(string customerId, string idempotencyKey, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(customerId, cancellationToken).ConfigureAwait(false);
        await foreach (var session in _api.ListAsync("/v1/checkout/sessions", new StripeForm().Add("customer", stripeId).Add("status", "open"), cancellationToken).ConfigureAwait(false))
            await StepAsync(PathOf("checkout/sessions", session.Id, "expire"), StripeForm.Empty, $"{idempotencyKey}:{session.Id}", cancellationToken).ConfigureAwait(false);

        foreach (var subscription in await LiveSubscriptionsAsync(stripeId, cancellationToken).ConfigureAwait(false))
            await EndAsync(subscription.Id, StripeForm.Empty, cancellationToken).ConfigureAwait(false);

        await foreach (var method in _api.ListAsync($"/v1/customers/{Uri.EscapeDataString(stripeId)}/payment_methods", StripeForm.Empty, cancellationToken).ConfigureAwait(false))
            await StepAsync(PathOf("payment_methods", method.Id, "detach"), StripeForm.Empty, $"{idempotencyKey}:{method.Id}", cancellationToken).ConfigureAwait(false);

        foreach (var status in (string[])["open", "draft"])
        {
            await foreach (var invoice in _api.ListAsync("/v1/invoices", new StripeForm().Add("customer", stripeId).Add("status", status), cancellationToken).ConfigureAwait(false))
            {
                if (invoice.Flag("auto_advance"))
                    await StepAsync(PathOf("invoices", invoice.Id), InvoiceForms.Advance(advances: false), $"{idempotencyKey}:{invoice.Id}", cancellationToken).ConfigureAwait(false);
            }
        }

        await StepAsync(PathOf("customers", stripeId), CustomerForms.MarkDeleted(Now()), $"{idempotencyKey}:mark", cancellationToken).ConfigureAwait(false);
        return await AnswerAsync(customerId, stripeId, null, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ProviderResult> AddPaymentMethodAsync(AddPaymentMethodRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(request.CustomerId, cancellationToken).ConfigureAwait(false);
        var attached = await AttachAsync(request.Token, stripeId, idempotencyKey, cancellationToken).ConfigureAwait(false);
        if (request.MakeDefault)
        {
            await StepAsync(PathOf("customers", stripeId), CustomerForms.MakeDefault(attached.Id), $"{idempotencyKey}:default", cancellationToken).ConfigureAwait(false);
            foreach (var subscription in await LiveSubscriptionsAsync(stripeId, cancellationToken).ConfigureAwait(false))
            {
                if (subscription.DefaultPaymentMethod is { } own && own != attached.Id)
                    await StepAsync(PathOf("subscriptions", subscription.Id), CustomerForms.DropOwnDefault(), $"{idempotencyKey}:{subscription.Id}", cancellationToken).ConfigureAwait(false);
            }
        }

        return await AnswerAsync(request.CustomerId, stripeId, attached.Id, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ProviderResult> RemovePaymentMethodAsync(string customerId, string paymentMethodId, string idempotencyKey, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(customerId, cancellationToken).ConfigureAwait(false);
        var method = await _api.FindAsync(PathOf("payment_methods", paymentMethodId), StripeForm.Empty, cancellationToken).ConfigureAwait(false);
        if (method is not { } found || (found.IdOf("customer") is { } owner && owner != stripeId))
            throw NoPaymentMethod();

        try
        {
            await StepAsync(PathOf("payment_methods", paymentMethodId, "detach"), StripeForm.Empty, idempotencyKey, cancellationToken).ConfigureAwait(false);
        }
        catch (StripeException refusal) when (refusal.Error.Status == 400)
        {
            throw NoPaymentMethod();
        }

        return await AnswerAsync(customerId, stripeId, null, cancellationToken).ConfigureAwait(false);

        BillingException NoPaymentMethod() => new(
            BillingErrorCode.UnknownPaymentMethod,
            $"Customer '{customerId}' has no payment method '{paymentMethodId}' on Stripe. Use PaymentMethod.Id of one of theirs.");
    }

    // One key for one customer, whoever makes them and whenever: while search does not see a new customer yet, making it again gives the same.
    private async Task<string> CreateCustomerAsync(string customerId, string idempotencyKey, CancellationToken cancellationToken)
    {
        var form = CustomerForms.Create(customerId);
        var made = await _api.PostAsync("/v1/customers", form, $"{_options.CatalogPrefix}customer:{customerId}", cancellationToken).ConfigureAwait(false);

        // The key remembers also a customer that was deleted since.
        if (await _api.FindAsync(PathOf("customers", made.Id), StripeForm.Empty, cancellationToken).ConfigureAwait(false) is not { } present || present.Flag("deleted"))
            made = await _api.PostAsync("/v1/customers", form, $"{idempotencyKey}:customer", cancellationToken).ConfigureAwait(false);
        _customers.Learn(customerId, made.Id);
        return made.Id;
    }

    private async Task<StripeObject> AttachAsync(string token, string stripeId, string key, CancellationToken cancellationToken)
    {
        if (token.StartsWith("seti_", StringComparison.Ordinal))
        {
            token = await CardOfAsync(token, cancellationToken).ConfigureAwait(false);
            var card = await _api.GetAsync(PathOf("payment_methods", token), StripeForm.Empty, cancellationToken).ConfigureAwait(false);
            if (card.IdOf("customer") == stripeId)
                return card;
        }

        return await _api.PostAsync(PathOf("payment_methods", token, "attach"), CustomerForms.Attach(stripeId), $"{key}:attach", cancellationToken).ConfigureAwait(false);
    }

    // A card form that asks the bank in advance hands over a SetupIntent, which knows its card, and has attached it where it knew the customer.
    private async Task<string> CardOfAsync(string token, CancellationToken cancellationToken)
    {

        // The client secret, which pages hold, begins with the id.
        var id = token.Split("_secret_")[0];
        var intent = await _api.GetAsync(PathOf("setup_intents", id), StripeForm.Empty, cancellationToken).ConfigureAwait(false);
        return intent.IdOf("payment_method") ?? throw new BillingException(
            BillingErrorCode.UnknownPaymentMethod,
            $"SetupIntent '{id}' has no payment method yet. Confirm it on the page first.");
    }

    private async Task<List<WireSubscription>> LiveSubscriptionsAsync(string stripeId, CancellationToken cancellationToken)
    {
        var live = new List<WireSubscription>();
        await foreach (var found in _api.ListAsync("/v1/subscriptions", new StripeForm().Add("customer", stripeId).Add("status", "all"), cancellationToken).ConfigureAwait(false))
        {
            if (WireSubscription.Read(found) is { IsLive: true } subscription)
                live.Add(subscription);
        }

        return live;
    }

    /// <summary>Ends a subscription now; one that is over already is no error.</summary>
    private async Task EndAsync(string subscriptionId, StripeForm form, CancellationToken cancellationToken)
    {
        try
        {
            await _api.DeleteAsync(PathOf("subscriptions", subscriptionId), form, cancellationToken).ConfigureAwait(false);
        }
        catch (StripeException missing) when (missing.Error.IsMissing)
        {
            // An answer that was lost: it ended at the attempt before.
        }
    }
}
