using System.Diagnostics.Metrics;

namespace SaasBilling.Tests.Diagnostics;

/// <summary>What the instruments of one application measured: other tests run at the same time.</summary>
internal sealed class Figures : IDisposable
{
    private readonly MeterListener _listener;
    private readonly List<Figure> _figures = [];
    private readonly List<string> _instruments = [];

    public Figures(IMeterFactory meters)
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name != SaasBillingDiagnostics.MeterName || !ReferenceEquals(instrument.Meter.Scope, meters))
                    return;
                _instruments.Add(instrument.Name);
                self.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyList<string> Instruments => _instruments;

    public IReadOnlyList<Figure> All
    {
        get
        {
            lock (_figures)
                return [.. _figures];
        }
    }

    public IEnumerable<Figure> Of(string instrument) => All.Where(figure => figure.Instrument == instrument);

    public double Sum(string instrument) => Of(instrument).Sum(figure => figure.Value);

    /// <summary>What the gauges show now.</summary>
    public Dictionary<string, double> Gauges()
    {
        lock (_figures)
            _figures.RemoveAll(figure => figure.IsGauge);
        _listener.RecordObservableInstruments();
        return All.Where(figure => figure.IsGauge).ToDictionary(figure => figure.Instrument, figure => figure.Value);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var figure = new Figure(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value), instrument.IsObservable);
        lock (_figures)
            _figures.Add(figure);
    }

    internal sealed record Figure(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags, bool IsGauge);
}
