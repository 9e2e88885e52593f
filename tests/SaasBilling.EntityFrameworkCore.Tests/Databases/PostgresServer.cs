using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SaasBilling.Tests.Databases;

[assembly: AssemblyFixture(typeof(SaasBilling.EntityFrameworkCore.Tests.Databases.PostgresServer))]

namespace SaasBilling.EntityFrameworkCore.Tests.Databases;

/// <summary>
/// A PostgreSQL of the tests' own, in a temporary folder, on a socket in that folder. It starts when the first test asks for it, and ends with the
/// process: it waits on the process's end of a pipe.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Template = "billing_template";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"sb-pg-{Guid.NewGuid().ToString("N")[..8]}");
    private Process? _server;
    private bool _isStarted;
    private int _databases;

    /// <summary>An empty database with billing's tables. The test is skipped where there is no PostgreSQL.</summary>
    public async Task<string> CreateDatabaseAsync(bool withTables = true)
    {
        await StartAsync();
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {(withTables ? Template : "template0")}");
        return ConnectionString(name);
    }

    /// <summary>Ends a database.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        await using (var connection = new NpgsqlConnection(connectionString))
            NpgsqlConnection.ClearPool(connection);
        await ExecuteAsync("postgres", $"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is { } server)
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync();
            server.Dispose();
        }

        _gate.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_isStarted)
                return;
            var programs = PostgresPrograms.Find();
            Assert.SkipWhen(programs is null, "PostgreSQL is not installed here: apt-get install postgresql");
            await programs!.InitializeAsync(_folder);
            _server = programs.Serve(_folder, "synchronous_commit=off");
            await WaitAsync();
            await ExecuteAsync("postgres", $"CREATE DATABASE {Template}");
            await using (var context = new PlainContext(new DbContextOptionsBuilder<PlainContext>().UseNpgsql(ConnectionString(Template)).Options))
                await context.Database.EnsureSaasBillingSchemaAsync();
            NpgsqlConnection.ClearAllPools();
            _isStarted = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task WaitAsync()
    {
        for (var started = Stopwatch.StartNew(); ;)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (started.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host={_folder};Username=postgres;Database={database};Maximum Pool Size=20;Include Error Detail=true");
}
