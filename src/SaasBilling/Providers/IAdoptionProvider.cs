namespace SaasBilling.Providers;

/// <summary>A provider whose customers may have been made elsewhere: by hand, or by an integration of earlier days.</summary>
public interface IAdoptionProvider
{
    /// <summary>Links a customer of the provider's to one of the application's, for good. Idempotent.</summary>
    /// <param name="request">Who is whose.</param>
    /// <param name="idempotencyKey">Key of this mutation.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.UnknownCustomer"/>, <see cref="BillingErrorCode.NotSubscribed"/>: the provider does not have it;
    /// <see cref="BillingErrorCode.InvalidState"/>: one of the two is linked to another; <see cref="BillingErrorCode.AlreadySubscribed"/>: another live
    /// subscription has the name.
    /// </exception>
    Task<ProviderResult> AdoptAsync(AdoptRequest request, string idempotencyKey, CancellationToken cancellationToken);
}

/// <summary>Who is whose.</summary>
/// <param name="CustomerId">The application's id of the customer.</param>
/// <param name="ProviderCustomerId">The provider's id of the same customer.</param>
/// <param name="Subscription">A subscription of theirs to give a name; null: none.</param>
public sealed record AdoptRequest(string CustomerId, string ProviderCustomerId, AdoptedSubscription? Subscription = null);

/// <summary>A subscription that gets a name.</summary>
/// <param name="ProviderSubscriptionId">The provider's id.</param>
/// <param name="Name">The name.</param>
public sealed record AdoptedSubscription(string ProviderSubscriptionId, string Name);
