namespace SaasBilling.StripeServer.Http;

/// <summary>What the engine refuses, in Stripe's words where those are known.</summary>
internal static class EngineErrors
{
    public static StripeFault Of(BillingException exception) => exception switch
    {
        { Code: BillingErrorCode.ProviderRejected, DeclineCode: { } code } => Declines.Of(code),
        { Code: BillingErrorCode.UnknownPaymentMethod } => new StripeFault(400, "invalid_request_error", "resource_missing", exception.Message, "payment_method"),
        { Code: BillingErrorCode.CurrencyMismatch } => StripeFault.Invalid("You cannot combine currencies on a single customer. " + exception.Message),
        _ => StripeFault.Invalid(exception.Message),
    };
}

/// <summary>What the bank says.</summary>
internal static class Declines
{
    public static StripeFault Of(string code, System.Text.Json.Nodes.JsonObject? further = null) => StripeFault.Declined(code, MessageOf(code), further);

    public static string MessageOf(string? code) => code switch
    {
        "insufficient_funds" => "Your card has insufficient funds.",
        "expired_card" => "Your card has expired.",
        "incorrect_cvc" => "Your card's security code is incorrect.",
        "incorrect_number" => "Your card number is incorrect.",
        "processing_error" => "An error occurred while processing your card. Try again in a little bit.",
        "authentication_required" => "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
        "card_velocity_exceeded" => "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
        _ => "Your card was declined.",
    };
}
