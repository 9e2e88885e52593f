namespace SaasBilling;

/// <summary>How the worker leases, runs and retries jobs: hook deliveries, wake-ups, and webhooks that came in.</summary>
public sealed class BillingWorkerOptions
{
    /// <summary>How long a leased job belongs to one worker; the lease is renewed while the job runs.</summary>
    /// <value>30 seconds. From 1 second to 1 day.</value>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time between two looks for due jobs.</summary>
    /// <value>5 seconds. From 100 milliseconds to 1 day.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many jobs of a kind one look leases at most.</summary>
    /// <value>100. From 1 to 10,000.</value>
    public int BatchSize { get; set; } = 100;

    /// <summary>How many times a job is tried before it is quarantined. A lease that runs out counts only when the job is a suspect already.</summary>
    /// <value>10. From 1 to 1,000.</value>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The delay before the first retry; it doubles with every further one, up to <see cref="MaxRetryDelay"/>.</summary>
    /// <value>10 seconds. From 1 second to 3,650 days.</value>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest delay between two tries of a job.</summary>
    /// <value>1 hour. From <see cref="FirstRetryDelay"/> to 3,650 days.</value>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many jobs of a kind run at the same time in this process; never two of one customer.</summary>
    /// <value>16. From 1 to 10,000.</value>
    public int MaxConcurrency { get; set; } = 16;

    /// <summary>How long a hook may take before its token is canceled and the delivery counts as failed.</summary>
    /// <value>5 minutes. From 1 second to 1 day.</value>
    public TimeSpan HookTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
