using System.Diagnostics;
using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Instances;

namespace SaasBilling.Faults.Bars;

/// <summary>R1: processes that give commands and run hooks are killed at random instants; nothing is lost, and nothing is done twice.</summary>
internal static class KilledWorkers
{
    private const int EventsOfACustomer = 25;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan AloneAtLeast = TimeSpan.FromSeconds(2);

    public static async Task<Bar> RunAsync(RunSettings settings, IDatabases databases)
    {
        await using var stage = await Stage.SetAsync(settings, databases);
        var kills = settings.Of(30, 200);
        var seeded = settings.Of(5_000, 60_000);
        await stage.SeedAsync(seeded / EventsOfACustomer / 2, EventsOfACustomer, [TracingHooks.Lines, TracingHooks.Rows]);

        // To SQLite one process writes at a time: an application on it is one process, and the next one takes its place.
        Child[] living = databases is SqliteFiles ? [await stage.RunAsync()] : [await stage.RunAsync(), await stage.RunAsync()];
        var clients = new Clients(stage, () => living[Random.Shared.Next(living.Length)]);
        using var enough = new CancellationTokenSource();
        var giving = clients.RunAsync(enough.Token);
        var killing = KillAsync(stage, living, clients, kills);
        await Task.WhenAny(killing, giving).Unwrap();
        var deaths = await killing;
        await enough.CancelAsync();
        await giving.WaitAsync(Longest);
        stage.Say("draining");
        await stage.DrainedAsync(Longest);
        foreach (var child in living)
            await child.DisposeAsync();
        stage.Say("judging");

        var bar = new Bar("R1 killed workers", stage.Database.Title, $"{kills} × SIGKILL of {(living.Length == 1 ? "the process that gives" : "one of two processes that give")} {clients.Acknowledged.Count:N0} commands and runs hooks for them and for {seeded:N0} jobs; lease 1 s, poll 0.1 s");
        await JudgeCommandsAsync(bar, clients);
        await JudgeHooksAsync(bar, stage, deaths);
        return bar;
    }

    /// <summary>Kills one of them after a random piece of work, and has another take its place.</summary>
    private static async Task<Dictionary<int, long>> KillAsync(Stage stage, Child[] living, Clients clients, int kills)
    {
        var deaths = new Dictionary<int, long>();
        var spares = new Queue<Child>([stage.Start(), stage.Start()]);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < kills; i++)
        {
            var next = spares.Dequeue();
            await next.ReadyAsync();
            var victim = stage.Random.Next(living.Length);

            // Who is alone lives past the leases of the one before it: somebody must be there to take its work over.
            await Until.TrueAsync("the process lives", Longest, () => living.Length > 1 || Stopwatch.GetElapsedTime(began) > AloneAtLeast);
            var written = new FileInfo(living[victim].Log);
            var (size, given) = (written.Length + stage.Random.Next(1, 8_000), clients.Acknowledged.Count + stage.Random.Next(1, 60));
            await Until.TrueAsync("the process works", Longest, () =>
            {
                written.Refresh();
                return written.Length >= size || clients.Acknowledged.Count >= given;
            });

            // A part of a millisecond, which is a long time for a processor.
            for (var until = Stopwatch.GetTimestamp() + stage.Random.Next((int)(Stopwatch.Frequency / 1_000)); Stopwatch.GetTimestamp() < until;)
                Thread.SpinWait(20);
            var dead = living[victim];
            await dead.KillAsync();
            deaths[dead.Id] = dead.KilledAt;
            await next.GoAsync();
            began = Stopwatch.GetTimestamp();
            living[victim] = next;
            stage.Say($"kill {i + 1} of {kills}, {clients.Acknowledged.Count:N0} commands acknowledged");
            if (i < kills - 2)
                spares.Enqueue(stage.Start());
        }

        return deaths;
    }

    private static async Task JudgeCommandsAsync(Bar bar, Clients clients)
    {
        var (lost, doubled, different) = await clients.CompareAsync();
        bar.MustBe("acknowledged commands lost", 0, lost);
        bar.MustBe("commands done twice at the provider", 0, doubled);
        bar.MustBe("customers whose store and provider differ", 0, different);
        bar.MustBe($"commands refused{(clients.Refused.FirstOrDefault() is { } first ? $" ({first})" : "")}", 0, clients.Refused.Count);
        bar.Note("commands given again", $"{clients.Repeated:N0}");
    }

    private static async Task JudgeHooksAsync(Bar bar, Stage stage, Dictionary<int, long> deaths)
    {
        var runs = Traces.Read(stage);
        var events = new List<string>();
        await foreach (var customer in stage.Store.ListCustomersAsync(CancellationToken.None))
            events.AddRange((await stage.Store.GetEventsAsync(customer, CancellationToken.None)).Select(raised => raised.Id));
        var ended = runs.Where(run => run.EndedAt is not null).Select(run => (run.Lane, run.EventId)).ToHashSet();
        var effects = (await stage.Database.ReadTextsAsync("SELECT event_id FROM effects")).ToHashSet();
        var figures = await stage.Store.Jobs.GetFiguresAsync(CancellationToken.None);
        bar.MustBe("deliveries lost", 0, (2 * events.Count) - ended.Count);
        bar.MustBe("events without their row, or rows without their event", 0, events.ToHashSet().Except(effects).Count() + effects.Except(events).Count());
        bar.MustBe("deliveries out of their customer's order", 0, Traces.OutOfOrder(runs));

        var told = Traces.ReadTold(stage);
        var (after, beside, repeated) = (0, 0, 0);
        var waits = new List<double>();
        foreach (var job in runs.GroupBy(run => run.JobKey))
        {
            after += told[job.Key].Any(at => job.Any(run => run.BeganAt > at)) ? 1 : 0;
            foreach (var (earlier, later) in job.Zip(job.Skip(1)))
            {
                repeated++;
                if (deaths.TryGetValue(earlier.ProcessId, out var death) && death < later.BeganAt)
                    waits.Add((later.BeganAt - death) / (double)Stopwatch.Frequency);
                else
                    beside++;
            }
        }

        bar.MustBe("deliveries run again after the store had taken their result", 0, after);
        bar.MustBe("jobs in quarantine", 0, figures.Quarantined);
        bar.Note("deliveries run again", $"{repeated:N0} of {ended.Count:N0}; {beside:N0} of them beside a living process, whose lease ran out");
        if (waits.Count > 0)
            bar.AtMost("what a dead process had begun is begun again, p99", stage.Settings.Of(10, 1.35), Percentile(waits, 0.99), "s");
    }

    private static double Percentile(List<double> values, double share)
    {
        values.Sort();
        return values[Math.Min(values.Count - 1, (int)Math.Ceiling(share * values.Count) - 1)];
    }
}
