using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SaasBilling.Faults.Instances;

/// <summary>
/// Lines in a file of one process, each written at once, so that they outlive it. Their times are those of the machine's monotonic clock, which all
/// processes share.
/// </summary>
internal sealed class DeliveryLog(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public void Begin(string lane, string eventId) => Write($"B {lane} {eventId}");

    public void End(string lane, string eventId) => Write($"E {lane} {eventId}");

    /// <summary>The store has taken the result of a job.</summary>
    public void Told(string jobKey) => Write($"T {jobKey}");

    public void Dispose() => _file.Dispose();

    private void Write(string what)
    {
        lock (_gate)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp()} {Environment.ProcessId} {what}\n");
            _file.Write(Encoding.UTF8.GetBytes(line));
        }
    }
}
