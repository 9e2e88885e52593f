using SaasBilling.InMemory.Engine;
using SaasBilling.Pricing;

namespace SaasBilling.StripeServer.Objects;

/// <summary>How much each discount takes off each line. The engine keeps their sum: what one takes is the difference that it makes.</summary>
internal static class DiscountShares
{
    /// <returns>A row for each line, a column for each discount.</returns>
    public static long[][] Of(IReadOnlyList<EngineDiscount> discounts, EngineInvoice invoice)
    {
        var lines = invoice.Lines;
        var shares = Array.ConvertAll(lines, _ => new long[discounts.Count]);
        if (discounts.Count == 0)
            return shares;

        EngineDiscount[] all = [.. discounts];
        var amounts = Array.ConvertAll(lines, line => line.Amount);
        var masks = Array.ConvertAll(lines, line => line.IsProration ? Discounting.NoTerms : Totals.Mask(line.Price, all));
        var terms = Array.ConvertAll(all, discount => discount.Coupon.PercentOff is { } percent ? DiscountTerm.Percent(percent) : DiscountTerm.Amount(discount.Coupon.AmountOff!.Value.MinorUnits));
        var before = new long[lines.Length];
        for (var column = 0; column < terms.Length; column++)
        {
            var sum = new long[lines.Length];
            Discounting.Apply(amounts, masks, terms.AsSpan(0, column + 1), sum);
            for (var row = 0; row < lines.Length; row++)
                shares[row][column] = sum[row] - before[row];
            before = sum;
        }

        return shares;
    }
}
