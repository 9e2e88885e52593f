using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SaasBilling.Benchmarks.Engine;

/// <summary><c>engine 1000 1000000 [--road name]…</c>: measures each road with each number of subscriptions, each in a process of its own, and prints a table.</summary>
internal static class EngineCommand
{
    private const string Usage = "engine <subscriptions>… [--road heap|engine|billing|billing-with-a-hook]…";

    private static readonly Dictionary<string, Func<IWorld>> Roads = new(StringComparer.Ordinal)
    {
        ["heap"] = () => new HeapWorld(),
        ["engine"] = () => new EngineWorld(),
        ["billing"] = () => new BillingWorld(withHook: false),
        ["billing-with-a-hook"] = () => new BillingWorld(withHook: true),
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["--measure", var only, var subscriptions])
        {
            var measurement = await MeasureAsync(only, int.Parse(subscriptions, CultureInfo.InvariantCulture));
            Console.WriteLine(JsonSerializer.Serialize(measurement));
            return 0;
        }

        if (!TryRead(arguments, out var roads, out var counts))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        Console.WriteLine("| road | subscriptions | renewals | µs a renewal | computing | collecting | bytes allocated | renewals a second | bytes a subscription at start | after a year | peak working set |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var road in roads)
        {
            foreach (var count in counts)
            {
                if (await MeasureInAProcessAsync(road, count) is not { } measured)
                    return 1;

                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {road} | {count:N0} | {measured.Renewals:N0} × {measured.Worlds} | {measured.Microseconds(measured.Seconds):F3} | {measured.Microseconds(measured.ProcessorSeconds):F3} | {measured.Microseconds(measured.CollectorSeconds):F3} | {measured.AllocatedBytes / measured.Renewals:N0} | {measured.PerSecond:N0} | {measured.BytesAtStart:N0} | {measured.BytesAfterYear:N0} | {measured.PeakWorkingSet / 1024.0 / 1024:N0} MiB |"));
            }
        }

        return 0;
    }

    private static bool TryRead(string[] arguments, out List<string> roads, out List<int> counts)
    {
        roads = [];
        counts = [];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--road" && i + 1 < arguments.Length && Roads.ContainsKey(arguments[i + 1]))
                roads.Add(arguments[++i]);
            else if (int.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
                counts.Add(count);
            else
                return false;
        }

        if (roads.Count == 0)
            roads.AddRange(Roads.Keys);
        return counts.Count > 0;
    }

    private static async Task<EngineMeasurement?> MeasureInAProcessAsync(string road, int subscriptions)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { "engine", "--measure", road, subscriptions.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            await Console.Error.WriteLineAsync($"{road} with {subscriptions} subscriptions ended with exit code {process.ExitCode}.");
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<EngineMeasurement>(output) : null;
    }

    private static async Task<EngineMeasurement> MeasureAsync(string road, int subscriptions)
    {
        // The compiler's tiers settle first.
        for (var i = 0; i < 5; i++)
            await LiveAsync(road, 2_000);

        // A small world is over too soon to be timed, so it is lived many times.
        var worlds = Math.Clamp(300_000 / subscriptions, 1, 50);
        var lives = new List<Life>();
        for (var i = 0; i < worlds; i++)
            lives.Add(await LiveAsync(road, subscriptions));

        var median = lives.OrderBy(life => life.Seconds).ElementAt(worlds / 2);
        return new(
            road,
            subscriptions,
            worlds,
            median.Renewals,
            median.Seconds,
            median.ProcessorSeconds,
            median.CollectorSeconds,
            median.AllocatedBytes,
            median.BytesAtStart,
            median.BytesAfterYear,
            Process.GetCurrentProcess().PeakWorkingSet64);
    }

    private static async Task<Life> LiveAsync(string road, int subscriptions)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var world = Roads[road]();
        await world.CreateAsync(subscriptions);
        var atStart = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        var computed = process.TotalProcessorTime;
        var collected = GC.GetTotalPauseDuration();
        var allocated = GC.GetTotalAllocatedBytes();
        var started = Stopwatch.GetTimestamp();
        var renewals = await world.LiveAYearAsync();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        var processorSeconds = (process.TotalProcessorTime - computed).TotalSeconds;
        var collectorSeconds = (GC.GetTotalPauseDuration() - collected).TotalSeconds;
        var allocatedBytes = GC.GetTotalAllocatedBytes() - allocated;
        var afterYear = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(world);
        return new(renewals, seconds, processorSeconds, collectorSeconds, allocatedBytes, (atStart - before) / (double)subscriptions, (afterYear - before) / (double)subscriptions);
    }

    private sealed record Life(long Renewals, double Seconds, double ProcessorSeconds, double CollectorSeconds, long AllocatedBytes, double BytesAtStart, double BytesAfterYear);
}
