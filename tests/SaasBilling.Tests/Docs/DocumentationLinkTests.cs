using System.Text;
using System.Text.RegularExpressions;

namespace SaasBilling.Tests.Docs;

public sealed partial class DocumentationLinkTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file_and_a_heading_that_are_there()
    {
        var faults = DocumentationSnippetTests.Pages.SelectMany(FaultsOf).ToList();

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [InlineData("## Trials, with and without a card", "trials-with-and-without-a-card")]
    [InlineData("# `ILifecycleHook<T>` twice", "ilifecyclehookt-twice")]
    [InlineData("### B-19 month-end", "b-19-month-end")]
    public void The_anchor_of_a_heading_is_what_forges_make_of_it(string heading, string anchor) =>
        Assert.Equal([anchor], AnchorsOf(heading));

    private static IEnumerable<string> FaultsOf(string page)
    {
        var text = WithoutCode(File.ReadAllText(RepositoryFiles.PathOf(page)));
        foreach (Match link in Link().Matches(text))
        {
            var target = link.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                continue;

            var (file, anchor) = target.Split('#', 2) is [var left, var right] ? (left, right) : (target, "");
            var folder = Path.GetDirectoryName(RepositoryFiles.PathOf(page))!;
            var path = file.Length == 0 ? RepositoryFiles.PathOf(page) : Path.GetFullPath(Path.Combine(folder, file));
            if (!Path.Exists(path))
                yield return $"{page}: the link to '{target}' leads nowhere.";
            else if (anchor.Length > 0 && path.EndsWith(".md", StringComparison.Ordinal) && !AnchorsOf(WithoutCode(File.ReadAllText(path))).Contains(anchor, StringComparer.Ordinal))
                yield return $"{page}: '{target}' names a heading that is not there.";
        }
    }

    private static IEnumerable<string> AnchorsOf(string markdown)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(markdown))
        {
            var anchor = new StringBuilder();
            foreach (var c in heading.Groups["text"].Value.Trim().ToLowerInvariant())
            {
                if (char.IsLetterOrDigit(c) || c is '-' or '_')
                    anchor.Append(c);
                else if (c == ' ')
                    anchor.Append('-');
            }

            var name = anchor.ToString();
            seen[name] = seen.TryGetValue(name, out var times) ? times + 1 : 0;
            yield return seen[name] == 0 ? name : $"{name}-{seen[name]}";
        }
    }

    private static string WithoutCode(string markdown) => CodeBlock().Replace(markdown, "");

    [GeneratedRegex(@"!?\[[^\]]*\]\((?<target>[^)\s]+)[^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(?<fence>`{3,}).*?^\k<fence>\s*$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex CodeBlock();
}
