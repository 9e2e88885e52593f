using System.Numerics;

namespace SaasBilling.Pricing;

/// <summary>
/// The one place where money is rounded: to the nearest whole unit, by the rule for an exact half that the method's name says. Exact throughout; divisors are positive.
/// </summary>
internal static class Rounding
{
    /// <summary>An exact half goes up (1.5 is 2, -1.5 is -1): lines and percentages (https://docs.stripe.com/billing/subscriptions/decimal-amounts).</summary>
    internal static long HalfUp(decimal value)
    {
        var floor = decimal.Floor(value);
        var nearest = value - floor >= 0.5m ? floor + 1 : floor;
        return nearest is >= long.MinValue and <= long.MaxValue ? (long)nearest : throw TooLarge();
    }

    /// <inheritdoc cref="HalfUp(decimal)"/>
    internal static long HalfUp(Int128 dividend, Int128 divisor)
    {
        var (floor, remainder) = FloorDivide(dividend, divisor);
        return Whole(remainder >= divisor - remainder ? floor + 1 : floor);
    }

    /// <inheritdoc cref="HalfUp(decimal)"/>
    internal static long HalfUp(BigInteger dividend, BigInteger divisor)
    {
        var (quotient, remainder) = BigInteger.DivRem(dividend, divisor);
        if (remainder.Sign < 0)
        {
            quotient -= 1;
            remainder += divisor;
        }

        if (remainder >= divisor - remainder)
            quotient += 1;

        return quotient >= long.MinValue && quotient <= long.MaxValue ? (long)quotient : throw TooLarge();
    }

    /// <summary>An exact half goes toward minus infinity (4.5 is 4, -2.5 is -3): prorations, as recorded from Stripe.</summary>
    internal static long HalfDown(Int128 dividend, Int128 divisor)
    {
        var (floor, remainder) = FloorDivide(dividend, divisor);
        return Whole(remainder > divisor - remainder ? floor + 1 : floor);
    }

    /// <summary>An amount that is whole already, if it can be held.</summary>
    internal static long Whole(Int128 value) =>
        value >= long.MinValue && value <= long.MaxValue ? (long)value : throw TooLarge();

    private static BillingException TooLarge() => new(
        BillingErrorCode.InvalidArgument,
        "The computed amount is more than an amount can hold (9,223,372,036,854,775,807 minor units). Use a smaller price or quantity.");

    private static (Int128 Floor, Int128 Remainder) FloorDivide(Int128 dividend, Int128 divisor)
    {
        var (quotient, remainder) = Int128.DivRem(dividend, divisor);
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder);
    }
}
