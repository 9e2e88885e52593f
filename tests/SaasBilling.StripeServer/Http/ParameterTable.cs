using System.Collections.Frozen;

namespace SaasBilling.StripeServer.Http;

/// <summary>The parameters of every endpoint, read from <c>Parameters/</c>.</summary>
internal static class ParameterTable
{
    private static readonly FrozenDictionary<string, ParameterShape> Current = Load("published.txt", "further.txt");
    private static readonly FrozenDictionary<string, ParameterShape> AnyVersion = WithLegacy(Current, Load("legacy.txt"));

    /// <summary>What an endpoint takes, by method and path as <c>POST /v1/customers/{id}</c>; null: no table says it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="version">The <c>Stripe-Version</c> of the request. One that does not name the current version may send what older ones took.</param>
    public static ParameterShape? Find(string endpoint, string? version) =>
        (version == StripeServer.ApiVersion ? Current : AnyVersion).GetValueOrDefault(endpoint);

    private static FrozenDictionary<string, ParameterShape> WithLegacy(FrozenDictionary<string, ParameterShape> current, FrozenDictionary<string, ParameterShape> legacy) =>
        current.ToFrozenDictionary(endpoint => endpoint.Key, endpoint => legacy.TryGetValue(endpoint.Key, out var old) ? endpoint.Value.With(old) : endpoint.Value);

    private static FrozenDictionary<string, ParameterShape> Load(params IReadOnlyList<string> files)
    {
        var endpoints = new Dictionary<string, ParameterShape>();
        foreach (var file in files)
        {
            using var reader = new StreamReader(typeof(ParameterTable).Assembly.GetManifestResourceStream(file)!);
            while (reader.ReadLine() is { } line)
            {
                if (line.Length == 0 || line[0] == '#')
                    continue;

                var path = line.IndexOf(' ', StringComparison.Ordinal) + 1;
                var end = line.IndexOf(' ', path);
                var endpoint = end < 0 ? line : line[..end];
                var rest = end < 0 ? "" : line[end..];
                var position = 0;
                endpoints.Add(endpoint, new ParameterShape('o', false, Members(rest, ref position)));
            }
        }

        return endpoints.ToFrozenDictionary();
    }

    // name:kind, name(...), name*:kind, name*(...)
    private static Dictionary<string, ParameterShape> Members(string text, ref int position)
    {
        var members = new Dictionary<string, ParameterShape>();
        while (position < text.Length && text[position] != ')')
        {
            if (text[position] == ' ')
            {
                position++;
                continue;
            }

            var start = position;
            while (text[position] is not (':' or '(' or '*'))
                position++;
            var name = text[start..position];
            var isList = text[position] == '*';
            while (text[position] == '*')
                position++;

            if (text[position++] == ':')
            {
                members.Add(name, new ParameterShape(text[position++], isList, ParameterShape.None));
                continue;
            }

            members.Add(name, new ParameterShape('o', isList, Members(text, ref position)));
            position++;
        }

        return members;
    }
}
