namespace SaasBilling;

/// <summary>
/// Payment method tokens that the in-memory provider knows; the names and the behaviour are those of Stripe's test payment methods, see
/// https://docs.stripe.com/testing. The cards expire with the month in which they were attached, 3 years later; after that month every charge is declined with <c>expired_card</c>, until
/// there is another card. (Behind Stripe, most banks send the new date by themselves.)
/// </summary>
public static class TestPaymentMethods
{
    /// <summary>Works. 4242.</summary>
    public const string Visa = "pm_card_visa";

    /// <summary>Works. 4444.</summary>
    public const string Mastercard = "pm_card_mastercard";

    /// <summary>Works. 0005.</summary>
    public const string Amex = "pm_card_amex";

    /// <summary>Cannot be attached: <c>generic_decline</c>. 0002.</summary>
    public const string Declined = "pm_card_visa_chargeDeclined";

    /// <summary>Cannot be attached: <c>insufficient_funds</c>. 9995.</summary>
    public const string InsufficientFunds = "pm_card_visa_chargeDeclinedInsufficientFunds";

    /// <summary>Cannot be attached: <c>lost_card</c>. 9987.</summary>
    public const string LostCard = "pm_card_visa_chargeDeclinedLostCard";

    /// <summary>Cannot be attached: <c>stolen_card</c>. 9979.</summary>
    public const string StolenCard = "pm_card_visa_chargeDeclinedStolenCard";

    /// <summary>Cannot be attached: <c>expired_card</c>. 0069.</summary>
    public const string ExpiredCard = "pm_card_chargeDeclinedExpiredCard";

    /// <summary>Cannot be attached: <c>incorrect_cvc</c>. 0127.</summary>
    public const string IncorrectCvc = "pm_card_chargeDeclinedIncorrectCvc";

    /// <summary>Cannot be attached: <c>processing_error</c>. 0119.</summary>
    public const string ProcessingError = "pm_card_chargeDeclinedProcessingError";

    /// <summary>Attaches, then every charge is declined: <c>generic_decline</c>. 0341.</summary>
    public const string DeclinedAfterAttaching = "pm_card_chargeCustomerFail";

    /// <summary>Asks the customer at every charge. 3184.</summary>
    public const string RequiresAuthentication = "pm_card_authenticationRequired";

    /// <summary>Asks the customer at the first charge, then works off-session. 3155.</summary>
    public const string RequiresAuthenticationOnce = "pm_card_authenticationRequiredOnSetup";

    /// <summary>Asks the customer, then works. 3220.</summary>
    public const string ThreeDSecure2Required = "pm_card_threeDSecure2Required";

    /// <summary>Asks the customer, then declines. 1629.</summary>
    public const string ThreeDSecureThenDeclined = "pm_card_threeDSecureRequiredChargeDeclined";

    /// <summary>Supports 3-D Secure, and works without asking. 3055.</summary>
    public const string ThreeDSecureOptional = "pm_card_threeDSecureOptional";

    /// <summary>Charges, then the customer disputes the charge. 0259.</summary>
    public const string Disputed = "pm_card_createDispute";

    /// <summary>Always blocked: <c>highest_risk_level</c>. 0019.</summary>
    public const string Blocked = "pm_card_radarBlock";
}
