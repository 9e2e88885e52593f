namespace SaasBilling.Pricing;

/// <summary>The one place where money is rounded: to the nearest whole unit, by the rule for an exact half that the caller names.</summary>
internal static class Rounding
{
    /// <summary>To the nearest, an exact half up (1.5 is 2, -1.5 is -1): lines and percentages (https://docs.stripe.com/billing/subscriptions/decimal-amounts).</summary>
    internal static long HalfUp(decimal value)
    {
        var floor = decimal.Floor(value);
        return ToLong(value - floor >= 0.5m ? floor + 1 : floor);
    }

    /// <summary>The quotient to the nearest, an exact half up; the divisor is positive.</summary>
    internal static long HalfUp(Int128 dividend, Int128 divisor)
    {
        var (floor, remainder) = FloorDivide(dividend, divisor);
        return ToLong(remainder >= divisor - remainder ? floor + 1 : floor);
    }

    /// <summary>To the nearest, an exact half toward minus infinity (4.5 is 4, -2.5 is -3): prorations, as recorded from Stripe.</summary>
    internal static long HalfDown(decimal value)
    {
        var floor = decimal.Floor(value);
        return ToLong(value - floor > 0.5m ? floor + 1 : floor);
    }

    /// <summary>The quotient to the nearest, an exact half toward minus infinity; the divisor is positive.</summary>
    internal static long HalfDown(Int128 dividend, Int128 divisor)
    {
        var (floor, remainder) = FloorDivide(dividend, divisor);
        return ToLong(remainder > divisor - remainder ? floor + 1 : floor);
    }

    private static (Int128 Floor, Int128 Remainder) FloorDivide(Int128 dividend, Int128 divisor)
    {
        var (quotient, remainder) = Int128.DivRem(dividend, divisor);
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder);
    }

    private static long ToLong(decimal whole) =>
        whole is >= long.MinValue and <= long.MaxValue ? (long)whole : throw TooLarge();

    private static long ToLong(Int128 whole) =>
        whole >= long.MinValue && whole <= long.MaxValue ? (long)whole : throw TooLarge();

    internal static BillingException TooLarge() => new(
        BillingErrorCode.InvalidArgument,
        "The computed amount is more than an amount can hold (9,223,372,036,854,775,807 minor units). Use a smaller price or quantity.");
}
