namespace SaasBilling;

/// <summary>A payment that waits on the customer: it was declined, there is no payment method yet, or the bank asks (3-D Secure).</summary>
/// <param name="InvoiceId">The invoice that it pays.</param>
/// <param name="Amount">What is to be paid.</param>
/// <param name="RequiresAction">Whether the bank wants the customer to authenticate.</param>
/// <param name="DeclineCode">Stripe's decline code, see https://docs.stripe.com/declines/codes.</param>
/// <param name="ActionUrl">Where the customer answers the bank.</param>
/// <param name="ClientSecret">What the provider's own page needs to collect the payment; not to be logged.</param>
public sealed record PendingPayment(string InvoiceId, Money Amount, bool RequiresAction, string? DeclineCode, Uri? ActionUrl, string? ClientSecret)
{
    /// <summary>All but the client secret.</summary>
    public override string ToString() =>
        $"PendingPayment {{ InvoiceId = {InvoiceId}, Amount = {Amount}, RequiresAction = {RequiresAction}, DeclineCode = {DeclineCode}, ActionUrl = {ActionUrl} }}";
}
