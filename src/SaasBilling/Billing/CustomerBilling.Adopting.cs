using SaasBilling.Providers;

namespace SaasBilling;

internal sealed partial class CustomerBilling
{
    private const string DefaultName = "default";

    public async Task<Customer> AdoptAsync(string providerCustomerId, string? providerSubscriptionId = null, CancellationToken cancellationToken = default)
    {
        Checks.Identifier(providerCustomerId, Bounds.ProviderId);
        if (providerSubscriptionId is not null)
            Checks.Identifier(providerSubscriptionId, Bounds.ProviderId);
        else if (SubscriptionName != DefaultName)
            throw Checks.Invalid($"Which subscription of '{providerCustomerId}' is to be '{SubscriptionName}'? Hand over its id too, or adopt the customer alone with For(\"{CustomerId}\").");

        var provider = services.Ability<IAdoptionProvider>("customers that were made elsewhere");
        var request = new AdoptRequest(CustomerId, providerCustomerId, providerSubscriptionId is { } id ? new AdoptedSubscription(id, SubscriptionName) : null);
        var result = await RunAsync(
            (turn, token) =>
            {
                RequireNotDeleted(turn.State);
                return BringAsync(turn, "adopt", key => provider.AdoptAsync(request, key, token), providerCustomerId, providerSubscriptionId);
            },
            cancellationToken).ConfigureAwait(false);
        return result.State?.Customer ?? throw Lost($"customer '{CustomerId}'");
    }
}
