using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

[assembly: AssemblyFixture(typeof(SaasBilling.EntityFrameworkCore.Tests.Databases.PostgresServer))]

namespace SaasBilling.EntityFrameworkCore.Tests.Databases;

/// <summary>
/// A PostgreSQL of the tests' own, in a temporary folder, on a socket in that folder. It starts when the first test asks for it, and ends with the
/// process: it waits on the process's end of a pipe.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Template = "billing_template";

    private static readonly string[] BinaryFolders = ["/usr/lib/postgresql/15/bin", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];

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
            var binaries = BinaryFolders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
            Assert.SkipWhen(binaries is null, "PostgreSQL is not installed here: apt-get install postgresql");

            var data = Path.Combine(_folder, "data");
            Directory.CreateDirectory(_folder);
            if (Environment.UserName == "root")
                await RunAsync("chown", ["postgres:", _folder]);
            await RunAsync(Path.Combine(binaries!, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"], asServer: true);

            // The shell waits for the end of its input, which comes when this process ends, however it ends.
            var script = "\"$@\" & server=$!; read -r _; kill -INT $server; wait $server";
            _server = Start("sh", ["-c", script, "sh", Path.Combine(binaries!, "postgres"), "-D", data, "-k", _folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=300"], asServer: true);
            _server.OutputDataReceived += static (_, _) => { };
            _server.ErrorDataReceived += static (_, _) => { };
            _server.BeginOutputReadLine();
            _server.BeginErrorReadLine();
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

    private static async Task RunAsync(string program, string[] arguments, bool asServer = false)
    {
        using var process = Start(program, arguments, asServer);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed: {error}{await output}");
    }

    // PostgreSQL refuses to run as root.
    private static Process Start(string program, string[] arguments, bool asServer)
    {
        string[] words = asServer && Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]
            : [program, .. arguments];
        return Process.Start(new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
    }
}
