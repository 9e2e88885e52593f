using Microsoft.Extensions.Options;

namespace SaasBilling.DependencyInjection;

/// <summary>Checks <see cref="SaasBillingOptions"/>.</summary>
internal sealed class BillingOptionsCheck(IOptions<SaasBillingOptions> options) : IStartupCheck
{
    // Longer than any of these could mean anything, and short enough that no sum of dates leaves the calendar.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    // Providers deliver again for days, and people for weeks: what comes again within this time is recognized.
    private static readonly TimeSpan ShortestWebhooks = TimeSpan.FromDays(30);

    private const int LargestBatch = 10_000;

    public void Check(ICollection<string> wrongOptions)
    {
        var value = options.Value;
        var worker = value.Worker;
        var faults = new OptionFaults(nameof(SaasBillingOptions), wrongOptions);
        faults.Duration(nameof(value.TrialEndingNotice), value.TrialEndingNotice, TimeSpan.Zero, Longest);
        faults.Duration(nameof(value.PastDueGrace), value.PastDueGrace, TimeSpan.Zero, Longest);
        faults.Duration(nameof(value.UpcomingInvoiceNotice), value.UpcomingInvoiceNotice, TimeSpan.Zero, Longest);
        faults.Duration(nameof(value.QuoteValidity), value.QuoteValidity, TimeSpan.FromSeconds(1), Longest);
        faults.Duration(nameof(value.AccessCacheDuration), value.AccessCacheDuration, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));

        faults = new OptionFaults($"{nameof(SaasBillingOptions)}.{nameof(value.Worker)}", wrongOptions);
        faults.Duration(nameof(worker.LeaseDuration), worker.LeaseDuration, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        faults.Duration(nameof(worker.PollInterval), worker.PollInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
        faults.Duration(nameof(worker.FirstRetryDelay), worker.FirstRetryDelay, TimeSpan.FromSeconds(1), Longest);
        faults.Duration(nameof(worker.MaxRetryDelay), worker.MaxRetryDelay, TimeSpan.FromSeconds(1), Longest);
        faults.Duration(nameof(worker.HookTimeout), worker.HookTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        faults.Number(nameof(worker.BatchSize), worker.BatchSize, 1, LargestBatch);
        faults.Number(nameof(worker.MaxAttempts), worker.MaxAttempts, 1, 1000);
        faults.Number(nameof(worker.MaxConcurrency), worker.MaxConcurrency, 1, LargestBatch);
        if (worker.MaxRetryDelay < worker.FirstRetryDelay)
            faults.Add(nameof(worker.MaxRetryDelay), worker.MaxRetryDelay, $"it must not be shorter than {nameof(worker.FirstRetryDelay)}, {worker.FirstRetryDelay}");

        var retention = value.Retention;
        faults = new OptionFaults($"{nameof(SaasBillingOptions)}.{nameof(value.Retention)}", wrongOptions);
        faults.Duration(nameof(retention.WebhookBodies), retention.WebhookBodies, TimeSpan.Zero, Longest);
        faults.Duration(nameof(retention.Webhooks), retention.Webhooks, ShortestWebhooks, Longest);
        if (retention.Webhooks < retention.WebhookBodies)
            faults.Add(nameof(retention.Webhooks), retention.Webhooks, $"it must not be shorter than {nameof(retention.WebhookBodies)}, {retention.WebhookBodies}");
    }
}
