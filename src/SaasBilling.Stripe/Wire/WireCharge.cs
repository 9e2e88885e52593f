namespace SaasBilling.Stripe.Wire;

/// <summary>An attempt to charge, successful or not.</summary>
internal sealed record WireCharge(string Id, string? PaymentIntent, bool Failed, string? DeclineCode, DateTimeOffset Created, string Currency, bool IsDisputed, long AmountRefunded)
{
    /// <summary>Asked for apart, where something went back.</summary>
    public IReadOnlyList<WireRefund> Refunds { get; init; } = [];

    public static WireCharge Read(StripeObject charge)
    {
        var failure = charge.Text("failure_code");
        return new(
            charge.Id,
            charge.IdOf("payment_intent"),
            charge.RequiredText("status") == "failed",

            // The bank's reason is in the outcome; the code alone says that it was declined.
            failure is "card_declined" or null ? charge.Object("outcome")?.Text("reason") ?? failure : failure,
            charge.RequiredInstant("created"),
            charge.RequiredText("currency"),
            charge.Flag("disputed"),
            charge.Integer("amount_refunded") ?? 0);
    }
}

/// <summary>Money that went back.</summary>
internal sealed record WireRefund(string Id, long Amount, string Currency, DateTimeOffset Created, bool Counts)
{
    public static WireRefund Read(StripeObject refund) => new(
        refund.Id,
        refund.RequiredInteger("amount"),
        refund.RequiredText("currency"),
        refund.RequiredInstant("created"),
        refund.Text("status") is not ("failed" or "canceled"));
}

/// <summary>A payment under way.</summary>
internal sealed record WireIntent(string Id, bool RequiresAction, string? ClientSecret)
{
    public static WireIntent Read(StripeObject intent) => new(
        intent.Id,
        intent.Text("status") is "requires_action" or "requires_source_action",
        intent.Text("client_secret"));
}
