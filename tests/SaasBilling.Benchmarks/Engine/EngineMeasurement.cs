using System.Text.Json.Serialization;

namespace SaasBilling.Benchmarks.Engine;

/// <summary>What one process measured.</summary>
/// <param name="Road">What was run.</param>
/// <param name="Subscriptions">How many.</param>
/// <param name="Worlds">How many times the year was lived, each time by new subscriptions.</param>
/// <param name="Renewals">In one world.</param>
/// <param name="Seconds">For the renewals of one world; the median of all worlds.</param>
/// <param name="ProcessorSeconds">What the process computed meanwhile, collections included; less than <paramref name="Seconds"/> where it had to share its core.</param>
/// <param name="CollectorSeconds">What of that the garbage collector took.</param>
/// <param name="AllocatedBytes">In that time, for the renewals of one world.</param>
/// <param name="BytesAtStart">Held by one subscription after it was made, after a collection.</param>
/// <param name="BytesAfterYear">Held by one subscription after its year, after a collection.</param>
/// <param name="PeakWorkingSet">Of the process, in bytes.</param>
internal sealed record EngineMeasurement(
    string Road,
    int Subscriptions,
    int Worlds,
    long Renewals,
    double Seconds,
    double ProcessorSeconds,
    double CollectorSeconds,
    long AllocatedBytes,
    double BytesAtStart,
    double BytesAfterYear,
    long PeakWorkingSet)
{
    [JsonIgnore]
    public double PerSecond => Renewals / Seconds;

    /// <summary>A part of the time, for one renewal.</summary>
    public double Microseconds(double seconds) => seconds * 1_000_000 / Renewals;
}
