using System.Text.RegularExpressions;

namespace SaasBilling.Stripe.Http;

/// <summary>What does a refusal of Stripe's mean to the application, and what is the mend? Pure.</summary>
internal static partial class ErrorMapping
{
    /// <param name="error">What Stripe said.</param>
    /// <param name="request">What was asked, without parameters.</param>
    public static StripeException ToException(StripeError error, string request)
    {
        var (code, message) = Meaning(error, request);
        return new StripeException(error, code, error.RequestId is { } id ? $"{message} (Stripe's request id: {id})" : message)
        {
            DeclineCode = code == BillingErrorCode.ProviderRejected && error.IsDecline ? error.DeclineCode ?? error.Code : null,
        };
    }

    private static (BillingErrorCode Code, string Message) Meaning(StripeError error, string request) => error switch
    {
        { Status: 401 } => (
            BillingErrorCode.ProviderRejected,
            "Stripe does not know the key: it is mistyped, expired or revoked. Set StripeBillingOptions.ApiKey to a current one of the account."),
        { Status: 403 } => (BillingErrorCode.ProviderRejected, Permission(error, request)),
        { IsKeyReused: true } => (
            BillingErrorCode.Conflict,
            $"The idempotency key of {request} was used before for another request. Use a new key."),
        { Status: 429 } => (
            BillingErrorCode.RateLimited,
            $"Stripe asks for fewer requests; {request} was not done. Try again in a minute."),
        { Status: 409 or >= 500 } => (
            BillingErrorCode.ProviderUnavailable,
            $"Stripe could not do {request} now ({error.Status}{Reason(error)}). Nothing has to be mended: try again."),
        { IsDecline: true } => (
            BillingErrorCode.ProviderRejected,
            $"The card was declined ({error.DeclineCode ?? error.Code ?? "no reason given"}). Ask the customer for another one."),
        { IsMissing: true } => Missing(error, request),
        { Message: { } said } when said.Contains("combine currencies", StringComparison.OrdinalIgnoreCase) => (
            BillingErrorCode.CurrencyMismatch,
            $"Stripe bills a customer's subscriptions in one currency alone. {said}"),
        _ when IsUsedUp(error) => (
            BillingErrorCode.InvalidState,
            $"The coupon can no longer be redeemed. {error.Message}"),
        _ => (BillingErrorCode.ProviderRejected, $"Stripe refused {request}: {error.Message ?? error.Code ?? error.Type}"),
    };

    private static bool IsUsedUp(StripeError error) =>
        error.Code is "coupon_expired" or "promotion_code_expired"
        || (error.Message is { } said && said.Contains("oupon", StringComparison.Ordinal) && (said.Contains("used up", StringComparison.Ordinal) || said.Contains("expired", StringComparison.Ordinal) || said.Contains("redeemed", StringComparison.Ordinal)));

    private static string Permission(StripeError error, string request) => error.Message is { } said && PermissionName().Match(said) is { Success: true } permission
        ? $"The restricted key lacks the permission '{permission.Value}', which {request} needs. Give it to the key on the account's API keys page."
        : $"The key may not do {request}. Use a key of the right account, and give a restricted key what it needs on the account's API keys page.";

    private static (BillingErrorCode Code, string Message) Missing(StripeError error, string request)
    {
        var noun = error.Message is { } said && NoSuch().Match(said) is { Success: true } match ? match.Groups["noun"].Value.ToLowerInvariant() : "";
        var id = error.Message is { } text && Quoted().Match(text) is { Success: true } quoted ? $" '{quoted.Groups["id"].Value}'" : "";
        return noun switch
        {
            _ when error.Message is { } hint && OtherMode().Match(hint) is { Success: true } mode => (
                CodeOf(noun),
                $"Stripe has {(noun.Length > 0 ? noun : "that object")}{id} in {mode.Groups["mode"].Value} mode, and StripeBillingOptions.ApiKey is a key of the other one. Use the keys and the ids of one mode."),
            "customer" => (BillingErrorCode.UnknownCustomer, $"Stripe has no customer{id}. It was deleted there, or is of another account or mode."),
            "paymentmethod" or "payment_method" or "token" or "source" or "setupintent" or "setup_intent" => (
                BillingErrorCode.UnknownPaymentMethod,
                $"Stripe has no payment method{id}. Use the token of a card form of this account, once."),
            "price" or "product" or "plan" => (
                BillingErrorCode.UnknownPrice,
                $"Stripe has no {noun}{id}. Run IBilling.SyncCatalogAsync, so that Stripe knows the plans."),
            "coupon" or "discount" or "promotion_code" => (
                BillingErrorCode.UnknownCoupon,
                $"Stripe has no {noun}{id}. Run IBilling.SyncCatalogAsync, so that Stripe knows the coupons."),
            "invoice" => (BillingErrorCode.UnknownInvoice, $"Stripe has no invoice{id}. Use Invoice.Id of one of the customer's."),
            "subscription" => (BillingErrorCode.NotSubscribed, $"Stripe has no live subscription{id}. Use Subscription.Id of one of the customer's."),
            "meter" => (BillingErrorCode.UnknownMeter, $"Stripe has no meter{id}. Run IBilling.SyncCatalogAsync, so that Stripe knows the meters."),
            _ => (BillingErrorCode.InvalidArgument, $"Stripe found nothing for {request}: {error.Message ?? error.Code ?? "no reason given"}"),
        };
    }

    private static BillingErrorCode CodeOf(string noun) => noun switch
    {
        "customer" => BillingErrorCode.UnknownCustomer,
        "subscription" => BillingErrorCode.NotSubscribed,
        "invoice" => BillingErrorCode.UnknownInvoice,
        "price" or "product" or "plan" => BillingErrorCode.UnknownPrice,
        "paymentmethod" or "payment_method" or "token" or "source" or "setupintent" or "setup_intent" => BillingErrorCode.UnknownPaymentMethod,
        _ => BillingErrorCode.InvalidArgument,
    };

    private static string Reason(StripeError error) => error.Code is { } code ? $", {code}" : "";

    [GeneratedRegex("rak_[a-z_]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex PermissionName();

    [GeneratedRegex("No such (?<noun>[A-Za-z_]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex NoSuch();

    [GeneratedRegex("similar object exists in (?<mode>live|test) mode", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex OtherMode();

    [GeneratedRegex("'(?<id>[A-Za-z0-9_:.-]{1,120})'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Quoted();
}
