using System.Diagnostics;

namespace SaasBilling.Tests.Docs;

public sealed class ReadmeSnippets
{
    [Fact]
    public async Task The_first_program_prints_what_the_page_says()
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "SaasBilling.Readme.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var program = Process.Start(start)!;

        var errors = program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", await errors);
        Assert.Equal(0, program.ExitCode);
        DocsPage.Shows("README.md", "readme", output.TrimEnd().Split('\n'));
    }
}
