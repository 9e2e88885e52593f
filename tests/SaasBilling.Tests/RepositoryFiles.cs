namespace SaasBilling.Tests;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class RepositoryFiles
{
    /// <summary>The folder that holds the solution.</summary>
    /// <remarks>Looked up from the test assembly: a path that the compiler recorded is not a real one in a deterministic build.</remarks>
    internal static string Root { get; } = FindRoot();

    internal static string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    /// <summary>Relative paths with forward slashes, in order; generated files and build output left out.</summary>
    internal static IReadOnlyList<string> Under(string relativeFolder, string pattern)
    {
        var folder = PathOf(relativeFolder);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
                .Order(StringComparer.Ordinal)]
            : [];
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SaasBilling.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds SaasBilling.sln. Run the tests from a clone of the repository.");
    }
}
