using System.Globalization;

namespace SaasBilling.Faults;

/// <summary>One run of a hook.</summary>
/// <param name="ProcessId">Where it ran.</param>
/// <param name="Lane">The hook.</param>
/// <param name="EventId">The event.</param>
/// <param name="BeganAt">By the machine's monotonic clock.</param>
/// <param name="EndedAt">Null: it never did.</param>
internal sealed record HookRun(int ProcessId, string Lane, string EventId, long BeganAt, long? EndedAt)
{
    public string JobKey => $"hook:{EventId}:{Lane}";

    public string CustomerId => EventId[..EventId.LastIndexOf('/')];

    public int Number => int.Parse(EventId.AsSpan(EventId.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>What all hooks of all processes left behind.</summary>
internal static class Traces
{
    public static List<HookRun> Read(Stage stage)
    {
        var runs = new List<HookRun>();
        foreach (var child in stage.Children.Where(child => File.Exists(child.Log)))
        {
            var open = new Dictionary<string, int>();
            foreach (var line in File.ReadLines(child.Log))
            {
                if (line.Split(' ') is not [var at, var process, var what, var lane, var eventId])
                    continue;
                var time = long.Parse(at, CultureInfo.InvariantCulture);
                var key = $"{lane} {eventId}";
                if (what == "B")
                {
                    open[key] = runs.Count;
                    runs.Add(new HookRun(int.Parse(process, CultureInfo.InvariantCulture), lane, eventId, time, null));
                }
                else
                {
                    runs[open[key]] = runs[open[key]] with { EndedAt = time };
                }
            }
        }

        runs.Sort((left, right) => left.BeganAt.CompareTo(right.BeganAt));
        return runs;
    }

    /// <summary>When the store had taken the result of a job, as often as it did.</summary>
    public static ILookup<string, long> ReadTold(Stage stage) => (
        from child in stage.Children
        where File.Exists(child.Log)
        from line in File.ReadLines(child.Log)
        let words = line.Split(' ', 4)
        where words is [_, _, "T", _]
        select (Key: words[3], At: long.Parse(words[0], CultureInfo.InvariantCulture))).ToLookup(told => told.Key, told => told.At);

    /// <summary>Deliveries that began before the one before them had ended: of one customer to one hook.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="mayBe">Jobs that do not count: who slept past its lease goes on where it was.</param>
    public static int OutOfOrder(IEnumerable<HookRun> runs, IReadOnlySet<string>? mayBe = null)
    {
        var faults = 0;
        foreach (var lane in runs.GroupBy(run => (run.Lane, run.CustomerId)))
        {
            var ended = new Dictionary<int, long>();
            foreach (var run in lane.Where(run => run.EndedAt is not null))
                ended[run.Number] = Math.Min(ended.GetValueOrDefault(run.Number, long.MaxValue), run.EndedAt!.Value);
            faults += lane.Count(run => run.Number > 1 && mayBe?.Contains(run.JobKey) != true && !(ended.TryGetValue(run.Number - 1, out var end) && end < run.BeganAt));
        }

        return faults;
    }
}
