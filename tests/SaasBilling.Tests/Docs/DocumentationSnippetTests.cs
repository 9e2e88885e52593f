namespace SaasBilling.Tests.Docs;

// How to write documentation whose code cannot rot
//
// 1. Write the code in this folder (any .cs file, or a new one: TrialSnippets.cs for docs/trials.md), inside a [Fact] that runs it and asserts
//    what the page promises. Put '#region extend-a-trial' and '#endregion' around the lines that the page shows. Names are unique.
//    Set-up and assertions stay outside of the region. A region may also be a whole type (a hook, a provider).
// 2. On the page, put the marker on the line above an (at first empty) block:
//
//        <!-- snippet: extend-a-trial -->
//        ```csharp
//        ```
//
//    A marker may name a whole file by its path instead: <!-- snippet: tests/SaasBilling.Readme/Program.cs -->.
// 3. SAASBILLING_UPDATE_DOCS=1 dotnet test tests/SaasBilling.Tests --filter DocumentationSnippetTests
//    writes the code of every region into its block. Without the variable the same test compares, and fails when a block differs,
//    has no marker, or names a region that is not there; and when a region is shown on no page.
//
// Pages are README.md, CHANGELOG.md, everything under docs/, and the README.md files of src/ and samples/.
public sealed class DocumentationSnippetTests
{
    internal const string UpdateVariable = "SAASBILLING_UPDATE_DOCS";

    internal static IReadOnlyList<string> Pages { get; } =
    [
        .. new[] { "README.md", "CHANGELOG.md" }.Where(page => File.Exists(RepositoryFiles.PathOf(page))),
        .. RepositoryFiles.Under("docs", "*.md"),
        .. RepositoryFiles.Under("src", "*.md"),
        .. RepositoryFiles.Under("samples", "*.md"),
    ];

    [Fact]
    public void Every_code_block_of_the_documentation_is_compiled_code()
    {
        var regions = Regions();
        var update = Environment.GetEnvironmentVariable(UpdateVariable) == "1";
        var faults = new List<string>();
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in Pages)
        {
            var markdown = File.ReadAllText(RepositoryFiles.PathOf(page));
            var check = SnippetDocument.Check(page, markdown, name => CodeOf(name, regions));
            shown.UnionWith(check.Shown);
            if (update && check.Updated != markdown)
            {
                File.WriteAllText(RepositoryFiles.PathOf(page), check.Updated);
                check = SnippetDocument.Check(page, check.Updated, name => CodeOf(name, regions));
            }

            faults.AddRange(check.Faults);
        }

        faults.AddRange(regions.Values
            .Where(region => !shown.Contains(region.Name))
            .Select(region => $"{region.Path}: no page shows the region '{region.Name}'. Show it, or take its #region lines out."));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IReadOnlyDictionary<string, SnippetRegion> Regions() => SnippetRegions.Read(
        RepositoryFiles.Under("tests/SaasBilling.Tests/Docs", "*.cs")
            .Select(file => (file, File.ReadAllText(RepositoryFiles.PathOf(file)))));

    private static string? CodeOf(string name, IReadOnlyDictionary<string, SnippetRegion> regions)
    {
        if (regions.TryGetValue(name, out var region))
            return region.Text;

        var path = RepositoryFiles.PathOf(name);
        return name.EndsWith(".cs", StringComparison.Ordinal) && File.Exists(path)
            ? SnippetRegions.Dedent(File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n'))
            : null;
    }
}
