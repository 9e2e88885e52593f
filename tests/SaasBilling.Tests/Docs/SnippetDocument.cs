using System.Text;

namespace SaasBilling.Tests.Docs;

/// <summary>Compares the C# blocks of a Markdown page with the code that they are taken from, or fills them in.</summary>
internal static class SnippetDocument
{
    private const string MarkerStart = "<!-- snippet:";
    private const string MarkerEnd = "-->";

    /// <param name="path">The page, for messages.</param>
    /// <param name="markdown">Its text.</param>
    /// <param name="find">The code of a name; null: there is none of that name.</param>
    /// <returns>What is wrong, a line each; the page as it should be; the names that it shows.</returns>
    internal static SnippetCheck Check(string path, string markdown, Func<string, string?> find)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var faults = new List<string>();
        var shown = new List<string>();
        var updated = new StringBuilder(markdown.Length);
        string? marker = null;

        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (TryReadMarker(line, out var name))
            {
                marker = name;
                Append(line);
                if (i + 1 >= lines.Length || FenceOf(lines[i + 1]) is not ("csharp", _))
                    faults.Add($"{path}:{i + 1}: the marker of snippet '{name}' is not followed by a ```csharp block. Put the block on the next line.");
                continue;
            }

            if (FenceOf(line) is not var (language, fence))
            {
                marker = null;
                Append(line);
                continue;
            }

            var end = Array.FindIndex(lines, i + 1, candidate => candidate.TrimEnd() == fence);
            if (end < 0)
            {
                faults.Add($"{path}:{i + 1}: this code block is never closed. Write {fence} after it.");
                Append(line);
                continue;
            }

            var body = lines[(i + 1)..end];
            Append(line);
            foreach (var bodyLine in Expected(language, body, i + 1))
                Append(bodyLine);
            Append(lines[end]);
            i = end;
            marker = null;
        }

        updated.Length--;
        return new(faults, updated.ToString(), shown);

        void Append(string line) => updated.Append(line).Append('\n');

        IEnumerable<string> Expected(string language, string[] body, int lineNumber)
        {
            if (language is "cs" or "c#" or "C#" or "CSharp")
            {
                faults.Add($"{path}:{lineNumber}: write ```csharp instead of ```{language}, so that the block is checked.");
                return body;
            }

            if (language != "csharp")
                return body;

            if (marker is null)
            {
                faults.Add($"{path}:{lineNumber}: this C# block is not taken from compiled code. Put '{MarkerStart} name {MarkerEnd}' on the line above it, and the code between '#region name' and '#endregion' in tests/SaasBilling.Tests/Docs.");
                return body;
            }

            shown.Add(marker);
            if (find(marker) is not { } code)
            {
                faults.Add($"{path}:{lineNumber}: there is no region '{marker}' in tests/SaasBilling.Tests/Docs, and no file of that path.");
                return body;
            }

            if (string.Join('\n', body) != code)
                faults.Add($"{path}:{lineNumber}: the block differs from snippet '{marker}'. Run the tests once with {DocumentationSnippetTests.UpdateVariable}=1 to take the code over.");

            return code.Split('\n');
        }
    }

    private static bool TryReadMarker(string line, out string name)
    {
        var trimmed = line.Trim();
        var isMarker = trimmed.StartsWith(MarkerStart, StringComparison.Ordinal) && trimmed.EndsWith(MarkerEnd, StringComparison.Ordinal);
        name = isMarker ? trimmed[MarkerStart.Length..^MarkerEnd.Length].Trim() : "";
        return isMarker;
    }

    private static (string Language, string Fence)? FenceOf(string line)
    {
        var ticks = line.TakeWhile(c => c == '`').Count();
        return ticks < 3 ? null : (line[ticks..].Trim(), new string('`', ticks));
    }
}

/// <summary>How a page compares with its code.</summary>
internal sealed record SnippetCheck(IReadOnlyList<string> Faults, string Updated, IReadOnlyList<string> Shown);
