using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SaasBilling.Storage;

namespace SaasBilling.Benchmarks.Store;

/// <summary>An application on a database, and the same database without us.</summary>
internal sealed class StoreWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;
    private readonly Func<DbConnection> _connect;
    private int _handled;

    private StoreWorld(Action<DbContextOptionsBuilder> configure, Func<DbConnection> connect, bool isPostgres)
    {
        _connect = connect;
        IsPostgres = isPostgres;
        var services = new ServiceCollection();
        services.AddDbContext<StoreContext>(configure);
        services.AddSaasBilling()
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly))
            .UseInMemory()
            .UseEntityFrameworkCore<StoreContext>()
            .AddHook<MilestoneReached>("empty", (_, _, _) =>
            {
                Interlocked.Increment(ref _handled);
                return Task.CompletedTask;
            });
        _services = services.BuildServiceProvider();
    }

    public bool IsPostgres { get; }

    public IBillingStore Store => _services.GetRequiredService<IBillingStore>();

    public int Handled => Volatile.Read(ref _handled);

    public static StoreWorld OnPostgres(string connectionString) =>
        new(options => options.UseNpgsql(connectionString), () => new NpgsqlConnection(connectionString), isPostgres: true);

    public static StoreWorld OnSqlite(string file)
    {
        var connectionString = $"Data Source={file}";
        return new(options => options.UseSqlite(connectionString), () => new SqliteConnection(connectionString), isPostgres: false);
    }

    /// <summary>Empty tables of both.</summary>
    public async Task PrepareAsync()
    {
        await _services.EnsureSaasBillingSchemaAsync();
        await using var connection = await ConnectAsync();
        if (!IsPostgres)
            await RunAsync(connection, "PRAGMA journal_mode=WAL");
        foreach (var table in new[] { "jobs", "events", "invoices", "subscriptions", "customers", "trials", "mrr_movements", "usage", "inbox" })
            await RunAsync(connection, $"DELETE FROM billing_{table}");
        await RunAsync(connection, "DROP TABLE IF EXISTS bare_rows");
        await RunAsync(connection, "DROP TABLE IF EXISTS bare_jobs");
        await RunAsync(connection, IsPostgres
            ? "CREATE TABLE bare_rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, data text NOT NULL)"
            : "CREATE TABLE bare_rows (id INTEGER PRIMARY KEY, data TEXT NOT NULL)");
        await RunAsync(connection, IsPostgres
            ? "CREATE TABLE bare_jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, due_at timestamptz NOT NULL, status text NOT NULL, token uuid, payload text NOT NULL)"
            : "CREATE TABLE bare_jobs (id INTEGER PRIMARY KEY, due_at TEXT NOT NULL, status TEXT NOT NULL, token TEXT, payload TEXT NOT NULL)");
        await RunAsync(connection, "CREATE INDEX bare_jobs_due ON bare_jobs (due_at) WHERE status = 'Pending'");
    }

    public async Task<DbConnection> ConnectAsync()
    {
        var connection = _connect();
        await connection.OpenAsync();
        return connection;
    }

    public static async Task<int> RunAsync(DbConnection connection, string sql, DbTransaction? transaction = null, params object[] values)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 600;
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"p{i}");
            parameter.Value = values[i];
            command.Parameters.Add(parameter);
        }

        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Starts the worker.</summary>
    public async Task<IAsyncDisposable> StartWorkerAsync()
    {
        var worker = _services.GetServices<IHostedService>().Single();
        await worker.StartAsync(CancellationToken.None);
        return new Running(worker);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class Running(IHostedService worker) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await worker.StopAsync(CancellationToken.None);
    }
}
