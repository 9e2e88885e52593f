using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SaasBilling.Tests.QuickStart;

/// <summary>One run of the QuickStart as a program of its own, and its output taken apart.</summary>
public sealed partial class QuickStartRun : IAsyncLifetime
{
    /// <summary>A line of the customers' table.</summary>
    public sealed record Customer(string Name, string Plan, string Status, int? Seats, string Interval, (decimal Amount, string Currency) Paid);

    public static JsonElement Catalog { get; } = JsonDocument.Parse(
        File.ReadAllText(RepositoryFiles.PathOf("samples/QuickStart/catalog.json")),
        new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }).RootElement;

    public string[] Lines { get; private set; } = [];

    /// <summary>The last line of every month.</summary>
    public IReadOnlyList<string> Closings => [.. Lines.Where(line => line.Contains("Collected", StringComparison.Ordinal))];

    public IReadOnlyList<Customer> Customers =>
    [
        .. Section("The customers").Select(line => CustomerLine().Match(line)).Select(match => new Customer(
            match.Groups["name"].Value,
            match.Groups["plan"].Value,
            match.Groups["status"].Value,
            match.Groups["seats"].Success ? int.Parse(match.Groups["seats"].Value) : null,
            match.Groups["interval"].Value,
            QuickStartTests.Amounts(match.Groups["paid"].Value).Single())),
    ];

    public async ValueTask InitializeAsync()
    {
        // Built by the project reference, in the configuration of the tests: .../bin/<configuration>/<framework>/.
        var output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^2..];
        var program = RepositoryFiles.PathOf(Path.Combine("samples", "QuickStart", "bin", output[0], output[1], "QuickStart.dll"));
        using var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);
        Lines = QuickStartTests.Lines(text);
    }

    /// <summary>The lines under a title, up to the next one; empty lines left out.</summary>
    public IReadOnlyList<string> Section(string title)
    {
        var start = Array.FindIndex(Lines, line => line.StartsWith(title, StringComparison.Ordinal));
        Assert.True(start >= 0, $"There is no section '{title}'.");
        return [.. Lines.Skip(start + 2).TakeWhile(line => line.Length == 0 || line.StartsWith(' ')).Where(line => line.Length > 0)];
    }

    /// <summary>The MRR of a currency in the summary, then its movements: new, back, expansion, contraction, churn.</summary>
    public IReadOnlyList<decimal> Mrr(string currency) =>
    [
        .. Section("The business").Select(QuickStartTests.Amounts).Single(amounts => amounts.Count > 0 && amounts[0].Currency == currency).Select(amount => amount.Amount),
    ];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [GeneratedRegex(@"^  (?<name>.{15})(?<plan>\w+) +(?<status>\w+) +((?<seats>\d+) seats +)?(?<interval>monthly|yearly) +(?<paid>[\d.]+ \w{3}) in +\d+ payments$", RegexOptions.ExplicitCapture)]
    private static partial Regex CustomerLine();
}
