namespace SaasBilling.StripeServer.Worlds;

/// <summary>Amounts as they are sent: https://docs.stripe.com/currencies.</summary>
internal static class WireMoney
{
    private const int Hundred = 100;

    /// <summary>What an amount in the currency's own minor units is on the wire.</summary>
    public static long ToWire(long minor, Currency currency) => currency.IsNone ? minor : currency.Code switch
    {
        "ISK" or "UGX" => minor * Hundred,
        "MGA" => minor / Hundred,
        _ => minor,
    };

    /// <summary>What a wire amount is in the currency's own minor units.</summary>
    public static long FromWire(long amount, Currency currency) => currency.Code switch
    {
        "ISK" or "UGX" => amount / Hundred,
        "MGA" => amount * Hundred,
        _ => amount,
    };

    /// <summary>What a wire amount, which may have decimals, is in major units.</summary>
    public static decimal ToMajor(decimal amount, Currency currency)
    {
        var decimals = currency.Code switch
        {
            "ISK" or "UGX" => 2,
            "MGA" => 0,
            _ => currency.Exponent,
        };
        for (; decimals > 0; decimals--)
            amount /= 10m;

        return amount;
    }

    public static string Code(Currency currency) => currency.Code.ToLowerInvariant();
}
