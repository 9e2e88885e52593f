using System.Text.RegularExpressions;

namespace SaasBilling.Tests.Architecture;

public sealed partial class SourceFileTests
{
    /// <summary>About 300 lines is where a file asks to be two ideas; the rest is leeway for documentation.</summary>
    private const int MostLines = 400;

    [Fact]
    public void No_source_file_is_longer_than_one_idea()
    {
        var files = Sources();
        var tooLong = files
            .Select(source => (source.Path, Lines: source.Text.Split('\n').Length - 1))
            .Where(source => source.Lines > MostLines)
            .Select(source => $"{source.Path} has {source.Lines} lines; the most is {MostLines}.");

        Assert.NotEmpty(files);
        Assert.Equal([], tooLong);
    }

    /// <summary>Records, enumerations and small interfaces of one subject may share a file; a class has its own.</summary>
    [Fact]
    public void A_source_file_declares_at_most_one_public_class()
    {
        var several = Sources().Where(source => PublicClass().Count(source.Text) > 1).Select(source => source.Path);

        Assert.Equal([], several);
    }

    [Fact]
    public void Analyzers_are_switched_off_nowhere_in_the_source()
    {
        var suppressing = Sources()
            .Where(source => source.Text.Contains("#pragma warning disable", StringComparison.Ordinal) || source.Text.Contains("#nullable disable", StringComparison.Ordinal))
            .Select(source => source.Path);

        Assert.Equal([], suppressing);
    }

    private static List<(string Path, string Text)> Sources() =>
        [.. RepositoryFiles.Under("src", "*.cs").Select(file => (file, File.ReadAllText(RepositoryFiles.PathOf(file))))];

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|partial) )*class ", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex PublicClass();
}
