namespace SaasBilling.StripeServer.Http;

/// <summary>A decoded form before its types are known: text, or members in their order. A list's members are its indices.</summary>
internal sealed class FormNode
{
    private readonly List<KeyValuePair<string, FormNode>> _members = [];

    public string? Text { get; private set; }

    public IReadOnlyList<KeyValuePair<string, FormNode>> Members => _members;

    public static FormNode Decode(string form)
    {
        var root = new FormNode();
        foreach (var pair in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = Unescape(equals < 0 ? pair : pair[..equals]);
            root.Put(Segments(key), equals < 0 ? "" : Unescape(pair[(equals + 1)..]));
        }

        return root;
    }

    public FormNode? Find(string name)
    {
        foreach (var member in _members)
        {
            if (member.Key == name)
                return member.Value;
        }

        return null;
    }

    /// <summary>What is left without a member.</summary>
    public FormNode Without(string name)
    {
        var rest = new FormNode { Text = Text };
        rest._members.AddRange(_members.Where(member => member.Key != name));
        return rest;
    }

    /// <summary>The members of a list, in the order of their indices.</summary>
    public IEnumerable<FormNode> Elements() => _members.Select(member => member.Value);

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string[] Segments(string key)
    {
        var bracket = key.IndexOf('[', StringComparison.Ordinal);
        if (bracket <= 0 || !key.EndsWith(']'))
            return [key];

        return [key[..bracket], .. key[(bracket + 1)..^1].Split("][")];
    }

    private void Put(ReadOnlySpan<string> path, string value)
    {
        if (path.IsEmpty)
        {
            Text = value;
            return;
        }

        var rest = path[1..];
        Member(path[0], rest).Put(rest, value);
    }

    // `items[][price]=a&items[][quantity]=2` is one element: another begins where a name comes again.
    private FormNode Member(string name, ReadOnlySpan<string> rest)
    {
        if (name.Length > 0 && Find(name) is { } known)
            return known;

        if (name.Length == 0)
        {
            if (!rest.IsEmpty && _members.Count > 0 && _members[^1].Value.Find(rest[0]) is null)
                return _members[^1].Value;
            name = _members.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var made = new FormNode();
        _members.Add(new(name, made));
        return made;
    }
}
