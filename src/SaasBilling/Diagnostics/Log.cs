using Microsoft.Extensions.Logging;

namespace SaasBilling.Diagnostics;

/// <summary>Every message that SaasBilling logs. Event ids are stable; messages name ids, never addresses, payloads or secrets.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, EventName = "BillingStarted", Level = LogLevel.Information,
        Message = "Billing runs on {Provider} with {Plans} plans, {Hooks} hooks and {Guards} guards")]
    public static partial void Started(ILogger logger, string provider, int plans, int hooks, int guards);

    [LoggerMessage(EventId = 101, EventName = "WorkerFaulted", Level = LogLevel.Error,
        Message = "The billing worker could not get at its work; it tries again after {Delay}. Nothing is lost")]
    public static partial void WorkerFaulted(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(EventId = 102, EventName = "WorkerRecovered", Level = LogLevel.Information,
        Message = "The billing worker works again after {Failures} failures")]
    public static partial void WorkerRecovered(ILogger logger, int failures);

    [LoggerMessage(EventId = 103, EventName = "WorkerStopped", Level = LogLevel.Information,
        Message = "The billing worker stopped; it gave {Released} jobs back")]
    public static partial void WorkerStopped(ILogger logger, int released);

    [LoggerMessage(EventId = 104, EventName = "ClockWentBack", Level = LogLevel.Warning,
        Message = "The system clock was set back; billing waits at {Now} for another {Behind}")]
    public static partial void ClockWentBack(ILogger logger, DateTimeOffset now, TimeSpan behind);

    [LoggerMessage(EventId = 200, EventName = "JobFailed", Level = LogLevel.Warning,
        Message = "Job {JobKey} of customer {CustomerId} failed at attempt {Attempt}; it is tried again at {NotBefore}")]
    public static partial void JobFailed(ILogger logger, Exception exception, string jobKey, string customerId, int attempt, DateTimeOffset notBefore);

    [LoggerMessage(EventId = 201, EventName = "JobQuarantined", Level = LogLevel.Error,
        Message = "Job {JobKey} of customer {CustomerId} failed {Attempts} times and is in quarantine. Mend the cause and requeue it")]
    public static partial void JobQuarantined(ILogger logger, Exception? exception, string jobKey, string customerId, int attempts);

    [LoggerMessage(EventId = 202, EventName = "LeaseLost", Level = LogLevel.Warning,
        Message = "The lease on job {JobKey} of customer {CustomerId} was lost; somebody else does the job, and what was done here may be done again")]
    public static partial void LeaseLost(ILogger logger, string jobKey, string customerId);

    [LoggerMessage(EventId = 203, EventName = "JobUnfinished", Level = LogLevel.Error,
        Message = "The store did not take the outcome of job {JobKey} of customer {CustomerId}; the job is done again when its lease has run out")]
    public static partial void JobUnfinished(ILogger logger, Exception exception, string jobKey, string customerId);

    [LoggerMessage(EventId = 204, EventName = "StepUnabsorbed", Level = LogLevel.Error,
        Message = "What the provider did for customer {CustomerId} could not be written; it is read again at {NotBefore}")]
    public static partial void StepUnabsorbed(ILogger logger, Exception exception, string customerId, DateTimeOffset notBefore);

    [LoggerMessage(EventId = 205, EventName = "LeasesNotRenewed", Level = LogLevel.Warning,
        Message = "The leases on {Jobs} jobs could not be renewed")]
    public static partial void LeasesNotRenewed(ILogger logger, Exception exception, int jobs);

    [LoggerMessage(EventId = 206, EventName = "WebhooksForgotten", Level = LogLevel.Information,
        Message = "The bodies of {Bodies} webhooks, and {Messages} webhooks, were kept long enough and are forgotten")]
    public static partial void WebhooksForgotten(ILogger logger, int bodies, int messages);

    [LoggerMessage(EventId = 207, EventName = "RetentionFailed", Level = LogLevel.Warning,
        Message = "What was kept long enough could not be forgotten; it is tried again in an hour")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 300, EventName = "Committed", Level = LogLevel.Debug,
        Message = "Customer {CustomerId} is at version {Version}, with {Events} new events")]
    public static partial void Committed(ILogger logger, string customerId, long version, int events);

    [LoggerMessage(EventId = 301, EventName = "CommitConflict", Level = LogLevel.Debug,
        Message = "Customer {CustomerId} was changed by somebody else meanwhile; the work is done anew")]
    public static partial void CommitConflict(ILogger logger, string customerId);

    [LoggerMessage(EventId = 303, EventName = "CustomerNotReconciled", Level = LogLevel.Warning,
        Message = "Customer {CustomerId} could not be reconciled; the others are gone on with")]
    public static partial void CustomerNotReconciled(ILogger logger, Exception exception, string customerId);

    public static void Raised(ILogger logger, BillingEvent billingEvent)
    {
        if (logger.IsEnabled(LogLevel.Information))
            Raised(logger, billingEvent.GetType().Name, billingEvent.Id, billingEvent.OccurredAt);
    }

    [LoggerMessage(EventId = 302, EventName = "EventRaised", Level = LogLevel.Information, SkipEnabledCheck = true,
        Message = "{EventType} {BillingEventId} at {OccurredAt}")]
    private static partial void Raised(ILogger logger, string eventType, string billingEventId, DateTimeOffset occurredAt);
}
