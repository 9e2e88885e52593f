using SaasBilling.Providers;
using SaasBilling.Stripe.Commands;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe;

/// <content>Customers and subscriptions that were made in the dashboard, or by an older integration. The link is metadata, as with our own.</content>
internal sealed partial class StripeProvider
{
    public async Task<ProviderResult> AdoptAsync(AdoptRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        var (appId, stripeId) = (request.CustomerId, request.ProviderCustomerId);
        var customer = WireCustomer.Read(await _api.GetAsync(PathOf("customers", stripeId), StripeForm.Empty, cancellationToken).ConfigureAwait(false));
        if (customer.IsDeleted)
            throw new BillingException(BillingErrorCode.UnknownCustomer, $"Stripe's customer '{stripeId}' was deleted there. Let the customer begin anew with EnsureCustomerAsync.");
        if (customer.AppId is { Length: > 0 } owner && owner != appId)
            throw LinkedToAnother($"Stripe's customer '{stripeId}' is linked to customer '{owner}'. Use that id, or take '{Names.Customer}' off its metadata in Stripe's dashboard first.");
        if (await _customers.FindAsync(appId, cancellationToken).ConfigureAwait(false) is { } other && other != stripeId)
            throw LinkedToAnother($"Customer '{appId}' is linked to Stripe's customer '{other}'. Use another id, or take '{Names.Customer}' off that one's metadata in Stripe's dashboard first.");

        // The customer comes last: with it everything is seen.
        if (request.Subscription is { } named)
            await NameAsync(named, request, idempotencyKey, cancellationToken).ConfigureAwait(false);
        if (customer.AppId != appId)
            await StepAsync(PathOf("customers", stripeId), CustomerForms.Create(appId), $"{idempotencyKey}:customer", cancellationToken).ConfigureAwait(false);
        _customers.Learn(appId, stripeId);
        return await AnswerAsync(appId, stripeId, request.Subscription?.ProviderSubscriptionId, cancellationToken).ConfigureAwait(false);
    }

    private async Task NameAsync(AdoptedSubscription named, AdoptRequest request, string key, CancellationToken cancellationToken)
    {
        var (id, name) = named;
        var found = await _api.GetAsync(PathOf("subscriptions", id), StripeForm.Empty, cancellationToken).ConfigureAwait(false);
        if (found.RequiredIdOf("customer") != request.ProviderCustomerId)
            throw new BillingException(BillingErrorCode.NotSubscribed, $"Stripe's subscription '{id}' is not of its customer '{request.ProviderCustomerId}'. Use the id of one of theirs.");
        if (found.Metadata(Names.Subscription) is { Length: > 0 } known)
        {
            if (known != name)
                throw LinkedToAnother($"Stripe's subscription '{id}' has the name '{known}'. Use For(\"{request.CustomerId}\", \"{known}\").");
            return;
        }

        foreach (var live in await LiveSubscriptionsAsync(request.ProviderCustomerId, cancellationToken).ConfigureAwait(false))
        {
            if (live.Id != id && live.Metadata.GetValueOrDefault(Names.Subscription) == name)
                throw new BillingException(BillingErrorCode.AlreadySubscribed, $"Customer '{request.CustomerId}' has a live subscription '{name}' on Stripe, '{live.Id}'. Use another name for '{id}'.");
        }

        await StepAsync(PathOf("subscriptions", id), SubscriptionForms.Adopt(request.CustomerId, name), $"{key}:subscription", cancellationToken).ConfigureAwait(false);
    }

    private static BillingException LinkedToAnother(string message) => new(BillingErrorCode.InvalidState, message);
}
