using System.Text.RegularExpressions;
using SaasBilling.Stripe.Tests.Http;
using SaasBilling.Tests;

namespace SaasBilling.Stripe.Tests.Commands;

/// <summary>What Stripe accepts, read from a table; whatever else is sent is a fault.</summary>
internal sealed partial class AcceptedParameters
{
    private readonly List<(string Method, Regex Path, Node Parameters)> _endpoints = [];

    private AcceptedParameters(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            var parts = line.Split(' ', 3);
            var path = new Regex("^" + parts[1].Replace("{id}", "[^/]+", StringComparison.Ordinal) + "$", RegexOptions.None, TimeSpan.FromSeconds(1));
            _endpoints.Add((parts[0], path, Node.Parse(parts.Length == 3 ? parts[2] : "")));
        }
    }

    public static AcceptedParameters Load() => new(File.ReadAllLines(RepositoryFiles.PathOf("tests/SaasBilling.Stripe.Tests/Commands/accepted-parameters.txt")));

    /// <returns>What Stripe would not take; empty: it takes all of it.</returns>
    public IEnumerable<string> FaultsOf(SeenRequest request)
    {
        // /v1/invoices/create_preview is not an invoice whose id is so: the first that fits, in the table's order by its exactness, counts.
        var endpoint = _endpoints.Where(candidate => candidate.Method == request.Method && candidate.Path.IsMatch(request.Path)).OrderBy(candidate => candidate.Path.ToString().Contains("[^/]", StringComparison.Ordinal)).FirstOrDefault();
        if (endpoint.Path is null)
        {
            yield return $"{request.Method} {request.Path} is no endpoint.";
            yield break;
        }

        foreach (var (key, value) in request.Form)
        {
            if (!key.StartsWith("expand[", StringComparison.Ordinal) && !endpoint.Parameters.Accepts([.. Segments().Matches(key).Select(match => match.Value.Trim('[', ']'))]))
                yield return $"{request.Method} {request.Path} does not take '{key}'.";
        }
    }

    [GeneratedRegex(@"^[^\[\]]+|\[[^\[\]]*\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Segments();

    private sealed class Node
    {
        private readonly Dictionary<string, Node> _members = new(StringComparer.Ordinal);

        private bool IsList { get; init; }

        private bool IsMap { get; init; }

        public static Node Parse(string text)
        {
            var position = 0;
            return Parse(text, ref position, new Node());
        }

        public bool Accepts(ReadOnlySpan<string> path)
        {
            // An empty text unsets a whole list or map.
            if (path.IsEmpty)
                return true;
            if (IsList)
                return int.TryParse(path[0], out _) && (path.Length == 1 ? _members.Count == 0 : _members.TryGetValue(path[1], out var member) && member.Accepts(path[2..]));
            if (IsMap)
                return path.Length == 1;
            return _members.TryGetValue(path[0], out var next) && next.Accepts(path[1..]);
        }

        private static Node Parse(string text, ref int position, Node into)
        {
            while (position < text.Length && text[position] != ')')
            {
                if (text[position] == ' ')
                {
                    position++;
                    continue;
                }

                var start = position;
                while (position < text.Length && text[position] is not (' ' or '(' or ')'))
                    position++;
                var name = text[start..position];
                var member = new Node { IsList = name.EndsWith("[]", StringComparison.Ordinal), IsMap = name.EndsWith("{}", StringComparison.Ordinal) };
                if (position < text.Length && text[position] == '(')
                {
                    position++;
                    Parse(text, ref position, member);
                    position++;
                }

                into._members[name.TrimEnd('[', ']', '{', '}')] = member;
            }

            return into;
        }
    }
}
