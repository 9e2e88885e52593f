namespace SaasBilling;

/// <summary>An attempt to charge an invoice that did not succeed.</summary>
/// <param name="Id">The provider's id of the attempt.</param>
/// <param name="At">When, UTC.</param>
/// <param name="DeclineCode">Stripe's decline code, or <c>no_payment_method</c>; null when the bank only asks the customer.</param>
/// <param name="RequiresAction">Whether the bank wants the customer to authenticate.</param>
public sealed record PaymentFailure(string Id, DateTimeOffset At, string? DeclineCode, bool RequiresAction);
