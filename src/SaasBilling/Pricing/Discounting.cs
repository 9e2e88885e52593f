namespace SaasBilling.Pricing;

/// <summary>
/// What discounts take off the lines of an invoice. They apply one after the other in their order, each to what the ones before it left
/// (https://docs.stripe.com/billing/subscriptions/coupons).
/// </summary>
internal static class Discounting
{
    /// <summary>More discounts than one invoice can carry: 20 of the subscription, and 20 of an item.</summary>
    internal const int MaxTerms = 64;

    /// <summary>The mask of a line that every discount applies to.</summary>
    internal const ulong AllTerms = ulong.MaxValue;

    /// <summary>The mask of a line that no discount applies to: a proration, a credit.</summary>
    internal const ulong NoTerms = 0;

    /// <summary>Computes the discount of each line.</summary>
    /// <param name="amounts">The lines, in minor units; a line of zero or less is never discounted.</param>
    /// <param name="applicable">A mask a line: bit i says that <paramref name="terms"/>[i] applies to it.</param>
    /// <param name="terms">The discounts in the order in which they apply, those of items before those of the invoice.</param>
    /// <param name="discounts">Receives what is taken off each line, zero or more and at most the line.</param>
    /// <remarks>A percentage is rounded half up on each line. An amount is split in proportion to what is left of the lines.</remarks>
    internal static void Apply(ReadOnlySpan<long> amounts, ReadOnlySpan<ulong> applicable, ReadOnlySpan<DiscountTerm> terms, Span<long> discounts)
    {
        if (applicable.Length != amounts.Length || discounts.Length != amounts.Length)
            throw new ArgumentException("There must be one mask and one discount for each line.", nameof(discounts));

        if (terms.Length > MaxTerms)
            throw new ArgumentException($"There can be at most {MaxTerms} discounts.", nameof(terms));

        discounts.Clear();
        for (var i = 0; i < terms.Length; i++)
        {
            var bit = 1UL << i;
            if (terms[i].PercentOff > 0)
                TakePercent(terms[i].PercentOff, amounts, applicable, bit, discounts);

            if (terms[i].AmountOff > 0)
                TakeAmount(terms[i].AmountOff, amounts, applicable, bit, discounts);
        }
    }

    /// <summary>What is left of one item after its discounts; a proration's "net of the running discounts".</summary>
    internal static long NetAmount(long amount, ReadOnlySpan<DiscountTerm> terms)
    {
        if (terms.IsEmpty || amount <= 0)
            return amount;

        var mask = AllTerms;
        long discount = 0;
        Apply(new(in amount), new(in mask), terms, new(ref discount));
        return amount - discount;
    }

    private static void TakePercent(decimal percent, ReadOnlySpan<long> amounts, ReadOnlySpan<ulong> applicable, ulong bit, Span<long> discounts)
    {
        for (var i = 0; i < amounts.Length; i++)
        {
            if ((applicable[i] & bit) != 0 && amounts[i] > discounts[i])
                discounts[i] += Math.Min(amounts[i] - discounts[i], Rounding.HalfUp((amounts[i] - discounts[i]) * percent / 100m));
        }
    }

    private static void TakeAmount(long amount, ReadOnlySpan<long> amounts, ReadOnlySpan<ulong> applicable, ulong bit, Span<long> discounts)
    {
        Int128 left = 0;
        Int128 invoice = 0;
        for (var i = 0; i < amounts.Length; i++)
        {
            invoice += amounts[i] - discounts[i];
            if ((applicable[i] & bit) != 0 && amounts[i] > discounts[i])
                left += amounts[i] - discounts[i];
        }

        var taken = Int128.Max(0, Int128.Min(amount, Int128.Min(left, invoice)));
        if (taken == 0)
            return;

        var rest = taken;
        for (var i = 0; i < amounts.Length; i++)
        {
            if ((applicable[i] & bit) == 0 || amounts[i] <= discounts[i])
                continue;

            var share = taken * (amounts[i] - discounts[i]) / left;
            discounts[i] += (long)share;
            rest -= share;
        }

        // What truncation left goes on the last line, as far as that line has room, and from there backward.
        for (var i = amounts.Length - 1; i >= 0 && rest > 0; i--)
        {
            if ((applicable[i] & bit) == 0 || amounts[i] <= discounts[i])
                continue;

            var more = Int128.Min(rest, amounts[i] - discounts[i]);
            discounts[i] += (long)more;
            rest -= more;
        }
    }
}
