namespace SaasBilling.Providers;

/// <summary>
/// What the in-memory provider asks for the tax of an invoice's line. Register one in the services; the default charges none. On Stripe it is
/// Stripe Tax instead. It is called under the engine's lock: it must be fast, and must not call billing.
/// </summary>
public interface ITaxCalculator
{
    /// <summary>The exclusive tax of one line.</summary>
    /// <param name="request">The line.</param>
    /// <returns>The tax in the line's currency, added to its amount; negative for a credit.</returns>
    Money CalculateTax(TaxRequest request);
}

/// <summary>A line whose tax is wanted.</summary>
/// <param name="CustomerId">The application's id of the customer.</param>
/// <param name="OwnerKey">The plan or add-on; null for a one-off charge.</param>
/// <param name="Amount">The line's amount after discounts; negative for a credit.</param>
/// <param name="At">When the invoice is made, UTC.</param>
public sealed record TaxRequest(string CustomerId, string? OwnerKey, Money Amount, DateTimeOffset At);

/// <summary>No tax at all.</summary>
internal sealed class NoTax : ITaxCalculator
{
    public static NoTax Instance { get; } = new();

    public Money CalculateTax(TaxRequest request) => Money.Zero(request.Amount.Currency);
}
