using SaasBilling.Pricing;
using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>What do the lines of an invoice come to? Lines, then discounts, then tax; the balance follows when it is finalized.</summary>
internal static class Totals
{
    private const int OnStack = 32;

    /// <summary>Computes discounts, tax and sums of an invoice from its lines and the coupons that it was made with.</summary>
    internal static void Compute(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        var lines = invoice.Lines.AsSpan();
        if (invoice.Discounts is { Length: > 0 } discounts)
            Discount(lines, discounts);

        if (context.Tax is { } tax)
            AddTax(tax, customer, invoice, lines);

        long subtotal = 0, discount = 0, taxes = 0;
        foreach (ref readonly var line in lines)
        {
            subtotal = checked(subtotal + line.Amount);
            discount += line.Discount;
            taxes = checked(taxes + line.Tax);
        }

        invoice.Subtotal = subtotal;
        invoice.Discount = discount;
        invoice.Tax = taxes;
    }

    /// <summary>What each item's whole period costs net of the discounts that run on; those that count once are for invoices.</summary>
    internal static void NetAmounts(ReadOnlySpan<EngineItem> items, ReadOnlySpan<EngineDiscount> discounts, Span<long> net)
    {
        Span<long> amounts = items.Length <= OnStack ? stackalloc long[items.Length] : new long[items.Length];
        Span<ulong> masks = items.Length <= OnStack ? stackalloc ulong[items.Length] : new ulong[items.Length];
        Span<long> shares = items.Length <= OnStack ? stackalloc long[items.Length] : new long[items.Length];
        Span<DiscountTerm> terms = stackalloc DiscountTerm[Coupons.MaxCoupons];
        for (var i = 0; i < items.Length; i++)
        {
            amounts[i] = items[i].Amount;
            masks[i] = items[i].IsMetered ? Discounting.NoTerms : Mask(items[i].Price, discounts);
        }

        Discounting.Apply(amounts, masks, Terms(discounts, terms), shares);
        for (var i = 0; i < items.Length; i++)
            net[i] = amounts[i] - shares[i];
    }

    /// <summary>Which of the coupons reduce a line of this price; null: a one-off charge.</summary>
    internal static ulong Mask(CatalogPrice? price, ReadOnlySpan<EngineDiscount> discounts)
    {
        ulong mask = 0;
        for (var i = 0; i < discounts.Length; i++)
        {
            var keys = discounts[i].Coupon.AppliesTo;
            if (keys.Count == 0 || (price is not null && keys.Contains(price.OwnerKey)))
                mask |= 1UL << i;
        }

        return mask;
    }

    private static void Discount(Span<EngineLine> lines, ReadOnlySpan<EngineDiscount> discounts)
    {
        Span<long> amounts = lines.Length <= OnStack ? stackalloc long[lines.Length] : new long[lines.Length];
        Span<ulong> masks = lines.Length <= OnStack ? stackalloc ulong[lines.Length] : new ulong[lines.Length];
        Span<long> shares = lines.Length <= OnStack ? stackalloc long[lines.Length] : new long[lines.Length];
        Span<DiscountTerm> terms = stackalloc DiscountTerm[Coupons.MaxCoupons];
        for (var i = 0; i < lines.Length; i++)
        {
            amounts[i] = lines[i].Amount;
            masks[i] = lines[i].IsProration ? Discounting.NoTerms : Mask(lines[i].Price, discounts);
        }

        Discounting.Apply(amounts, masks, Terms(discounts, terms), shares);
        for (var i = 0; i < lines.Length; i++)
            lines[i].Discount = shares[i];
    }

    private static Span<DiscountTerm> Terms(ReadOnlySpan<EngineDiscount> discounts, Span<DiscountTerm> terms)
    {
        for (var i = 0; i < discounts.Length; i++)
        {
            var coupon = discounts[i].Coupon;
            terms[i] = coupon.PercentOff is { } percent ? DiscountTerm.Percent(percent) : DiscountTerm.Amount(coupon.AmountOff!.Value.MinorUnits);
        }

        return terms[..discounts.Length];
    }

    private static void AddTax(ITaxCalculator tax, EngineCustomer customer, EngineInvoice invoice, Span<EngineLine> lines)
    {
        foreach (ref var line in lines)
        {
            var amount = Money.FromMinorUnits(line.Amount - line.Discount, invoice.Currency);
            var request = new TaxRequest(customer.Id, line.Price?.OwnerKey, amount, Instants.At(invoice.CreatedAt));
            var calculated = tax.CalculateTax(request);
            if (calculated.Currency != invoice.Currency)
            {
                throw new BillingException(
                    BillingErrorCode.CurrencyMismatch,
                    $"The tax calculator answered {calculated} for a line in {invoice.Currency}. Answer in the currency of TaxRequest.Amount.");
            }

            line.Tax = calculated.MinorUnits;
        }
    }
}
