namespace SaasBilling.Pricing;

/// <summary>Splits an amount so that the parts are the whole.</summary>
internal static class Allocation
{
    /// <summary>
    /// Splits in proportion to the weights, each share truncated, the remainder on the last
    /// (https://docs.stripe.com/billing/subscriptions/billing-mode/compare: 5 USD over 10 and 20 is 1.66 and 3.34).
    /// </summary>
    /// <param name="amount">What is split, in minor units.</param>
    /// <param name="weights">Zero or more each; where all are zero, the last share is the whole.</param>
    /// <param name="shares">Receives one share a weight.</param>
    internal static void Split(long amount, ReadOnlySpan<long> weights, Span<long> shares)
    {
        if (weights.IsEmpty || shares.Length != weights.Length)
            throw new ArgumentException("There must be at least one weight, and one share for each.", nameof(shares));

        Int128 total = 0;
        foreach (var weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
            total += weight;
        }

        var rest = amount;
        for (var i = 0; i < weights.Length - 1; i++)
        {
            shares[i] = total == 0 ? 0 : (long)((Int128)amount * weights[i] / total);
            rest -= shares[i];
        }

        shares[^1] = rest;
    }
}
