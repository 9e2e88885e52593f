using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.Logging;
using SaasBilling.Diagnostics;

namespace SaasBilling.Tests.Docs;

public sealed class DiagnosticsSnippets
{
    [Fact]
    public async Task Measurements_and_spans_can_be_listened_to()
    {
        #region listen
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == SaasBillingDiagnostics.MeterName)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument.Name, value));
        listener.Start();
        #endregion

        await using var app = DocsApp.Start("2027-03-01 09:00", builder => builder.AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly)));
        await app.Billing.For("acme").SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });

        Assert.True(_counts.GetValueOrDefault(SaasBillingDiagnostics.PaidAmountInstrument) >= 2900);
        Assert.True(_counts.GetValueOrDefault(SaasBillingDiagnostics.EventsInstrument) >= 5);
    }

    [Fact]
    public void The_page_names_every_instrument_and_tag()
    {
        var page = DocsPage.Read("docs/diagnostics.md");
        var names = typeof(SaasBillingDiagnostics).GetFields().Select(field => (string)field.GetRawConstantValue()!).Where(name => name.Contains('.', StringComparison.Ordinal));

        Assert.All(names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_names_every_message()
    {
        var messages = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(message => $"{message.EventId} {message.EventName} {message.Level}");
        var rows = DocsPage.Table("docs/diagnostics.md", "id", "name", "level", "what it says");

        Assert.Equal(messages.Order(), rows.Select(row => $"{row[0]} {row[1]} {row[2]}").Order());
    }

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    private void Count(string instrument, long value)
    {
        lock (_counts)
            _counts[instrument] = _counts.GetValueOrDefault(instrument) + value;
    }
}
