using System.Globalization;

namespace SaasBilling.Subscriptions;

/// <summary>The sentences in <see cref="BillingEvent.Explanation"/>: why, where the event's name does not say it.</summary>
internal static class Explain
{
    internal const string NoPaymentMethod = "the trial ended without a payment method";
    internal const string CustomerDeleted = "the customer was deleted";
    internal const string GraceEnded = "the payment is still open at the end of the grace period";
    internal const string BankAsks = "the bank asks the customer to authenticate the payment";
    internal const string FreeTime = "free time was given";

    internal static string Used(decimal used, long limit) => string.Create(CultureInfo.InvariantCulture, $"{used:0.############################} of {limit} used");

    internal static string GivenUp(string declineCode) => $"the last attempt to collect the payment failed: {declineCode}";

    internal static string Plan(Subscription was, Subscription now) =>
        was.PlanKey != now.PlanKey
            ? $"from {was.PlanKey} to {now.PlanKey}"
            : $"billed every {now.Interval} instead of every {was.Interval}";

    internal static string TrialEnd(DateTimeOffset end) => string.Create(CultureInfo.InvariantCulture, $"the trial now ends on {end:yyyy-MM-dd HH:mm} UTC");

    internal static string PausedUntil(DateTimeOffset end) => string.Create(CultureInfo.InvariantCulture, $"until {end:yyyy-MM-dd HH:mm} UTC");

    /// <summary>How often a payment was declined. A bank that asked the customer declined nothing.</summary>
    internal static int Declines(Invoice invoice)
    {
        var declines = 0;
        for (var i = 0; i < invoice.Failures.Count; i++)
        {
            if (invoice.Failures[i].DeclineCode is not null)
                declines++;
        }

        return declines;
    }

    internal static string Failures(int count) => count == 1 ? "after 1 failed attempt" : $"after {count} failed attempts";

    /// <param name="subscription">The subscription whose trial ends.</param>
    /// <param name="plan">What will be billed; null: the catalog does not know it, and the provider's default holds.</param>
    /// <param name="card">What is charged by default.</param>
    internal static string TrialEnding(Subscription subscription, Plan? plan, PaymentMethod? card)
    {
        if (plan?.IsFree ?? subscription.Items.Count == 0)
            return "the plan is free: nothing will be charged";
        if (subscription.InvoiceDueInDays is not null)
            return "an invoice will be sent";
        if (card is not null)
            return $"the {card.Brand} card ending in {card.Last4} will be charged";

        return (plan is null ? TrialEndBehavior.CreateInvoice : TrialEnds.WithoutPaymentMethod(plan)) switch
        {
            TrialEndBehavior.Pause => "there is no payment method: the subscription will be paused",
            TrialEndBehavior.CreateInvoice => "there is no payment method: an invoice will be open",
            _ => "there is no payment method: the subscription will end",
        };
    }
}
