using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Instances;

namespace SaasBilling.Faults.Bars;

/// <summary>R7: the database halts, stops, cuts connections, or is locked by another; the process says so, goes on with what it knows, and recovers by itself.</summary>
internal static class Outages
{
    private const string Acme = "acme";

    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    public static async Task<Bar> RunAsync(RunSettings settings, IDatabases databases)
    {
        await using var stage = await Stage.SetAsync(settings, databases);
        var length = TimeSpan.FromSeconds(settings.Of(3, 30));
        var child = await stage.RunAsync();
        await child.Calls.RunAsync(new CustomerCommand(Acme, CommandKind.Subscribe, "", 1), mayBeDone: false);
        await child.Calls.HasAccessAsync(Acme);
        var outages = databases is PostgresServer server
            ? new (string Name, Func<Task> Begin, Func<Task> End)[]
            {
                ("halted (SIGSTOP)", () => Run(server.Halt), () => Run(server.Resume)),
                ("stopped, and started again", server.StopAsync, server.StartAsync),
                ("connections cut", () => server.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'faults_%'"), () => Task.CompletedTask),
            }
            : [Locked(stage)];

        var bar = new Bar("R7 database down", stage.Database.Title, $"{string.Join("; ", outages.Select(outage => outage.Name))}, each for {length.TotalSeconds:0} s under commands, webhooks and hooks");
        var given = 0;
        foreach (var (name, begin, end) in outages)
        {
            await begin();
            var during = await DuringAsync(child, length, given);
            given += during.Given;
            await end();
            var recovering = Stopwatch.GetTimestamp();
            var last = given++;
            await Until.TrueAsync($"recovered after: {name}", TimeSpan.FromMinutes(1), async () =>
            {
                try
                {
                    await child.Calls.RunAsync(new CustomerCommand(Acme, CommandKind.Milestone, $"step {last}", 1), mayBeDone: false);
                    return true;
                }
                catch (BillingException)
                {
                    return false;
                }
            });
            var recovered = Stopwatch.GetElapsedTime(recovering);
            await stage.DrainedAsync(TimeSpan.FromMinutes(1));
            bar.MustBe($"{name}: answers that were neither success nor StoreUnavailable", 0, during.Wrong);
            bar.MustBe($"{name}: access checks that failed", 0, during.Denied);
            bar.AtMost($"{name}: processor of the process meanwhile", settings.InFull(5), during.Processor * 100, "% of a core");
            bar.AtMost($"{name}: recovered after", Recovery.TotalSeconds, recovered.TotalSeconds, "s");
        }

        return bar;
    }

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static (string Name, Func<Task> Begin, Func<Task> End) Locked(Stage stage)
    {
        var connection = stage.Database.Connection();
        return ("file locked by another writer", BeginAsync, EndAsync);

        async Task BeginAsync()
        {
            await connection.OpenAsync();
            await RunAsync("BEGIN IMMEDIATE");
        }

        async Task EndAsync()
        {
            await RunAsync("ROLLBACK");
            await connection.DisposeAsync();
        }

        async Task RunAsync(string sql)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>A command, a webhook and an access check four times a second, and what becomes of them.</summary>
    private static async Task<(int Given, int Wrong, int Denied, double Processor)> DuringAsync(Child child, TimeSpan length, int first)
    {
        var (given, wrong, denied) = (0, 0, 0);
        var calls = new List<Task>();
        var (started, computed) = (Stopwatch.GetTimestamp(), child.ProcessorTime);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            denied += await child.Calls.HasAccessAsync(Acme) ? 0 : 1;

            // What waits for the database is not waited for here: more of it may come.
            if (calls.Count(call => !call.IsCompleted) < 4)
            {
                var number = first + given++;
                calls.Add(WatchAsync(child.Calls.RunAsync(new CustomerCommand(Acme, CommandKind.Milestone, $"step {number}", 1), mayBeDone: false)));
                calls.Add(WatchAsync(child.Calls.ReceiveAsync($"evt_{number} {Acme}", dieAfterwards: false)));
            }

            await ticks.WaitForNextTickAsync();
        }

        var processor = (child.ProcessorTime - computed) / Stopwatch.GetElapsedTime(started);
        return (given, wrong, denied, processor);

        async Task WatchAsync(Task call)
        {
            try
            {
                await call;
            }
            catch (BillingException exception) when (exception.Code == BillingErrorCode.StoreUnavailable)
            {
                // As promised.
            }
            catch (BillingException)
            {
                Interlocked.Increment(ref wrong);
            }
        }
    }
}
