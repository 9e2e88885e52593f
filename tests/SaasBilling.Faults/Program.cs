using System.Diagnostics;
using SaasBilling.Faults;
using SaasBilling.Faults.Bars;
using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Instances;

if (args is ["worker"])
    return await Instance.RunAsync();

var folder = Directory.CreateTempSubdirectory("sb-faults-").FullName;
try
{
    if (!OperatingSystem.IsLinux())
    {
        Console.Error.WriteLine("The fault tests run on Linux: they kill, halt and resume processes by signals.");
        return 2;
    }

    return await RunAsync(RunSettings.Parse(args, folder));
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static async Task<int> RunAsync(RunSettings settings)
{
    // PostgreSQL runs as a user of its own, who must be let in.
    File.SetUnixFileMode(settings.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    (string Name, Func<RunSettings, IDatabases, Task<Bar>> Run)[] scenarios =
    [
        ("R1", KilledWorkers.RunAsync),
        ("R2", Webhooks.RunAsync),
        ("R7", Outages.RunAsync),
        ("R9", Contention.RunAsync),
        ("R9", SharedQueue.RunAsync),
        ("R10", Clocks.RunAsync),
        ("R12", Poison.RunAsync),
    ];
    var bars = new List<Bar>();
    foreach (var kind in new[] { Database.Sqlite, Database.Postgresql }.Where(kind => settings.DatabaseKind is null || settings.DatabaseKind == kind))
    {
        await using IDatabases? databases = kind == Database.Sqlite ? new SqliteFiles(settings.Folder) : await PostgresServer.StartAsync(Path.Combine(settings.Folder, "pg"));
        if (databases is null)
        {
            Console.WriteLine("PostgreSQL is not installed here, and its half is skipped: apt-get install postgresql");
            continue;
        }

        foreach (var (name, run) in scenarios.Where(scenario => (kind == Database.Postgresql || scenario.Run != SharedQueue.RunAsync) && (settings.Only.Count == 0 || settings.Only.Contains(scenario.Name))))
        {
            var started = Stopwatch.GetTimestamp();
            var bar = await TryAsync(name, kind, () => run(settings, databases));
            await Console.Error.WriteLineAsync($"{bar.Name}, {bar.Database}: {(bar.IsMet ? "met" : "MISSED")} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            foreach (var missed in bar.Measures.Where(measure => !measure.IsMet))
                await Console.Error.WriteLineAsync($"  missed: {missed.What}: {missed.Value}, required: {missed.Required}");
            bars.Add(bar);
        }
    }

    Console.WriteLine("| bar | database | injected | measured | | required |");
    Console.WriteLine("|---|---|---|---|--:|--:|");
    foreach (var bar in bars)
    {
        foreach (var (position, measure) in bar.Measures.Index())
        {
            var start = position == 0 ? $"| {bar.Name} | {bar.Database} | {bar.Injected}" : "| | |";
            Console.WriteLine($"{start} | {measure.What} | {measure.Value} | {measure.Required}{(measure.IsMet ? "" : " **missed**")} |");
        }
    }

    return bars.Count > 0 && bars.TrueForAll(bar => bar.IsMet) ? 0 : 1;
}

// A scenario that breaks off is a bar that is missed; the others are still run.
static async Task<Bar> TryAsync(string name, string database, Func<Task<Bar>> run)
{
    try
    {
        return await run();
    }
    catch (Exception exception)
    {
        await Console.Error.WriteLineAsync(exception.ToString());
        var bar = new Bar(name, database, "");
        bar.MustBe($"broke off: {exception.Message.ReplaceLineEndings(" ")}", 0, 1);
        return bar;
    }
}
