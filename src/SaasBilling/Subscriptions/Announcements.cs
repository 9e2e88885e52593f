using SaasBilling.Pricing;
using SaasBilling.Storage;

namespace SaasBilling.Subscriptions;

/// <summary>When the clock alone raises something, and what was raised already.</summary>
internal static class Announcements
{
    internal const string TrialEnding = nameof(SaasBilling.TrialEnding);
    internal const string InvoiceUpcoming = nameof(SaasBilling.InvoiceUpcoming);
    internal const string PaymentMethodExpiring = nameof(SaasBilling.PaymentMethodExpiring);
    internal const string UsageLimitReached = nameof(SaasBilling.UsageLimitReached);

    /// <summary>No announcement, but a fact to remember: a subscription that was canceled before its first payment, and so had never been live.</summary>
    internal const string NeverLive = "NeverLive";

    private const int DaysBeforeExpiry = 30;
    private const int MonthsPerYear = 12;

    /// <summary>When <see cref="SaasBilling.TrialEnding"/> is due; null: never, or done. A canceled trial is not announced.</summary>
    internal static DateTimeOffset? TrialEndingDueAt(Subscription subscription, IReadOnlyList<Notice> notices, SaasBillingOptions options)
    {
        if (!AnnouncesTrialEnd(subscription) || Has(notices, TrialEnding, subscription.Id, subscription.Trial!.End))
            return null;

        return InstantMath.Max(subscription.Trial.Start, InstantMath.Subtract(subscription.Trial.End, options.TrialEndingNotice));
    }

    /// <summary>Whether the end of the subscription's trial is news: it is running, and its end is not a cancellation's.</summary>
    internal static bool AnnouncesTrialEnd(Subscription subscription) =>
        subscription is { Status: SubscriptionStatus.Trialing, Trial: { } trial } && !(subscription.CancelsAt <= trial.End);

    /// <summary>When <see cref="SaasBilling.InvoiceUpcoming"/> is due; null: never, or done. In a period that is shorter than the notice, at its start.</summary>
    internal static DateTimeOffset? UpcomingDueAt(Subscription subscription, IReadOnlyList<Notice> notices, SaasBillingOptions options)
    {
        if (options.UpcomingInvoiceNotice <= TimeSpan.Zero || !Renews(subscription))
            return null;

        var period = subscription.CurrentPeriod;
        return Has(notices, InvoiceUpcoming, subscription.Id, period.End)
            ? null
            : InstantMath.Max(period.Start, InstantMath.Subtract(period.End, options.UpcomingInvoiceNotice));
    }

    /// <summary>When <see cref="SaasBilling.PaymentMethodExpiring"/> is due; null: never, or done.</summary>
    internal static DateTimeOffset? ExpiringDueAt(PaymentMethod card, IReadOnlyList<Notice> notices) =>
        ExpiresAt(card) is { } expires && !Has(notices, PaymentMethodExpiring, card.Id, expires) ? expires.AddDays(-DaysBeforeExpiry) : null;

    /// <summary>The first instant at which a card no longer works; null when its date is none.</summary>
    internal static DateTimeOffset? ExpiresAt(PaymentMethod card) =>
        card is { ExpiryMonth: >= 1 and <= MonthsPerYear, ExpiryYear: >= 2 and < 9999 }
            ? new DateTimeOffset(card.ExpiryYear, card.ExpiryMonth, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1)
            : null;

    internal static bool Has(IReadOnlyList<Notice> notices, string kind, string subject, DateTimeOffset at)
    {
        for (var i = 0; i < notices.Count; i++)
        {
            var notice = notices[i];
            if (notice.At == at && notice.Kind == kind && notice.Subject == subject)
                return true;
        }

        return false;
    }

    /// <summary>Whether a notice may be needed again: what it is about is still there, at the same instant.</summary>
    internal static bool StillMatters(Notice notice, IReadOnlyList<Subscription> subscriptions, IReadOnlyList<PaymentMethod> cards, IReadOnlyList<MeterUsage> usage)
    {
        if (notice.Kind == PaymentMethodExpiring)
        {
            for (var i = 0; i < cards.Count; i++)
            {
                if (cards[i].Id == notice.Subject)
                    return ExpiresAt(cards[i]) == notice.At;
            }

            return false;
        }

        if (notice.Kind == UsageLimitReached)
        {
            for (var i = 0; i < usage.Count; i++)
            {
                if (usage[i].Meter == notice.Subject)
                    return usage[i].PeriodStart <= notice.At;
            }

            return false;
        }

        for (var i = 0; i < subscriptions.Count; i++)
        {
            var subscription = subscriptions[i];
            if (subscription.Id != notice.Subject)
                continue;

            return notice.Kind switch
            {
                TrialEnding => subscription.Status is SubscriptionStatus.Trialing or SubscriptionStatus.Unknown && subscription.Trial?.End == notice.At,
                InvoiceUpcoming => subscription.IsLive && subscription.CurrentPeriod.End == notice.At,
                _ => true,
            };
        }

        return false;
    }

    // A free plan has no items, and is never invoiced.
    private static bool Renews(Subscription subscription) =>
        subscription is { Status: SubscriptionStatus.Active or SubscriptionStatus.PastDue, Items.Count: > 0 }
        && !(subscription.CancelsAt <= subscription.CurrentPeriod.End);
}
