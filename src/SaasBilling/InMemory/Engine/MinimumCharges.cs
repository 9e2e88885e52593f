namespace SaasBilling.InMemory.Engine;

/// <summary>The least that a card is charged, in minor units. Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.</summary>
internal static class MinimumCharges
{
    private static readonly Currency Usd = Currency.Of("USD");
    private static readonly Currency Eur = Currency.Of("EUR");
    private static readonly Currency Gbp = Currency.Of("GBP");
    private static readonly Currency Jpy = Currency.Of("JPY");

    /// <summary>0 where none is known.</summary>
    internal static long Of(Currency currency)
    {
        if (currency == Usd || currency == Eur || currency == Jpy)
            return 50;

        return currency == Gbp ? 30 : 0;
    }
}
