namespace SaasBilling.Tests.Approvals;

public sealed class PublicApiTests
{
    private const string Folder = "tests/SaasBilling.Tests/Approvals";

    [Fact]
    public void The_public_API_is_the_approved_one()
    {
        var approvedPath = RepositoryFiles.PathOf($"{Folder}/PublicApi.approved.txt");
        var receivedPath = RepositoryFiles.PathOf($"{Folder}/PublicApi.received.txt");
        var received = PublicApiPrinter.Print(typeof(Money).Assembly);
        var approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath).ReplaceLineEndings("\n") : "";
        if (received == approved)
        {
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, received);
        var added = Lines(received).Except(Lines(approved), StringComparer.Ordinal).Select(line => $"+ {line}");
        var removed = Lines(approved).Except(Lines(received), StringComparer.Ordinal).Select(line => $"- {line}");
        Assert.Fail($"""
            The public API changed:
            {string.Join('\n', removed.Concat(added))}
            If that is wanted, accept it and tell of it in CHANGELOG.md:
            mv {Folder}/PublicApi.received.txt {Folder}/PublicApi.approved.txt
            """);
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
}
