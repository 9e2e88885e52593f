using System.Globalization;

namespace SaasBilling.Stripe.Wire;

/// <summary>
/// Amounts as Stripe writes them. Its minor units are those of ISO 4217 but for a few currencies. Source: https://docs.stripe.com/currencies.
/// </summary>
internal static class WireMoney
{
    // Currency, and how many decimals Stripe's integers have. ISK and UGX have no decimals any more, and are written with two all the same; MGA is
    // written without.
    private static readonly (string Code, int Exponent)[] Overrides = [("ISK", 2), ("UGX", 2), ("MGA", 0)];

    /// <summary>The last digit of an amount with three decimals must be zero.</summary>
    private const int ThreeDecimals = 3;

    public static Money ToMoney(long amount, string currency)
    {
        var known = Currency.Of(currency);
        return Money.FromMinorUnits(known.Exponent switch
        {
            var ours when ours == ExponentOf(known) => amount,
            var ours when ours > ExponentOf(known) => checked(amount * Power(ours - ExponentOf(known))),
            var ours => decimal.ToInt64(decimal.Round((decimal)amount / Power(ExponentOf(known) - ours), MidpointRounding.AwayFromZero)),
        }, known.Code);
    }

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: Stripe cannot charge this amount in this currency.</exception>
    public static long ToWire(Money money)
    {
        var (ours, theirs) = (money.Currency.Exponent, ExponentOf(money.Currency));
        if (theirs >= ours)
        {
            var amount = checked(money.MinorUnits * Power(theirs - ours));
            return theirs < ThreeDecimals || amount % 10 == 0 ? amount : throw Unchargeable(money, "the last of its three decimals must be 0");
        }

        var unit = Power(ours - theirs);
        return money.MinorUnits % unit == 0 ? money.MinorUnits / unit : throw Unchargeable(money, $"it must have {(theirs == 0 ? "no" : $"{theirs}")} decimals");
    }

    /// <summary>A unit amount in Stripe's minor units, with up to 12 decimals.</summary>
    public static string ToUnitAmount(decimal amount, Currency currency) =>
        (amount * Power(ExponentOf(currency))).ToString("0.############", CultureInfo.InvariantCulture);

    public static string CodeOf(Currency currency) => currency.Code.ToLowerInvariant();

    internal static int ExponentOf(Currency currency)
    {
        foreach (var (code, exponent) in Overrides)
        {
            if (code == currency.Code)
                return exponent;
        }

        return currency.Exponent;
    }

    private static long Power(int exponent)
    {
        var power = 1L;
        for (; exponent > 0; exponent--)
            power *= 10;
        return power;
    }

    private static BillingException Unchargeable(Money money, string rule) => new(
        BillingErrorCode.InvalidArgument,
        $"Stripe cannot bill {money}: {rule}. Use another amount. See https://docs.stripe.com/currencies.");
}
