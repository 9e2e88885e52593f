namespace SaasBilling.Tests.Approvals;

/// <summary>A text that changes only when somebody accepts it: it is compared with a file beside the tests.</summary>
internal static class ApprovedFile
{
    /// <summary>Fails when the text is another one, and leaves it beside the file, to be accepted.</summary>
    /// <param name="path">The file, in the repository, with <c>.approved.</c> in its name.</param>
    /// <param name="received">The text.</param>
    /// <param name="what">What the text shows.</param>
    /// <param name="tell">Whom else to tell when it is accepted.</param>
    public static void Check(string path, string received, string what, string tell)
    {
        var receivedName = path.Replace(".approved.", ".received.", StringComparison.Ordinal);
        var (approvedPath, receivedPath) = (RepositoryFiles.PathOf(path), RepositoryFiles.PathOf(receivedName));
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
            {what} changed:
            {string.Join('\n', removed.Concat(added))}
            If that is wanted, accept it and {tell}:
            mv {receivedName} {path}
            """);
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
}
