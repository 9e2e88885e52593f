using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Instances;

namespace SaasBilling.Faults.Bars;

/// <summary>Eight workers in four processes, whose clocks differ, share one queue; some sleep past their leases.</summary>
internal static class SharedQueue
{
    private const int Processes = 4;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    public static async Task<Bar> RunAsync(RunSettings settings, IDatabases databases)
    {
        await using var stage = await Stage.SetAsync(settings, databases);
        var jobs = settings.Of(2_000, 10_000);
        var halts = settings.Of(1, 4);
        await stage.SeedAsync(jobs / 10, 5, [TracingHooks.Lines, TracingHooks.Rows]);
        var children = await Task.WhenAll(Enumerable.Range(0, Processes).Select(i => stage.RunAsync(spec => spec with
        {
            Workers = 2,
            Lease = Lease,
            ClockOffset = TimeSpan.FromSeconds(2.0 * i / (Processes - 1)),
        })));

        var mayRepeat = new HashSet<string>();
        for (var i = 0; i < halts; i++)
        {
            // It has just begun something, and sleeps until others have taken that over.
            var sleeper = children[i % Processes];
            var log = new FileInfo(sleeper.Log);
            var size = log.Length;
            await Until.TrueAsync("the process works", Longest, () =>
            {
                log.Refresh();
                return log.Length > size;
            });
            sleeper.Halt();
            var held = await stage.LeasedAsync();
            mayRepeat.UnionWith(held);
            stage.Say($"one process sleeps, {held.Count} jobs are leased");
            await Until.TrueAsync("the others have done all that was leased", Longest, async () => (await stage.LeasedAsync()).Intersect(held).Any() is false);
            sleeper.Resume();
        }

        await stage.DrainedAsync(Longest);
        foreach (var child in children)
            await child.DisposeAsync();

        var runs = Traces.Read(stage);
        var effects = await stage.Database.ReadTextsAsync("SELECT event_id FROM effects");
        var repeated = runs.GroupBy(run => run.JobKey).Where(job => job.Count() > 1).Select(job => job.Key).ToList();
        var figures = await stage.Store.Jobs.GetFiguresAsync(CancellationToken.None);
        var bar = new Bar("R9 one queue, many workers", stage.Database.Title, $"8 workers in {Processes} processes, clocks up to 2 s apart, {jobs:N0} jobs; {halts} × SIGSTOP until the lease of {Lease.TotalSeconds:0} s was over and the jobs were done by others, then SIGCONT");
        bar.MustBe("jobs not run", 0, jobs - runs.Where(run => run.EndedAt is not null).Select(run => run.JobKey).Distinct().Count());
        bar.MustBe("effects in the database", jobs / 2, effects.Count);
        bar.MustBe("jobs run twice that no sleeper held", 0, repeated.Except(mayRepeat).Count());
        bar.Note("jobs run twice because their holder slept past the lease", $"{repeated.Count:N0}");
        bar.MustBe("out of their customer's order", 0, Traces.OutOfOrder(runs, mayRepeat));
        bar.MustBe("jobs left, or in quarantine", 0, figures.Pending + figures.Quarantined);
        return bar;
    }
}
