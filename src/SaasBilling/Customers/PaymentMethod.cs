namespace SaasBilling;

/// <summary>A card on file: its brand, last four digits and expiry, never its number.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Brand">Lower case, as Stripe writes it: <c>visa</c>, <c>mastercard</c>, <c>amex</c>.</param>
/// <param name="Last4">The last four digits.</param>
/// <param name="ExpiryMonth">1 to 12; the card works to the end of this month.</param>
/// <param name="ExpiryYear">Four digits.</param>
/// <param name="IsDefault">Whether invoices are charged to it.</param>
public sealed record PaymentMethod(string Id, string Brand, string Last4, int ExpiryMonth, int ExpiryYear, bool IsDefault);
