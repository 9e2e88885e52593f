using SaasBilling.Providers;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Commands;

/// <summary>Requests about money. Pure.</summary>
internal static class InvoiceForms
{
    // Stripe's bound.
    private const int LongestIdentifier = 100;

    /// <param name="request">The charge.</param>
    /// <param name="stripeId">Stripe's id of the customer.</param>
    /// <param name="invoiceId">The draft that takes it now; null: the next invoice.</param>
    public static StripeForm Item(AddChargeRequest request, string stripeId, string? invoiceId) => new StripeForm()
        .Add("customer", stripeId)
        .Add("subscription", invoiceId is null ? request.SubscriptionId : null)
        .Add("invoice", invoiceId)
        .Add("amount", WireMoney.ToWire(request.Amount))
        .Add("currency", WireMoney.CodeOf(request.Amount.Currency))
        .Add("description", request.Description);

    /// <summary>
    /// An empty draft that does not advance by itself, so that a process that dies before its line is on it leaves nothing that is billed, and that takes
    /// nothing along that waits for another invoice.
    /// </summary>
    public static StripeForm Draft(AddChargeRequest request, string stripeId, bool automaticTax, string key)
    {
        var form = new StripeForm()
            .Add("customer", stripeId)
            .Add("auto_advance", false)
            .Add("collection_method", "charge_automatically")
            .Add("currency", WireMoney.CodeOf(request.Amount.Currency))
            .Add("description", request.Description)
            .Add("pending_invoice_items_behavior", "exclude")
            .Add(Names.Metadata(Names.Key), key);
        return automaticTax ? form.Add("automatic_tax[enabled]", true) : form;
    }

    /// <summary>Hands a finalized invoice to Stripe's retries.</summary>
    public static StripeForm Advance(bool advances) => new StripeForm().Add("auto_advance", advances);

    /// <summary>Stripe's balance is what the customer owes.</summary>
    public static StripeForm Credit(Money amount, string? reason) => new StripeForm()
        .Add("amount", -WireMoney.ToWire(amount))
        .Add("currency", WireMoney.CodeOf(amount.Currency))
        .Add("description", reason);

    /// <param name="paid">The payment intent, or the charge of an old invoice.</param>
    /// <param name="amount">How much goes back.</param>
    /// <param name="invoiceId">For whoever looks at it on Stripe.</param>
    public static StripeForm Refund(string paid, Money amount, string invoiceId) => new StripeForm()
        .Add(paid.StartsWith("pi_", StringComparison.Ordinal) ? "payment_intent" : "charge", paid)
        .Add("amount", WireMoney.ToWire(amount))
        .Add("metadata[saasbilling_invoice]", invoiceId);

    public static StripeForm Pay(bool outOfBand) => outOfBand ? new StripeForm().Add("paid_out_of_band", true) : new StripeForm();

    /// <param name="request">The usage.</param>
    /// <param name="stripeId">Stripe's id of the customer.</param>
    public static StripeForm Usage(UsageRequest request, string stripeId) => new StripeForm()
        .Add("event_name", request.Meter)
        .Add("identifier", IdentifierOf(request, stripeId))
        .Add("payload[stripe_customer_id]", stripeId)
        .Add("payload[value]", request.Quantity.ToString("0.############", System.Globalization.CultureInfo.InvariantCulture))
        .Add("timestamp", request.At);

    /// <summary>Identifiers are the account's, keys the customer's: two customers with one key are two.</summary>
    internal static string IdentifierOf(UsageRequest request, string stripeId)
    {
        var identifier = $"{stripeId}:{request.Key}";
        return identifier.Length <= LongestIdentifier
            ? identifier
            : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(identifier)));
    }
}
