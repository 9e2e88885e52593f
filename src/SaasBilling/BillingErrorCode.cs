namespace SaasBilling;

/// <summary>Why a call was refused: the <see cref="BillingException.Code"/> of a <see cref="BillingException"/>.</summary>
public enum BillingErrorCode
{
    /// <summary>No customer has this id.</summary>
    UnknownCustomer,

    /// <summary>The catalog has no plan with this key.</summary>
    UnknownPlan,

    /// <summary>The catalog has no add-on with this key.</summary>
    UnknownAddOn,

    /// <summary>The catalog has no meter with this key.</summary>
    UnknownMeter,

    /// <summary>The plan has no price for this interval, currency or meter.</summary>
    UnknownPrice,

    /// <summary>No plan of the catalog knows this feature.</summary>
    UnknownFeature,

    /// <summary>Not a currency of ISO 4217 that money can be held in.</summary>
    UnknownCurrency,

    /// <summary>The customer has no invoice with this id.</summary>
    UnknownInvoice,

    /// <summary>The catalog has no coupon with this key, or the subscription does not carry it.</summary>
    UnknownCoupon,

    /// <summary>The customer has no payment method with this id, or the token is not one that the provider knows.</summary>
    UnknownPaymentMethod,

    /// <summary>The customer already has a live subscription of this name.</summary>
    AlreadySubscribed,

    /// <summary>The customer has no subscription of this name.</summary>
    NotSubscribed,

    /// <summary>The customer has had a trial before, and one is all that the options allow.</summary>
    TrialAlreadyUsed,

    /// <summary>The quote is older than <c>QuoteValidity</c>, or what it was computed from has changed.</summary>
    QuoteExpired,

    /// <summary>The subscription or invoice is in a state in which this is not possible.</summary>
    InvalidState,

    /// <summary>A value is out of range or malformed.</summary>
    InvalidArgument,

    /// <summary>Amounts of different currencies were mixed.</summary>
    CurrencyMismatch,

    /// <summary>A webhook was not signed with a secret of ours, or too long ago.</summary>
    InvalidWebhookSignature,

    /// <summary>A webhook was signed, but its body cannot be read.</summary>
    MalformedWebhook,

    /// <summary>The billing provider in use does not have this ability.</summary>
    NotSupportedByProvider,

    /// <summary>A life-cycle guard of the application refused the command.</summary>
    Refused,

    /// <summary>The provider refused the request; for a declined card, see <see cref="BillingException.DeclineCode"/>.</summary>
    ProviderRejected,

    /// <summary>The provider could not be reached, or did not answer in time.</summary>
    ProviderUnavailable,

    /// <summary>The provider asks for fewer requests.</summary>
    RateLimited,

    /// <summary>Somebody else changed the same customer at the same time, and trying again did not help.</summary>
    Conflict,

    /// <summary>The billing database could not be reached, or is too busy. Nothing has to be restarted: the same call can be made again.</summary>
    StoreUnavailable,

    /// <summary>The billing store in use does not have this ability.</summary>
    NotSupportedByStore,
}
