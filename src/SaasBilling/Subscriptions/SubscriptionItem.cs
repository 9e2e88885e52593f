namespace SaasBilling;

/// <summary>One price of a subscription, with its quantity.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="PriceKey">The price's key in the catalog, such as <c>pro/seat/usd/month</c>.</param>
/// <param name="Quantity">1 for a flat price, the seats, an add-on's quantity; 0 for a metered price.</param>
public sealed record SubscriptionItem(string Id, string PriceKey, long Quantity);
