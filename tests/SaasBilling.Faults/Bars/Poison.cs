using System.Diagnostics;
using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Instances;

namespace SaasBilling.Faults.Bars;

/// <summary>R12: some deliveries throw, hang, or take their process down; they end in quarantine, and the others do not.</summary>
internal static class Poison
{
    private const int Tries = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static async Task<Bar> RunAsync(RunSettings settings, IDatabases databases)
    {
        await using var stage = await Stage.SetAsync(settings, databases);
        var (jobs, killers) = (settings.Of(300, 10_000), settings.Of(1, 3));
        var bad = Math.Max(3, jobs / 100);

        // Bad ones stand between good ones, each at a customer of its own.
        string? Trouble(int number) => number % (jobs / bad) != 7 ? null
            : (number / (jobs / bad)) is var which && which < killers ? TracingHooks.Kills
            : which % 2 == 0 ? TracingHooks.Throws : TracingHooks.Hangs;
        await stage.SeedAsync(jobs, 1, [TracingHooks.Lines], (customer, _) => Trouble(customer) ?? "fine");
        var poisoned = Enumerable.Range(0, jobs).Where(i => Trouble(i) is not null).Select(i => $"hook:{Stage.SeededId(i)}/1:{TracingHooks.Lines}").ToHashSet();

        InstanceSpec Configure(InstanceSpec spec) => spec with { MaxAttempts = Tries, HookTimeout = TimeSpan.FromSeconds(1) };
        Child[] living = [await stage.RunAsync(Configure), await stage.RunAsync(Configure)];
        var spare = stage.Start(Configure);
        var deaths = 0;
        await Until.TrueAsync("all are delivered or parked", Longest, async () =>
        {
            for (var i = 0; i < living.Length; i++)
            {
                if (!living[i].HasEnded)
                    continue;
                stage.Say($"death {++deaths}");
                await spare.GoAsync();
                living[i] = spare;
                spare = stage.Start(Configure);
            }

            return await stage.Store.Jobs.NextDueAsync(Storage.JobKind.Hook, CancellationToken.None) is null;
        });
        var parked = (await stage.Store.Jobs.GetQuarantinedAsync(CancellationToken.None)).Select(entry => entry.Job.Key).ToHashSet();
        foreach (var child in living.Append(spare))
            await child.KillAsync();

        var runs = Traces.Read(stage);
        var good = runs.Where(run => !poisoned.Contains(run.JobKey)).GroupBy(run => run.JobKey).ToList();
        var delays = good.Where(job => job.Any(run => run.EndedAt is not null)).Select(job => (job.Min(run => run.EndedAt ?? long.MaxValue) - job.First().BeganAt) / (double)Stopwatch.Frequency).ToList();
        var bar = new Bar("R12 poison", stage.Database.Title, $"of {jobs:N0} deliveries {poisoned.Count} throw, hang, or kill the process ({killers}); {Tries} tries, lease 1 s");
        bar.MustBe("good deliveries not made", 0, jobs - poisoned.Count - delays.Count);
        bar.MustBe("bad ones not parked", 0, poisoned.Except(parked).Count());
        bar.MustBe("good ones parked", 0, parked.Except(poisoned).Count());
        bar.AtMost("runs of a bad one: its tries, and one for each death beside it", Tries + deaths, runs.Where(run => poisoned.Contains(run.JobKey)).GroupBy(run => run.JobKey).Max(job => job.Count()), "");
        bar.Note("processes killed by deliveries", $"{deaths}");
        bar.Note("a good one that was running beside a killer ended later by at most", $"{delays.DefaultIfEmpty().Max():0.##} s");
        var replayed = 0;
        foreach (var key in parked)
            replayed += await stage.Store.Jobs.RequeueAsync(key, CancellationToken.None) ? 1 : 0;
        bar.MustBe("parked ones that can be asked for again", parked.Count, replayed);
        return bar;
    }
}
