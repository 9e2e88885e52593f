using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.Diagnostics;

public sealed class BillingTelemetryTests
{
    [Fact]
    public async Task A_command_has_its_provider_call_and_its_commit_below_it()
    {
        await using var app = new BillingApp();
        using var spans = new Spans();
        await app.Acme.EnsureCustomerAsync();

        var command = Assert.Single(spans.Named("billing.command"));
        // A customer of whom nothing is known yet is read whole after the first answer.
        var calls = spans.Named("billing.provider").ToList();
        var commit = Assert.Single(spans.Named("billing.commit"));
        Assert.Equal(("EnsureCustomerAsync", "acme"), (command.GetTagItem(SaasBillingDiagnostics.OperationTag), command.GetTagItem(SaasBillingDiagnostics.CustomerTag)));
        Assert.Equal("acme", commit.GetTagItem(SaasBillingDiagnostics.CustomerTag));
        Assert.Equal(["ensure", "read"], calls.Select(call => call.GetTagItem(SaasBillingDiagnostics.OperationTag)));
        Assert.All(calls, call => Assert.Equal("in-memory", call.GetTagItem(SaasBillingDiagnostics.ProviderTag)));
        Assert.All(calls.Append(commit), span => Assert.Equal(command.SpanId, span.ParentSpanId));
        Assert.All(spans.All, span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
    }

    [Fact]
    public async Task A_command_that_fails_has_an_error_with_the_type_and_not_the_message()
    {
        await using var app = new BillingApp();
        using var spans = new Spans();
        await Assert.ThrowsAsync<BillingException>(() => app.Acme.CancelAsync());

        var command = Assert.Single(spans.Named("billing.command"));
        Assert.Equal((ActivityStatusCode.Error, nameof(BillingException)), (command.Status, command.StatusDescription));
    }

    [Fact]
    public async Task Nothing_that_is_emitted_carries_an_address_a_name_or_a_token()
    {
        var logs = new RecordingLoggers();
        await using var app = new BillingApp(builder => builder.Services.AddSingleton<ILoggerFactory>(logs));
        using var spans = new Spans();
        await app.Acme.EnsureCustomerAsync(new() { Email = "ada@example.com", Name = "Ada Lovelace" });
        await app.SubscribedAsync();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await app.DaysAsync(60);
        await Assert.ThrowsAsync<BillingException>(() => app.Acme.AddPaymentMethodAsync("pm_unheard_of"));

        var said = logs.Entries.Select(entry => entry.Message + entry.Exception)
            .Concat(spans.All.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Value}").Append(span.StatusDescription ?? "")))
            .ToList();
        Assert.Contains(said, text => text.Contains("PaymentFailed", StringComparison.Ordinal));
        Assert.NotEmpty(spans.Named("billing.hook"));
        string[] secrets = ["ada@example.com", "Ada Lovelace", TestPaymentMethods.Visa, TestPaymentMethods.DeclinedAfterAttaching, "pm_unheard_of"];
        Assert.All(said, text => Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Counters_count_what_happened()
    {
        await using var app = new BillingApp(builder => builder.Services.AddMetrics());
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + (instrument is UpDownCounter<double> ? value : 1));
        listener.Start();

        await app.SubscribedAsync();
        var invoice = (await app.Acme.GetInvoicesAsync())[0];
        await app.Acme.RefundAsync(invoice.Id, Money.Of(9m, "USD"));

        Assert.Equal((await app.HistoryAsync()).Count, sums[SaasBillingDiagnostics.EventsInstrument]);
        Assert.Equal((await app.StateAsync())!.Version, sums[SaasBillingDiagnostics.CommitsInstrument]);
        Assert.Equal(2900, sums[SaasBillingDiagnostics.PaidAmountInstrument]);
        Assert.Equal(900, sums[SaasBillingDiagnostics.RefundedAmountInstrument]);
        Assert.Equal(2900, sums[SaasBillingDiagnostics.RecurringRevenueInstrument]);
        Assert.True(sums[SaasBillingDiagnostics.ProviderDurationInstrument] > 0);
        Assert.False(sums.ContainsKey(SaasBillingDiagnostics.PaymentFailuresInstrument));
    }

    /// <summary>The spans of this test alone: other tests run at the same time.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly Activity _root = new Activity("test").Start();
        private readonly ActivityListener _listener;
        private readonly List<Activity> _stopped = [];

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == SaasBillingDiagnostics.ActivitySourceName,
                Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    lock (_stopped)
                    {
                        if (activity.TraceId == _root.TraceId)
                            _stopped.Add(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> All
        {
            get
            {
                lock (_stopped)
                    return [.. _stopped];
            }
        }

        public IEnumerable<Activity> Named(string name) => All.Where(span => span.OperationName == name);

        public void Dispose()
        {
            _listener.Dispose();
            _root.Dispose();
        }
    }
}
