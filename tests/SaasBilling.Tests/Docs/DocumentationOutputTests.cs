using System.Text.RegularExpressions;

namespace SaasBilling.Tests.Docs;

public sealed partial class DocumentationOutputTests
{
    [Fact]
    public void Every_output_that_a_page_shows_is_compared_by_a_test()
    {
        var tests = string.Concat(RepositoryFiles.Under("tests/SaasBilling.Tests", "*.cs").Select(file => File.ReadAllText(RepositoryFiles.PathOf(file))));
        var faults = DocumentationSnippetTests.Pages
            .SelectMany(page => Marker().Matches(DocsPage.Read(page)).Select(marker => (Page: page, Name: marker.Groups["name"].Value)))
            .Where(output => !tests.Contains($"Shows(\"{output.Page}\", \"{output.Name}\"", StringComparison.Ordinal))
            .Select(output => $"{output.Page}: no test compares the output '{output.Name}'. Call DocsPage.Shows(\"{output.Page}\", \"{output.Name}\", …), or take the marker out.");

        Assert.Equal([], faults);
    }

    [GeneratedRegex(@"^<!-- output: (?<name>[\w-]+) -->$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Marker();
}
