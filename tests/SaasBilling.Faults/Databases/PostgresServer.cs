using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SaasBilling.Faults.Instances;

namespace SaasBilling.Faults.Databases;

/// <summary>
/// A PostgreSQL of the program's own, in a folder, on a socket in it. It ends with the program, however that ends: it waits on the end of a pipe. It
/// can be halted, stopped and started.
/// </summary>
internal sealed class PostgresServer : IDatabases
{
    private static readonly string[] BinaryFolders =
    [
        .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(folder => Path.Combine(folder, "bin")) : [],
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
    ];

    private readonly string _folder;
    private readonly string _binaries;
    private Process? _shell;
    private int _databases;

    private PostgresServer(string folder, string binaries)
    {
        _folder = folder;
        _binaries = binaries;
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Starts one; null: it is not installed here.</summary>
    public static async Task<PostgresServer?> StartAsync(string folder)
    {
        var binaries = BinaryFolders.FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, "initdb")) && File.Exists(Path.Combine(candidate, "postgres")));
        if (binaries is null)
            return null;

        Directory.CreateDirectory(folder);
        if (Environment.UserName == "root")
            await RunAsync("chown", ["postgres:", folder]);
        var server = new PostgresServer(folder, binaries);
        await RunAsync(Path.Combine(binaries, "initdb"), ["-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"], asServer: true);
        await server.StartAsync();
        return server;
    }

    public async Task<Database> CreateAsync()
    {
        var name = $"faults_{++_databases}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        var database = new Database(Database.Postgresql, ConnectionString(name));
        await database.CreateTablesAsync();
        return database;
    }

    /// <summary>Starts the server, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        // The machine does not crash here, only processes do: what the server has written is there, synced or not.
        var script = "\"$@\" & server=$!; read -r _; kill -INT $server; wait $server";
        _shell = Start(
            "sh",
            [
                "-c", script, "sh", Path.Combine(_binaries, "postgres"), "-D", Data, "-k", _folder,
                "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=300",
            ],
            asServer: true);
        _shell.BeginOutputReadLine();
        _shell.BeginErrorReadLine();
        await Until.TrueAsync("PostgreSQL answers", TimeSpan.FromSeconds(30), async () =>
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    /// <summary>Stops the server; what is connected is cut off.</summary>
    public async Task StopAsync()
    {
        _shell!.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        _shell = null;
    }

    /// <summary>Halts the server and all it has started, so that nothing answers and nothing is refused.</summary>
    public void Halt() => SignalAll(Signals.Stop);

    /// <summary>Goes on after <see cref="Halt"/>.</summary>
    public void Resume() => SignalAll(Signals.Continue);

    /// <summary>Runs a statement on a connection of its own.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_shell is not null)
            await StopAsync();
    }

    private void SignalAll(int signal)
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        Signals.Send(postmaster, signal);
        foreach (var child in Signals.ChildrenOf(postmaster))
            Signals.Send(child, signal);
    }

    private string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host={_folder};Username=postgres;Database={database};Maximum Pool Size=40;Timeout=5;Command Timeout=10");

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
