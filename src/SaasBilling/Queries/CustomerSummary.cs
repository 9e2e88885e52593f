namespace SaasBilling;

/// <summary>A customer as a list shows them.</summary>
/// <param name="Customer">The customer.</param>
/// <param name="Subscriptions">
/// The subscriptions that are live or still owe an invoice, and of each name the last one that ended; oldest first.
/// </param>
/// <param name="HasAccess">Whether the customer had access when something last happened to them.</param>
public sealed record CustomerSummary(Customer Customer, IReadOnlyList<Subscription> Subscriptions, bool HasAccess);
