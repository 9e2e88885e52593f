namespace SaasBilling;

/// <summary>What an application decides about billing, whichever provider it runs on.</summary>
public sealed class SaasBillingOptions
{
    /// <summary>How long before a trial's end <see cref="TrialEnding"/> is raised; a shorter trial raises it at once.</summary>
    /// <value>3 days. From zero to 3,650 days.</value>
    public TimeSpan TrialEndingNotice { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long a customer keeps access after the first failure of a renewal, while it is being retried.</summary>
    /// <value>7 days. From zero, which takes access away with the first failure, to 3,650 days.</value>
    public TimeSpan PastDueGrace { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long before a renewal <see cref="InvoiceUpcoming"/> is raised.</summary>
    /// <value>7 days. From zero, which raises none, to 3,650 days.</value>
    public TimeSpan UpcomingInvoiceNotice { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a <see cref="ChangeQuote"/> can be accepted.</summary>
    /// <value>1 hour. From 1 second to 3,650 days.</value>
    public TimeSpan QuoteValidity { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether a customer gets one trial only. The ledger of trials outlives the subscription.</summary>
    /// <value><see langword="true"/>.</value>
    public bool OneTrialPerCustomer { get; set; } = true;

    /// <summary>
    /// How long this process may go on with what it knows of a customer's access when another process changed the customer. What this process changes
    /// counts at once. Without effect on a store that nobody else writes to, such as the in-memory one. While the store is unavailable, what was known
    /// last goes on, for customers who were looked at within the hour.
    /// </summary>
    /// <value>30 seconds. From 1 second to 1 day.</value>
    public TimeSpan AccessCacheDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How the worker leases, runs and retries jobs.</summary>
    public BillingWorkerOptions Worker { get; } = new();

    /// <summary>How long what is no longer needed is kept.</summary>
    public BillingRetentionOptions Retention { get; } = new();
}
