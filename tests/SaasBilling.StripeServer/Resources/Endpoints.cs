using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Resources;

/// <summary>Every endpoint that the local Stripe answers.</summary>
internal static class Endpoints
{
    public static Router All()
    {
        var router = new Router();
        Customers.Map(router);
        PaymentMethodEndpoints.Map(router);
        SetupIntents.Map(router);
        PaymentIntents.Map(router);
        Products.Map(router);
        PriceEndpoints.Map(router);
        CouponEndpoints.Map(router);
        PromotionCodes.Map(router);
        SubscriptionEndpoints.Map(router);
        Schedules.Map(router);
        InvoiceItems.Map(router);
        InvoiceEndpoints.Map(router);
        Refunds.Map(router);
        CreditNotes.Map(router);
        Meters.Map(router);
        CheckoutSessionEndpoints.Map(router);
        Portal.Map(router);
        WebhookEndpoints.Map(router);
        TestClocks.Map(router);
        return router;
    }
}
