namespace SaasBilling;

/// <summary>One line of an invoice.</summary>
/// <param name="Description">What it is for.</param>
/// <param name="Amount">Before discounts and tax; negative for a credit.</param>
/// <param name="Quantity">How many of it.</param>
/// <param name="Period">The time that it is for.</param>
/// <param name="IsProration">Whether it corrects a period that had begun; it carries its discount in its amount.</param>
public sealed record InvoiceLine(string Description, Money Amount, long Quantity, BillingPeriod Period, bool IsProration)
{
    /// <summary>The price that it bills, such as <c>pro/seat/usd/month</c>: <see cref="PlanCatalog.FindPrice"/> says whose it is and whether it is metered. Null for a one-off charge.</summary>
    public string? PriceKey { get; init; }
}
