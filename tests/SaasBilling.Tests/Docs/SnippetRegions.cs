namespace SaasBilling.Tests.Docs;

/// <summary>Reads <c>#region</c> blocks out of C# files.</summary>
internal static class SnippetRegions
{
    /// <summary>The text of every region by its name: the common indentation is taken off, and inner region lines are left out.</summary>
    /// <exception cref="FormatException">A name is used twice, a region has no name, or is not closed.</exception>
    internal static IReadOnlyDictionary<string, SnippetRegion> Read(IEnumerable<(string Path, string Text)> files)
    {
        var regions = new Dictionary<string, SnippetRegion>(StringComparer.Ordinal);
        foreach (var (path, text) in files)
        {
            foreach (var region in ReadFile(path, text))
            {
                if (!regions.TryAdd(region.Name, region))
                    throw new FormatException($"{path} and {regions[region.Name].Path} both have a region '{region.Name}'. Name each region once.");
            }
        }

        return regions;
    }

    /// <summary>Takes off the indentation that all lines share, blank lines at both ends, and spaces at line ends.</summary>
    internal static string Dedent(IReadOnlyCollection<string> lines)
    {
        var indentation = lines
            .Where(line => !string.IsNullOrWhiteSpace(line))
            .Select(line => line.Length - line.TrimStart(' ').Length)
            .DefaultIfEmpty(0)
            .Min();
        return string.Join('\n', lines.Select(line => string.IsNullOrWhiteSpace(line) ? "" : line[indentation..].TrimEnd())).Trim('\n');
    }

    private static IEnumerable<SnippetRegion> ReadFile(string path, string text)
    {
        var open = new Stack<(string Name, List<string> Lines)>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var trimmed = line.Trim();
            if (trimmed.StartsWith("#region", StringComparison.Ordinal))
            {
                var name = trimmed["#region".Length..].Trim();
                if (name.Length == 0)
                    throw new FormatException($"{path} has a #region without a name. Write '#region the-name'.");

                open.Push((name, []));
            }
            else if (trimmed.StartsWith("#endregion", StringComparison.Ordinal))
            {
                if (!open.TryPop(out var closed))
                    throw new FormatException($"{path} has an #endregion without a #region.");

                yield return new(closed.Name, path, Dedent(closed.Lines));
            }
            else
            {
                foreach (var region in open)
                    region.Lines.Add(line);
            }
        }

        if (open.TryPeek(out var unclosed))
            throw new FormatException($"{path} never closes the region '{unclosed.Name}'. Write #endregion after it.");
    }
}

/// <summary>A piece of compiled code that the documentation shows.</summary>
internal sealed record SnippetRegion(string Name, string Path, string Text);
