using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Instances;

namespace SaasBilling.Faults.Bars;

/// <summary>R10: the clock of a worker is off, goes back, and jumps ahead; nothing is early by its own clock, and what is late is done once, in order.</summary>
internal static class Clocks
{
    private const int Customers = 20;
    private const int Events = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static async Task<Bar> RunAsync(RunSettings settings, IDatabases databases)
    {
        await using var stage = await Stage.SetAsync(settings, databases);
        var now = TimeProvider.System.GetUtcNow();

        // Due in ten minutes: for a worker that is five minutes ahead they are not, nor when it goes back an hour.
        await stage.SeedAsync(Customers, Events, [TracingHooks.Lines], dueAt: now.AddMinutes(10));
        var bar = new Bar("R10 clocks", stage.Database.Title, $"{Customers * Events} jobs due in 10 minutes; a worker 5 minutes ahead, set back by 1 h, set ahead by 40 days");
        var child = await stage.RunAsync(spec => spec with { ClockOffset = TimeSpan.FromMinutes(5) });
        await LookedAsync(stage, child, 1);
        bar.MustBe("run by a worker 5 minutes ahead", 0, Seeded(stage).Count);
        await child.Calls.SetClockAsync(TimeSpan.FromMinutes(5) - TimeSpan.FromHours(1));
        await LookedAsync(stage, child, 2);
        bar.MustBe("run after its clock went back by 1 h", 0, Seeded(stage).Count);
        await child.Calls.SetClockAsync(TimeSpan.FromDays(40));
        await stage.DrainedAsync(Longest);
        var late = Seeded(stage);
        bar.MustBe("run after its clock jumped ahead by 40 days", Customers * Events, late.Count(run => run.EndedAt is not null));
        bar.MustBe("of these, run twice", 0, late.Count - late.Select(run => run.JobKey).Distinct().Count());
        bar.MustBe("of these, out of order", 0, Traces.OutOfOrder(late));
        return bar;
    }

    private static List<HookRun> Seeded(Stage stage) => [.. Traces.Read(stage).Where(run => run.CustomerId.StartsWith("seeded", StringComparison.Ordinal))];

    /// <summary>Ends when the worker has looked at the queue: it has done something that is due by any clock.</summary>
    private static async Task LookedAsync(Stage stage, Child child, int number)
    {
        await child.Calls.RunAsync(new CustomerCommand("looked", CommandKind.Milestone, $"look {number}", 1), mayBeDone: false);
        if (number > 1)
            return;
        await Until.TrueAsync("the worker looks", Longest, async () =>
            (await Task.FromResult(Traces.Read(stage))).Any(run => run.CustomerId == "looked" && run.EndedAt is not null));
    }
}
