using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using SaasBilling.Storage;

namespace SaasBilling.Benchmarks.Store;

/// <summary>What the durable store costs beside the bare database, in one run on the same server.</summary>
internal static class StoreCommand
{
    private const int Commits = 2_000;
    private const int Jobs = 10_000;
    private const int Batch = 100;

    /// <param name="args"><c>--postgresql "connection string"</c>: a database that may be filled; without it, a SQLite file in a temporary folder. <c>--rows 1000000</c>: jobs that are due far in the future.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var (connectionString, rows) = ((string?)null, 1_000_000);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--postgresql")
                connectionString = args[i + 1];
            else if (args[i] == "--rows")
                rows = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
        }

        var folder = Directory.CreateTempSubdirectory("saasbilling-");
        try
        {
            await using var world = connectionString is null ? StoreWorld.OnSqlite(Path.Combine(folder.FullName, "billing.db")) : StoreWorld.OnPostgres(connectionString);
            Console.WriteLine("| what | measured | beside | ratio |");
            Console.WriteLine("|---|--:|--:|--:|");
            await world.PrepareAsync();
            await CommitsAsync(world);
            await DrainAsync(world, "a thousand rows", 0);
            await DrainAsync(world, string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows"), rows);
            return 0;
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    // One after the other in turns, so that both see the same server.
    private static async Task CommitsAsync(StoreWorld world)
    {
        var payload = new string('x', 400);
        var (bare, first, later) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < Commits; i++)
        {
            bare.Add(await TimeAsync(async () =>
            {
                await using var connection = await world.ConnectAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await StoreWorld.RunAsync(connection, "INSERT INTO bare_rows (data) VALUES (@p0)", transaction, payload);
                await transaction.CommitAsync();
            }));
            var version = (i % 4) + 1;
            var commit = StoreCommits.Renewal(string.Create(CultureInfo.InvariantCulture, $"customer-{i / 4}"), version);
            (version == 1 ? first : later).Add(await TimeAsync(() => world.Store.CommitAsync(commit, CancellationToken.None)));
        }

        var reads = new List<double>();
        for (var i = 0; i < 500; i++)
            reads.Add(await TimeAsync(() => world.Store.FindCustomerAsync(string.Create(CultureInfo.InvariantCulture, $"customer-{i}"), CancellationToken.None)));
        Report("read of a customer's state", Median(reads), Median(bare));
        Report("commit of a new customer", Median(first), Median(bare));
        Report("commit of a renewal: state, subscription, invoice, 2 events, 2 jobs", Median(later), Median(bare));
        await world.PrepareAsync();
    }

    private static async Task DrainAsync(StoreWorld world, string table, int future)
    {
        await world.PrepareAsync();
        await FillAsync(world, future);
        var bare = await BareDrainAsync(world);

        for (var i = 0; i < Jobs; i++)
            await world.Store.CommitAsync(StoreCommits.Milestone(string.Create(CultureInfo.InvariantCulture, $"customer-{i}")), CancellationToken.None);
        if (world.IsPostgres)
        {
            await using var connection = await world.ConnectAsync();
            await StoreWorld.RunAsync(connection, "VACUUM ANALYZE");
        }

        var queue = await QueueAsync(world);
        Report($"lease and complete, {table}", queue, bare, "jobs/s");

        await world.PrepareAsync();
        await FillAsync(world, future);
        for (var i = 0; i < Jobs; i++)
            await world.Store.CommitAsync(StoreCommits.Milestone(string.Create(CultureInfo.InvariantCulture, $"customer-{i}")), CancellationToken.None);
        if (world.IsPostgres)
        {
            await using var connection = await world.ConnectAsync();
            await StoreWorld.RunAsync(connection, "VACUUM ANALYZE");
        }

        Report($"worker with an empty hook, {table}", await WorkerAsync(world), bare, "jobs/s");
    }

    private static async Task FillAsync(StoreWorld world, int future)
    {
        if (future == 0)
            return;
        await using var connection = await world.ConnectAsync();
        var numbers = world.IsPostgres
            ? $"generate_series(1, {future}) AS n(i)"
            : $"(WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {future}) SELECT i FROM c) AS n";
        var due = world.IsPostgres ? "timestamptz '2030-01-01 00:00:00+00'" : "'2030-01-01 00:00:00'";
        await StoreWorld.RunAsync(connection, $"""
            INSERT INTO billing_jobs (key, kind, customer_id, lane, sequence, due_at, ready_at, status, attempts, is_suspect)
            SELECT 'wake:future-' || n.i, 'Hook', 'future-' || n.i, 'empty', 1, {due}, {due}, 'Pending', 0, {(world.IsPostgres ? "false" : "0")} FROM {numbers}
            """);
    }

    private static async Task<double> BareDrainAsync(StoreWorld world)
    {
        await using var connection = await world.ConnectAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            for (var i = 0; i < Jobs; i++)
                await StoreWorld.RunAsync(connection, "INSERT INTO bare_jobs (due_at, status, payload) VALUES (" + (world.IsPostgres ? "now()" : "'2026-01-01'") + ", 'Pending', @p0)", transaction, "payload");
            await transaction.CommitAsync();
        }

        if (world.IsPostgres)
            await StoreWorld.RunAsync(connection, "VACUUM ANALYZE bare_jobs");
        var lease = $"""
            UPDATE bare_jobs SET status = 'Leased', token = @p0 WHERE id IN (
                SELECT id FROM bare_jobs WHERE status = 'Pending' AND due_at <= {(world.IsPostgres ? "now()" : "'2027-01-01'")} ORDER BY due_at LIMIT {Batch}{(world.IsPostgres ? " FOR UPDATE SKIP LOCKED" : "")})
            RETURNING id, payload
            """;
        var done = 0;
        var start = Stopwatch.GetTimestamp();
        while (done < Jobs)
        {
            var ids = new List<long>();
            await using (var command = connection.CreateCommand())
            {
                command.CommandText = lease;
                Add(command, "p0", Guid.NewGuid());
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                    ids.Add(reader.GetInt64(0));
            }

            await using var complete = connection.CreateCommand();
            if (world.IsPostgres)
            {
                complete.CommandText = "DELETE FROM bare_jobs WHERE id = ANY(@p0)";
                Add(complete, "p0", ids.ToArray());
            }
            else
            {
                complete.CommandText = $"DELETE FROM bare_jobs WHERE id IN ({string.Join(',', ids)})";
            }

            done += await complete.ExecuteNonQueryAsync();
        }

        return Jobs / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> QueueAsync(StoreWorld world)
    {
        var queue = world.Store.Jobs;
        var request = new LeaseRequest(JobKind.Hook, DateTimeOffset.UnixEpoch.AddYears(58), TimeSpan.FromSeconds(30), Batch);
        var done = 0;
        var start = Stopwatch.GetTimestamp();
        while (done < Jobs)
        {
            var leased = await queue.LeaseAsync(request, CancellationToken.None);
            await queue.FinishAsync([.. leased.Select(entry => JobResult.Done(entry, request.Now))], CancellationToken.None);
            done += leased.Count;
        }

        return Jobs / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> WorkerAsync(StoreWorld world)
    {
        var before = world.Handled;
        var start = Stopwatch.GetTimestamp();
        await using var worker = await world.StartWorkerAsync();
        while (world.Handled < before + Jobs)
            await Task.Delay(5);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return Jobs / seconds;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static void Report(string what, double measured, double beside, string unit = "µs") =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {measured:N0} {unit} | {beside:N0} {unit} | {measured / beside:F2} |"));
}
