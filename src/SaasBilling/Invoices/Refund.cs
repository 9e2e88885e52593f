namespace SaasBilling;

/// <summary>Money that went back to the customer's card.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="InvoiceId">The invoice whose payment it returns.</param>
/// <param name="Amount">How much, positive.</param>
/// <param name="CreatedAt">When, UTC.</param>
public sealed record Refund(string Id, string InvoiceId, Money Amount, DateTimeOffset CreatedAt);
