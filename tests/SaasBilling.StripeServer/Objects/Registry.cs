using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SaasBilling.StripeServer.Objects;

/// <summary>All objects of the account, by id and by kind.</summary>
internal sealed class Registry
{
    private readonly Dictionary<string, Resource> _byId = [];
    private readonly Dictionary<string, List<Resource>> _byKind = [];
    private readonly Dictionary<string, int> _made = [];
    private long _serial;

    /// <summary>A new id; ids of one prefix count up, so that a test's run is the same every time.</summary>
    public string NewId(string prefix)
    {
        var number = _made[prefix] = _made.GetValueOrDefault(prefix) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}_1T{number:D12}");
    }

    public T Add<T>(T resource)
        where T : Resource
    {
        resource.Serial = ++_serial;
        _byId.Add(resource.Id, resource);
        if (!_byKind.TryGetValue(resource.Kind, out var all))
            _byKind.Add(resource.Kind, all = []);
        all.Add(resource);
        return resource;
    }

    public void Remove(Resource resource)
    {
        _byId.Remove(resource.Id);
        _byKind[resource.Kind].Remove(resource);
    }

    public Resource? Find(string? id) => id is not null && _byId.TryGetValue(id, out var found) ? found : null;

    public bool TryFind<T>(string? id, [NotNullWhen(true)] out T? found)
        where T : Resource => (found = Find(id) as T) is not null;

    public PlainResource? FindPlain(string kind, string? id) => Find(id) is PlainResource plain && plain.Kind == kind ? plain : null;

    /// <summary>Newest first.</summary>
    public IEnumerable<Resource> All(string kind)
    {
        if (!_byKind.TryGetValue(kind, out var all))
            yield break;

        for (var i = all.Count - 1; i >= 0; i--)
            yield return all[i];
    }

    public IEnumerable<T> All<T>(string kind)
        where T : Resource => All(kind).OfType<T>();
}
