namespace SaasBilling.Subscriptions;

/// <summary>How long trials may be. Source of the bound: https://docs.stripe.com/billing/subscriptions/trials/free-trials.</summary>
internal static class TrialRules
{
    /// <summary>The instant at which a trial may end.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: past, or more than 730 days ahead.</exception>
    public static DateTimeOffset End(DateTimeOffset wanted, DateTimeOffset now)
    {
        var end = Checks.Second(wanted);
        var last = now.AddDays(TrialTerms.MaxDays);
        if (end <= now)
            throw Checks.Invalid($"A trial must end in the future, and {Checks.Show(end)} is past: it is {Checks.Show(now)} now. To end a trial at once, call EndTrialAsync.");

        return end <= last
            ? end
            : throw Checks.Invalid($"A trial may end at most {TrialTerms.MaxDays} days ahead, and {Checks.Show(end)} is later. Use an instant until {Checks.Show(last)}.");
    }
}
