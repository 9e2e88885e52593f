using System.Text.RegularExpressions;

namespace SaasBilling.Tests.Docs;

/// <summary>
/// What a page of the documentation shows beside code, for tests that hold it against what really happens: printed output under a marker
/// (<c>&lt;!-- output: name --&gt;</c> above a <c>```text</c> block), rows of tables, blocks of configuration.
/// </summary>
internal static partial class DocsPage
{
    /// <summary>Held while pages are rewritten.</summary>
    internal static readonly Lock Gate = new();

    /// <summary>The page shows this output. With <see cref="DocumentationSnippetTests.UpdateVariable"/> set to 1 it is written into the page.</summary>
    public static void Shows(string page, string output, IEnumerable<string> lines)
    {
        var expected = string.Join('\n', lines.SelectMany(line => line.ReplaceLineEndings("\n").Split('\n')).Select(line => line.TrimEnd()));
        lock (Gate)
        {
            var markdown = Read(page);
            var start = $"<!-- output: {output} -->\n```text\n";
            var from = markdown.IndexOf(start, StringComparison.Ordinal);
            Assert.True(from >= 0, $"{page} has no '<!-- output: {output} -->' with a ```text block on the next line.");
            from += start.Length;
            var to = markdown.IndexOf("```", from, StringComparison.Ordinal);
            Assert.True(to >= 0, $"{page} never closes the block of output '{output}'.");
            if (Environment.GetEnvironmentVariable(DocumentationSnippetTests.UpdateVariable) == "1")
                File.WriteAllText(RepositoryFiles.PathOf(page), $"{markdown[..from]}{expected}\n{markdown[to..]}");
            else
                Assert.Equal(expected, markdown[from..to].TrimEnd('\n'));
        }
    }

    /// <summary>The cells of the rows of every table that has these headings, without back quotes.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Table(string page, params string[] headings)
    {
        var rows = new List<IReadOnlyList<string>>();
        var inside = false;
        foreach (var line in Read(page).Split('\n'))
        {
            if (!line.StartsWith('|'))
            {
                inside = false;
                continue;
            }

            var cells = line.Trim().Trim('|').Split('|').Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal)).ToList();
            if (inside && !cells.TrueForAll(cell => cell.Length > 0 && cell.All(c => c is '-' or ':')))
                rows.Add(cells);
            inside |= cells.SequenceEqual(headings);
        }

        Assert.True(rows.Count > 0, $"{page} has no table with the headings {string.Join(" | ", headings)}, or it is empty.");
        return rows;
    }

    /// <summary>The blocks of a language, in their order.</summary>
    public static IReadOnlyList<string> Blocks(string page, string language) =>
        [.. Block().Matches(Read(page)).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["body"].Value)];

    /// <summary>The page in full.</summary>
    public static string Read(string page) => File.ReadAllText(RepositoryFiles.PathOf(page)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
