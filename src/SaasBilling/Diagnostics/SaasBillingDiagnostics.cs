namespace SaasBilling;

/// <summary>The names under which SaasBilling tells what it does: to OpenTelemetry's <c>AddSource</c> and <c>AddMeter</c>, or to any listener. Nothing is measured while nobody listens.</summary>
public static class SaasBillingDiagnostics
{
    /// <summary>The <see cref="System.Diagnostics.ActivitySource"/>: spans of commands, provider calls, commits and hook deliveries.</summary>
    public const string ActivitySourceName = "SaasBilling";

    /// <summary>The <see cref="System.Diagnostics.Metrics.Meter"/> of all instruments named here.</summary>
    public const string MeterName = "SaasBilling";

    /// <summary>The category of log messages.</summary>
    public const string LogCategory = "SaasBilling";

    /// <summary>Counter of life-cycle events, by <see cref="EventTypeTag"/>.</summary>
    public const string EventsInstrument = "saasbilling.events";

    /// <summary>Counter of commits, by <see cref="OutcomeTag"/>: <c>committed</c>, or <c>conflict</c> when somebody else was first and the work was done anew.</summary>
    public const string CommitsInstrument = "saasbilling.commits";

    /// <summary>Histogram in seconds of calls to the provider, by <see cref="ProviderTag"/>, <see cref="OperationTag"/> and <see cref="OutcomeTag"/>.</summary>
    public const string ProviderDurationInstrument = "saasbilling.provider.duration";

    /// <summary>Histogram in seconds of hook deliveries, by <see cref="HookTag"/>, <see cref="EventTypeTag"/> and <see cref="OutcomeTag"/>.</summary>
    public const string HookDurationInstrument = "saasbilling.hook.duration";

    /// <summary>Counter of hook deliveries that failed, by <see cref="HookTag"/> and <see cref="EventTypeTag"/>.</summary>
    public const string HookFailuresInstrument = "saasbilling.hook.failures";

    /// <summary>Gauge of jobs that wait or run: hook deliveries and wake-ups.</summary>
    public const string PendingJobsInstrument = "saasbilling.jobs.pending";

    /// <summary>Gauge of jobs that were tried too often and wait for a person.</summary>
    public const string QuarantinedJobsInstrument = "saasbilling.jobs.quarantined";

    /// <summary>Gauge in seconds: how long the oldest job that is due has been waiting; 0 when none is.</summary>
    public const string OldestJobAgeInstrument = "saasbilling.jobs.oldest_age";

    /// <summary>Counter of money received for invoices, in minor units, by <see cref="CurrencyTag"/>.</summary>
    public const string PaidAmountInstrument = "saasbilling.invoices.paid_amount";

    /// <summary>Counter of money returned to customers, in minor units, by <see cref="CurrencyTag"/>.</summary>
    public const string RefundedAmountInstrument = "saasbilling.invoices.refunded_amount";

    /// <summary>Counter of payments that failed, by <see cref="DeclineCodeTag"/>.</summary>
    public const string PaymentFailuresInstrument = "saasbilling.payments.failed";

    /// <summary>Counter of changes of monthly recurring revenue, in minor units and signed, by <see cref="CurrencyTag"/> and <see cref="MovementTag"/>. Its sum is the MRR.</summary>
    public const string RecurringRevenueInstrument = "saasbilling.mrr.delta";

    /// <summary>Tag: the event record's name, such as <c>TrialStarted</c>.</summary>
    public const string EventTypeTag = "saasbilling.event.type";

    /// <summary>Tag: how it went, such as <c>ok</c> or <c>error</c>.</summary>
    public const string OutcomeTag = "saasbilling.outcome";

    /// <summary>Tag: the provider's name.</summary>
    public const string ProviderTag = "saasbilling.provider";

    /// <summary>Tag: the command's, or the provider call's name.</summary>
    public const string OperationTag = "saasbilling.operation";

    /// <summary>Tag: the hook's key.</summary>
    public const string HookTag = "saasbilling.hook";

    /// <summary>Tag: the currency's ISO 4217 code.</summary>
    public const string CurrencyTag = "saasbilling.currency";

    /// <summary>Tag: the decline code; <c>none</c> where the bank gave none.</summary>
    public const string DeclineCodeTag = "saasbilling.decline_code";

    /// <summary>Tag: how revenue moved, such as <c>New</c> or <c>Churn</c>.</summary>
    public const string MovementTag = "saasbilling.mrr.movement";

    /// <summary>Tag on spans: the application's id of the customer.</summary>
    public const string CustomerTag = "saasbilling.customer.id";
}
