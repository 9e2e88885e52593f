using System.Diagnostics;

namespace SaasBilling.Tests.Databases;

/// <summary>PostgreSQL's programs on this machine, run as a user that they accept.</summary>
internal sealed class PostgresPrograms
{
    private static readonly string[] Folders =
    [
        .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(folder => Path.Combine(folder, "bin")) : [],
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
    ];

    private readonly string _binaries;

    private PostgresPrograms(string binaries) => _binaries = binaries;

    /// <summary>Null: it is not installed here.</summary>
    public static PostgresPrograms? Find() =>
        Array.Find(Folders, folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"))) is { } binaries ? new(binaries) : null;

    public static string DataIn(string folder) => Path.Combine(folder, "data");

    /// <summary>Makes the files of a server in a folder.</summary>
    public async Task InitializeAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        if (Environment.UserName == "root")
            await RunAsync("chown", ["postgres:", folder], asServer: false);
        await RunAsync(Path.Combine(_binaries, "initdb"), ["-D", DataIn(folder), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"], asServer: true);
    }

    /// <summary>
    /// Starts the server of a folder, on a socket in it. It ends when the input of the process that is returned is closed, and so with this process,
    /// however that ends.
    /// </summary>
    public Process Serve(string folder, params ReadOnlySpan<string> settings)
    {
        // No machine crashes here, only processes do: what the server has written is there, synced or not.
        const string Script = "\"$@\" & server=$!; read -r _; kill -INT $server; wait $server";
        var arguments = new List<string> { "-c", Script, "sh", Path.Combine(_binaries, "postgres"), "-D", DataIn(folder), "-k", folder };
        foreach (var setting in (ReadOnlySpan<string>)["listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=300", .. settings])
            arguments.AddRange(["-c", setting]);

        var server = Start("sh", [.. arguments], asServer: true);
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        return server;
    }

    private static async Task RunAsync(string program, string[] arguments, bool asServer)
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
