namespace SaasBilling.Pricing;

/// <summary>
/// What the rest of a period is worth, by the second, as exact fractions. Each line is rounded by itself, an exact half toward minus infinity
/// (https://docs.stripe.com/billing/subscriptions/prorations).
/// </summary>
internal static class ProrationMath
{
    /// <summary>What is given back for the time from <paramref name="at"/> on: zero or negative for an amount that was debited.</summary>
    /// <param name="debited">What was really debited for the period, discounts taken off.</param>
    /// <param name="period">The period that it was debited for.</param>
    /// <param name="at">An instant in the period, or its end.</param>
    internal static Money Credit(Money debited, BillingPeriod period, DateTimeOffset at)
    {
        var (remaining, total) = Seconds(period, at);
        return Money.FromMinorUnits(Credit(debited.MinorUnits, remaining, total), debited.Currency);
    }

    /// <summary>What is charged for the time from <paramref name="at"/> on.</summary>
    /// <param name="fullPeriodAmount">What the whole period costs, quantity included, net of the running discounts.</param>
    /// <param name="period">The period.</param>
    /// <param name="at">An instant in the period, or its end.</param>
    internal static Money Charge(Money fullPeriodAmount, BillingPeriod period, DateTimeOffset at)
    {
        var (remaining, total) = Seconds(period, at);
        return Money.FromMinorUnits(Charge(fullPeriodAmount.MinorUnits, remaining, total), fullPeriodAmount.Currency);
    }

    /// <summary>As <see cref="Credit(Money, BillingPeriod, DateTimeOffset)"/>, in minor units and seconds.</summary>
    internal static long Credit(long debited, long remainingSeconds, long totalSeconds) => Share(-(Int128)debited, remainingSeconds, totalSeconds);

    /// <summary>As <see cref="Charge(Money, BillingPeriod, DateTimeOffset)"/>, in minor units and seconds.</summary>
    internal static long Charge(long fullPeriodAmount, long remainingSeconds, long totalSeconds) => Share(fullPeriodAmount, remainingSeconds, totalSeconds);

    private static long Share(Int128 amount, long remainingSeconds, long totalSeconds)
    {
        if (remainingSeconds < 0 || remainingSeconds > totalSeconds)
            throw new BillingException(
                BillingErrorCode.InvalidArgument,
                $"{remainingSeconds} of {totalSeconds} seconds cannot be prorated: the rest of a period lies between nothing and all of it. Prorate at an instant inside the period.");

        // A period without length has no rest to pay for.
        return totalSeconds == 0 ? 0 : Rounding.HalfDown(amount * remainingSeconds, totalSeconds);
    }

    private static (long Remaining, long Total) Seconds(BillingPeriod period, DateTimeOffset at)
    {
        var start = period.Start.ToUnixTimeSeconds();
        var end = period.End.ToUnixTimeSeconds();
        var instant = at.ToUnixTimeSeconds();
        if (instant < start || instant > end)
            throw new BillingException(
                BillingErrorCode.InvalidArgument,
                $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z lies outside the period from {period.Start.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z to {period.End.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z. Prorate at an instant inside it.");

        return (end - instant, end - start);
    }
}
