using System.Text;
using SaasBilling.Stripe.Http;

namespace SaasBilling.Stripe.Tests.Http;

public sealed class ErrorMappingTests
{
    [Theory]
    [InlineData(401, """{"type":"invalid_request_error","message":"Invalid API Key provided: sk_test_****abcd"}""", BillingErrorCode.ProviderRejected, "Stripe does not know the key: it is mistyped, expired or revoked. Set StripeBillingOptions.ApiKey to a current one of the account.")]
    [InlineData(403, """{"type":"invalid_request_error","message":"The provided key 'rk_test_x' does not have the required permissions for this endpoint on account 'acct_1'. Having the 'rak_subscription_write' permission would allow this request to continue."}""", BillingErrorCode.ProviderRejected, "The restricted key lacks the permission 'rak_subscription_write', which POST /v1/x needs. Give it to the key on the account's API keys page.")]
    [InlineData(403, """{"type":"invalid_request_error","message":"no"}""", BillingErrorCode.ProviderRejected, "The key may not do POST /v1/x. Use a key of the right account, and give a restricted key what it needs on the account's API keys page.")]
    [InlineData(400, """{"type":"idempotency_error","message":"Keys for idempotent requests …"}""", BillingErrorCode.Conflict, "The idempotency key of POST /v1/x was used before for another request. Use a new key.")]
    [InlineData(429, """{"type":"invalid_request_error","code":"rate_limit"}""", BillingErrorCode.RateLimited, "Stripe asks for fewer requests; POST /v1/x was not done. Try again in a minute.")]
    [InlineData(409, """{"type":"invalid_request_error","code":"lock_timeout"}""", BillingErrorCode.ProviderUnavailable, "Stripe could not do POST /v1/x now (409, lock_timeout). Nothing has to be mended: try again.")]
    [InlineData(402, """{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds"}""", BillingErrorCode.ProviderRejected, "The card was declined (insufficient_funds). Ask the customer for another one.")]
    [InlineData(402, """{"type":"card_error","code":"expired_card"}""", BillingErrorCode.ProviderRejected, "The card was declined (expired_card). Ask the customer for another one.")]
    [InlineData(400, """{"type":"invalid_request_error","code":"resource_missing","message":"No such price: 'price_9'","param":"items[0][price]"}""", BillingErrorCode.UnknownPrice, "Stripe has no price 'price_9'. Run IBilling.SyncCatalogAsync, so that Stripe knows the plans.")]
    [InlineData(404, """{"type":"invalid_request_error","code":"resource_missing","message":"No such customer: 'cus_9'"}""", BillingErrorCode.UnknownCustomer, "Stripe has no customer 'cus_9'. It was deleted there, or is of another account or mode.")]
    [InlineData(404, """{"type":"invalid_request_error","code":"resource_missing","message":"No such customer: 'cus_9'; a similar object exists in live mode, but a test mode key was used to make this request."}""", BillingErrorCode.UnknownCustomer, "Stripe has customer 'cus_9' in live mode, and StripeBillingOptions.ApiKey is a key of the other one. Use the keys and the ids of one mode.")]
    [InlineData(404, """{"type":"invalid_request_error","code":"resource_missing","message":"No such subscription: 'sub_9'; a similar object exists in test mode, but a live mode key was used to make this request."}""", BillingErrorCode.NotSubscribed, "Stripe has subscription 'sub_9' in test mode, and StripeBillingOptions.ApiKey is a key of the other one. Use the keys and the ids of one mode.")]
    [InlineData(404, """{"type":"invalid_request_error","code":"resource_missing","message":"No such PaymentMethod: 'pm_9'; It's possible …"}""", BillingErrorCode.UnknownPaymentMethod, "Stripe has no payment method 'pm_9'. Use the token of a card form of this account, once.")]
    [InlineData(404, """{"type":"invalid_request_error","code":"resource_missing","message":"No such invoice: 'in_9'"}""", BillingErrorCode.UnknownInvoice, "Stripe has no invoice 'in_9'. Use Invoice.Id of one of the customer's.")]
    [InlineData(404, """{"type":"invalid_request_error","code":"resource_missing","message":"No such subscription: 'sub_9'"}""", BillingErrorCode.NotSubscribed, "Stripe has no live subscription 'sub_9'. Use Subscription.Id of one of the customer's.")]
    [InlineData(400, """{"type":"invalid_request_error","code":"coupon_expired","message":"Coupon expired: only-one"}""", BillingErrorCode.InvalidState, "The coupon can no longer be redeemed. Coupon expired: only-one")]
    [InlineData(400, """{"type":"invalid_request_error","message":"You cannot combine currencies on a single customer."}""", BillingErrorCode.CurrencyMismatch, "Stripe bills a customer's subscriptions in one currency alone. You cannot combine currencies on a single customer.")]
    [InlineData(400, """{"type":"invalid_request_error","message":"Received unknown parameter: foo","param":"foo"}""", BillingErrorCode.ProviderRejected, "Stripe refused POST /v1/x: Received unknown parameter: foo")]
    public void A_refusal_says_what_it_means_and_the_mend(int status, string error, BillingErrorCode code, string message)
    {
        var refusal = ErrorMapping.ToException(Read(status, error), "POST /v1/x");

        Assert.Equal((code, $"{message} (Stripe's request id: req_1)"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void A_decline_carries_its_code() => Assert.Equal(
        ("insufficient_funds", null),
        (ErrorMapping.ToException(Read(402, """{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds"}"""), "x").DeclineCode,
         ErrorMapping.ToException(Read(400, """{"type":"card_error","decline_code":"insufficient_funds"}"""), "x").DeclineCode));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"error\":\"text\"}")]
    [InlineData("{\"error\":")]
    public void What_is_no_error_of_Stripes_is_none(string body) => Assert.Null(StripeError.Read(new StripeResponse(500, Encoding.UTF8.GetBytes(body))));

    private static StripeError Read(int status, string error) =>
        StripeError.Read(new StripeResponse(status, Encoding.UTF8.GetBytes($$"""{"error":{{error}}}"""), "req_1"))!;
}
