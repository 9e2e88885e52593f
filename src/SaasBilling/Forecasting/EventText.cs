using System.Globalization;
using SaasBilling.Subscriptions;

namespace SaasBilling.Forecasting;

/// <summary>What happened, or will, in one line for a person. Dates are UTC.</summary>
internal static class EventText
{
    /// <param name="billingEvent">The event.</param>
    /// <param name="catalog">For the names of plans; null: their keys.</param>
    public static string Of(BillingEvent billingEvent, PlanCatalog? catalog)
    {
        var text = billingEvent switch
        {
            SubscriptionEvent { Subscription: { } subscription } told => Of(told, subscription, catalog),
            CustomerCreated => "Became a customer",
            CustomerDeleted => "Was deleted",
            MilestoneReached reached => $"Reached '{reached.Milestone}'",
            PaymentMethodAdded added => $"{Card(added.PaymentMethod)} was added",
            PaymentMethodRemoved removed => $"{Card(removed.PaymentMethod)} was removed",
            PaymentMethodExpiring expiring => $"{Card(expiring.PaymentMethod)} expires at the end of {expiring.PaymentMethod.ExpiryYear:D4}-{expiring.PaymentMethod.ExpiryMonth:D2}",
            ChargeAdded charged => $"{charged.Line.Amount} for \"{charged.Line.Description}\" goes on the next invoice",
            InvoiceUpcoming upcoming => $"{upcoming.Invoice.AmountDue} will be due soon",
            InvoiceFinalized finalized => finalized.Invoice is { DueAt: { } due, AmountDue.IsPositive: true, Status: not InvoiceStatus.Void }
                ? $"Invoice {Number(finalized.Invoice)} of {finalized.Invoice.Total} is sent, due by {Day(due)}"
                : $"Invoice {Number(finalized.Invoice)} of {finalized.Invoice.Total}",
            InvoicePaid paid => paid.Invoice.AmountPaid.IsZero
                ? $"Invoice {Number(paid.Invoice)} is settled; nothing was due"
                : $"{paid.Invoice.AmountPaid} is paid on invoice {Number(paid.Invoice)}",
            PaymentFailed failed => $"{failed.Invoice.AmountDue} could not be charged on invoice {Number(failed.Invoice)}{Because(failed.Invoice.LastDeclineCode)}; "
                + (failed.Invoice.NextPaymentAttempt is { } next ? $"next try on {Day(next)}" : "there is no further try"),
            PaymentActionRequired asked => $"The bank asks the customer to confirm {asked.Invoice.AmountDue} on invoice {Number(asked.Invoice)}",
            PaymentRecovered recovered => $"{recovered.Invoice.AmountDue} that {(Explain.Declines(recovered.Invoice) > 0 ? "had failed" : "was owed")} is paid on invoice {Number(recovered.Invoice)}",
            PaymentRefunded refunded => $"{refunded.Refund.Amount} is returned",
            PaymentDisputed disputed => $"{disputed.Invoice.AmountPaid} on invoice {Number(disputed.Invoice)} is disputed",
            UsageLimitReached reached => $"'{reached.Feature}' reached its limit of {reached.Limit.ToString(CultureInfo.InvariantCulture)}",
            AccessGranted granted => $"Access is granted ({Words(granted.Reason)})",
            AccessRestricted restricted => $"Access is restricted ({Words(restricted.Reason)})",
            _ => billingEvent.GetType().Name,
        };
        return Why(billingEvent) is { } why && !text.Contains(why, StringComparison.Ordinal) ? $"{text}: {why}" : text;
    }

    /// <summary>The explanation, unless the sentence says it in words of its own.</summary>
    private static string? Why(BillingEvent billingEvent) => billingEvent switch
    {
        PlanChanged or QuantityChanged or SubscriptionPaused or TrialExpired or UsageLimitReached or PaymentActionRequired => null,
        TrialExtended { Explanation: not Explain.FreeTime } => null,
        _ => billingEvent.Explanation,
    };

    private static string Of(SubscriptionEvent billingEvent, Subscription subscription, PlanCatalog? catalog)
    {
        var plan = Plan(subscription.PlanKey, catalog);
        return billingEvent switch
        {
            TrialStarted => $"Trial of {plan} starts, until {Day(subscription.Trial?.End)}",
            TrialEnding ending => $"Trial of {plan} ends in {Span(ending.Remaining)}",
            TrialExtended => $"Trial of {plan} now ends on {Day(subscription.Trial?.End)}",
            TrialConverted => $"Trial of {plan} turned into a paying subscription",
            TrialExpired => $"Trial of {plan} ended without a payment method",
            SubscriptionActivated => $"{plan} is active; this period ends on {Day(subscription.CurrentPeriod.End)}",
            SubscriptionRenewed => $"{plan} renews, from {Day(subscription.CurrentPeriod.Start)} to {Day(subscription.CurrentPeriod.End)}",
            PlanChanged changed => changed.PreviousPlanKey == subscription.PlanKey
                ? $"{plan} is now billed per {subscription.Interval}"
                : $"Changed from {Plan(changed.PreviousPlanKey, catalog)} to {plan}",
            QuantityChanged => billingEvent.Explanation is { } quantities ? $"{plan}, {quantities}" : $"{plan} now has {Quantities(subscription)}",
            CancellationScheduled => $"{plan} will end on {Day(subscription.CancelsAt)}",
            CancellationUndone => $"{plan} will go on after all",
            SubscriptionCanceled => $"{plan} ended",
            SubscriptionReactivated => $"Came back to {plan}",
            SubscriptionPaused => subscription.Pause?.ResumesAt is { } resumes ? $"{plan} is paused until {Day(resumes)}" : $"{plan} is paused",
            SubscriptionResumed => $"{plan} goes on",
            _ => $"{billingEvent.GetType().Name}: {plan}",
        };
    }

    private static string Plan(string key, PlanCatalog? catalog) => catalog is not null && catalog.TryGet(key, out var plan) ? plan.Name : key;

    private static string Card(PaymentMethod card) => $"Card {card.Brand} …{card.Last4}";

    private static string Number(Invoice invoice) => invoice.Number ?? invoice.Id;

    private static string Day(DateTimeOffset? instant) => instant is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "an open date";

    private static string Because(string? declineCode) => declineCode is null ? "" : $" ({declineCode})";

    private static string Quantities(Subscription subscription) =>
        string.Join(", ", subscription.Items.Where(item => item.Quantity > 0).Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Quantity} × {item.PriceKey}")));

    private static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} minutes"),
    };

    private static string Words(AccessReason reason) => reason switch
    {
        AccessReason.Subscribed => "subscribed",
        AccessReason.Trial => "on trial",
        AccessReason.GracePeriod => "a payment is being retried",
        AccessReason.FreePlan => "free plan",
        AccessReason.NoSubscription => "no subscription",
        AccessReason.TrialExpired => "the trial ended",
        AccessReason.PaymentFailed => "a payment failed",
        AccessReason.Incomplete => "the first payment is missing",
        AccessReason.Paused => "paused",
        _ => "the subscription ended",
    };
}
