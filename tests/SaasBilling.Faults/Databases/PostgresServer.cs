using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SaasBilling.Faults.Instances;
using SaasBilling.Tests.Databases;

namespace SaasBilling.Faults.Databases;

/// <summary>
/// A PostgreSQL of the program's own, in a folder, on a socket in it. It ends with the program, however that ends: it waits on the end of a pipe. It
/// can be halted, stopped and started.
/// </summary>
internal sealed class PostgresServer : IDatabases
{
    private readonly string _folder;
    private readonly PostgresPrograms _programs;
    private Process? _shell;
    private int _databases;

    private PostgresServer(string folder, PostgresPrograms programs)
    {
        _folder = folder;
        _programs = programs;
    }

    /// <summary>Starts one; null: it is not installed here.</summary>
    public static async Task<PostgresServer?> StartAsync(string folder)
    {
        if (PostgresPrograms.Find() is not { } programs)
            return null;

        await programs.InitializeAsync(folder);
        var server = new PostgresServer(folder, programs);
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
        // Synced, as applications have it: what a repetition need not write is part of what is measured.
        _shell = _programs.Serve(_folder, "fsync=on", "full_page_writes=on");
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
        var postmaster = int.Parse(File.ReadLines(Path.Combine(PostgresPrograms.DataIn(_folder), "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        Signals.Send(postmaster, signal);
        foreach (var child in Signals.ChildrenOf(postmaster))
            Signals.Send(child, signal);
    }

    private string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host={_folder};Username=postgres;Database={database};Maximum Pool Size=40;Timeout=5;Command Timeout=10");
}
