using SaasBilling.Pricing;

namespace SaasBilling.InMemory.Engine;

/// <summary>Keeps single amounts so small that no sum of an invoice can leave the range of a <see cref="long"/>.</summary>
internal static class Amounts
{
    /// <summary>Ten million million in a currency with two decimals.</summary>
    internal const long Max = 1_000_000_000_000_000;

    internal static void Require(Money amount, string what)
    {
        if (amount.MinorUnits is > Max or < -Max)
        {
            throw new BillingException(
                BillingErrorCode.InvalidArgument,
                $"{what} of {amount} is more than an invoice can hold. Use at most {Money.FromMinorUnits(Max, amount.Currency)}.");
        }
    }

    /// <summary>What a quantity of a price costs; throws when that is too much for an invoice.</summary>
    internal static long Of(CatalogPrice price, decimal quantity)
    {
        var amount = PriceMath.AmountFor(price.Price, quantity);
        Require(amount, $"A quantity of {quantity} of '{price.Price.Key}' at a price");
        return amount.MinorUnits;
    }
}
