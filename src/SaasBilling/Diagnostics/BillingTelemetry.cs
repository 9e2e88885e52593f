using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SaasBilling.Storage;
using SystemMeter = System.Diagnostics.Metrics.Meter;

namespace SaasBilling.Diagnostics;

/// <summary>What billing tells of itself: logs, spans and figures. Costs next to nothing while nobody listens.</summary>
internal sealed class BillingTelemetry : IDisposable
{
    private const string Ok = "ok";
    private const string Error = "error";
    private const string Canceled = "canceled";

    // Micro-units of the MRR make one minor unit.
    private const double Micro = 1_000_000d;

    private readonly ActivitySource _activities = new(SaasBillingDiagnostics.ActivitySourceName);
    private readonly SystemMeter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _events;
    private readonly Counter<long> _commits;
    private readonly Histogram<double> _providerDuration;
    private readonly Histogram<double> _hookDuration;
    private readonly Counter<long> _hookFailures;
    private readonly Counter<long> _paid;
    private readonly Counter<long> _refunded;
    private readonly Counter<long> _paymentFailures;
    private readonly UpDownCounter<double> _recurringRevenue;
    private readonly ObservableGauge<int> _pending;
    private readonly ObservableGauge<int> _quarantined;
    private readonly ObservableGauge<double> _oldestAge;
    private QueueReading? _queue;

    /// <param name="loggers">Null: nothing is logged.</param>
    /// <param name="meters">Null: the meter is this object's own.</param>
    public BillingTelemetry(ILoggerFactory? loggers, IMeterFactory? meters)
    {
        Logger = loggers?.CreateLogger(SaasBillingDiagnostics.LogCategory) ?? NullLogger.Instance;
        _ownsMeter = meters is null;
        _meter = meters?.Create(new MeterOptions(SaasBillingDiagnostics.MeterName)) ?? new SystemMeter(SaasBillingDiagnostics.MeterName);
        _events = _meter.CreateCounter<long>(SaasBillingDiagnostics.EventsInstrument, "{event}", "Life-cycle events.");
        _commits = _meter.CreateCounter<long>(SaasBillingDiagnostics.CommitsInstrument, "{commit}", "Commits of billing state.");
        _providerDuration = _meter.CreateHistogram<double>(SaasBillingDiagnostics.ProviderDurationInstrument, "s", "Calls to the billing provider.");
        _hookDuration = _meter.CreateHistogram<double>(SaasBillingDiagnostics.HookDurationInstrument, "s", "Deliveries of events to hooks.");
        _hookFailures = _meter.CreateCounter<long>(SaasBillingDiagnostics.HookFailuresInstrument, "{delivery}", "Deliveries that failed.");
        _paid = _meter.CreateCounter<long>(SaasBillingDiagnostics.PaidAmountInstrument, "{minor_unit}", "Money received for invoices.");
        _refunded = _meter.CreateCounter<long>(SaasBillingDiagnostics.RefundedAmountInstrument, "{minor_unit}", "Money returned to customers.");
        _paymentFailures = _meter.CreateCounter<long>(SaasBillingDiagnostics.PaymentFailuresInstrument, "{payment}", "Payments that failed.");
        _recurringRevenue = _meter.CreateUpDownCounter<double>(SaasBillingDiagnostics.RecurringRevenueInstrument, "{minor_unit}", "Changes of monthly recurring revenue.");
        _pending = _meter.CreateObservableGauge(SaasBillingDiagnostics.PendingJobsInstrument, () => Observe(reading => reading.Figures.Pending), "{job}", "Jobs that wait or run.");
        _quarantined = _meter.CreateObservableGauge(SaasBillingDiagnostics.QuarantinedJobsInstrument, () => Observe(reading => reading.Figures.Quarantined), "{job}", "Jobs that wait for a person.");
        _oldestAge = _meter.CreateObservableGauge(SaasBillingDiagnostics.OldestJobAgeInstrument, () => Observe(reading => reading.OldestAge), "s", "How long the oldest due job has been waiting.");
    }

    public ILogger Logger { get; }

    /// <summary>Whether somebody wants to know how the queue stands.</summary>
    public bool WantsQueue => _pending.Enabled || _quarantined.Enabled || _oldestAge.Enabled;

    /// <summary>The span of a command; null while nobody listens.</summary>
    public Activity? StartCommand(string operation, string customerId) => Start("billing.command", operation, customerId);

    /// <summary>The span of a commit; null while nobody listens.</summary>
    public Activity? StartCommit(string customerId) => Start("billing.commit", null, customerId);

    /// <summary>Says how a span ended.</summary>
    public static void Fail(Activity? activity, Exception exception) =>
        activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);

    /// <summary>A commit was written.</summary>
    public void Committed(BillingCommit commit)
    {
        Log.Committed(Logger, commit.Customer.Customer.Id, commit.Customer.Version, commit.Events.Count);
        if (_commits.Enabled)
            _commits.Add(1, Tag(SaasBillingDiagnostics.OutcomeTag, "committed"));

        for (var i = 0; i < commit.Events.Count; i++)
            Raised(commit.Events[i]);

        if (!_recurringRevenue.Enabled)
            return;
        for (var i = 0; i < commit.Movements.Count; i++)
        {
            var movement = commit.Movements[i];
            _recurringRevenue.Add(
                movement.Delta / Micro,
                Tag(SaasBillingDiagnostics.CurrencyTag, movement.Currency),
                Tag(SaasBillingDiagnostics.MovementTag, movement.Kind.ToString()));
        }
    }

    /// <summary>A commit lost against another.</summary>
    public void Conflicted(string customerId)
    {
        Log.CommitConflict(Logger, customerId);
        if (_commits.Enabled)
            _commits.Add(1, Tag(SaasBillingDiagnostics.OutcomeTag, "conflict"));
    }

    /// <summary>Makes one call to the provider, in a span and on the clock.</summary>
    public Task<T> MeasureAsync<T>(string provider, string operation, Func<Task<T>> call) =>
        _providerDuration.Enabled || _activities.HasListeners() ? MeasureProviderAsync(provider, operation, call) : call();

    /// <summary>Delivers one event to a hook, in a span and on the clock.</summary>
    public Task DeliverAsync(JobEntry entry, Func<JobEntry, CancellationToken, Task> deliver, CancellationToken cancellationToken) =>
        _hookDuration.Enabled || _hookFailures.Enabled || _activities.HasListeners()
            ? MeasureHookAsync(entry, deliver, cancellationToken)
            : deliver(entry, cancellationToken);

    /// <summary>Takes note of how the queue stands.</summary>
    public void Queue(JobFigures figures, DateTimeOffset now) => Volatile.Write(ref _queue, new QueueReading(figures, now));

    public void Dispose()
    {
        _activities.Dispose();
        if (_ownsMeter)
            _meter.Dispose();
    }

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    private void Raised(BillingEvent billingEvent)
    {
        Log.Raised(Logger, billingEvent);
        if (_events.Enabled)
            _events.Add(1, Tag(SaasBillingDiagnostics.EventTypeTag, billingEvent.GetType().Name));

        switch (billingEvent)
        {
            case InvoicePaid { Invoice: var invoice } when _paid.Enabled:
                _paid.Add(invoice.AmountPaid.MinorUnits, Tag(SaasBillingDiagnostics.CurrencyTag, invoice.AmountPaid.Currency.Code));
                break;
            case PaymentRefunded { Refund: var refund } when _refunded.Enabled:
                _refunded.Add(refund.Amount.MinorUnits, Tag(SaasBillingDiagnostics.CurrencyTag, refund.Amount.Currency.Code));
                break;
            case PaymentFailed { Invoice: var invoice } when _paymentFailures.Enabled:
                _paymentFailures.Add(1, Tag(SaasBillingDiagnostics.DeclineCodeTag, invoice.LastDeclineCode ?? "none"));
                break;
        }
    }

    private async Task<T> MeasureProviderAsync<T>(string provider, string operation, Func<Task<T>> call)
    {
        using var activity = Start("billing.provider", operation, null);
        activity?.SetTag(SaasBillingDiagnostics.ProviderTag, provider);
        var start = Stopwatch.GetTimestamp();
        var outcome = Ok;
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            outcome = OutcomeOf(exception);
            Fail(activity, exception);
            throw;
        }
        finally
        {
            _providerDuration.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds,
                Tag(SaasBillingDiagnostics.ProviderTag, provider),
                Tag(SaasBillingDiagnostics.OperationTag, operation),
                Tag(SaasBillingDiagnostics.OutcomeTag, outcome));
        }
    }

    private async Task MeasureHookAsync(JobEntry entry, Func<JobEntry, CancellationToken, Task> deliver, CancellationToken cancellationToken)
    {
        using var activity = Start("billing.hook", null, entry.Job.CustomerId);
        var hook = Tag(SaasBillingDiagnostics.HookTag, entry.Job.Lane);
        var type = Tag(SaasBillingDiagnostics.EventTypeTag, entry.Event?.GetType().Name);
        activity?.SetTag(hook.Key, hook.Value);
        activity?.SetTag(type.Key, type.Value);
        var start = Stopwatch.GetTimestamp();
        var outcome = Ok;
        try
        {
            await deliver(entry, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It was told to stop, and is given to another worker.
            outcome = Canceled;
            throw;
        }
        catch (Exception exception)
        {
            outcome = Error;
            Fail(activity, exception);
            if (_hookFailures.Enabled)
                _hookFailures.Add(1, hook, type);
            throw;
        }
        finally
        {
            if (_hookDuration.Enabled)
                _hookDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, hook, type, Tag(SaasBillingDiagnostics.OutcomeTag, outcome));
        }
    }

    private static string OutcomeOf(Exception exception) => exception is BillingException billing ? billing.Code.ToString() : Error;

    private Activity? Start(string name, string? operation, string? customerId)
    {
        var activity = _activities.StartActivity(name);
        if (operation is not null)
            activity?.SetTag(SaasBillingDiagnostics.OperationTag, operation);
        if (customerId is not null)
            activity?.SetTag(SaasBillingDiagnostics.CustomerTag, customerId);
        return activity;
    }

    // No measurement before the queue was read for the first time.
    private IEnumerable<Measurement<T>> Observe<T>(Func<QueueReading, T> value)
        where T : struct => Volatile.Read(ref _queue) is { } reading ? [new Measurement<T>(value(reading))] : [];

    private sealed record QueueReading(JobFigures Figures, DateTimeOffset At)
    {
        public double OldestAge => Figures.OldestDueAt is { } due && due < At ? (At - due).TotalSeconds : 0;
    }
}
