using Microsoft.Extensions.Configuration;

namespace SaasBilling.Plans;

/// <summary>A place in the configuration and all that is below it, taken once.</summary>
/// <remarks>Every question about children makes the configuration look through all of its keys: so each is asked once.</remarks>
internal sealed class ConfigurationNode
{
    private ConfigurationNode(string key, string path, string? value, IReadOnlyList<ConfigurationNode> children, CatalogFaults faults)
    {
        Key = key;
        Path = path;
        Value = value;
        Children = children;
        Faults = faults;
    }

    public string Key { get; }

    public string Path { get; }

    public string? Value { get; }

    /// <summary>The properties of an object or the entries of a list, in the order in which configuration has them.</summary>
    public IReadOnlyList<ConfigurationNode> Children { get; }

    /// <summary>Where everything below this place reports what cannot be read.</summary>
    public CatalogFaults Faults { get; }

    /// <summary>Whether there is anything: a value, properties, entries, or an empty list.</summary>
    public bool Exists => Value is not null || Children.Count > 0;

    /// <summary>Whether it is no single value: an object, a list, an empty list, or nothing.</summary>
    public bool IsObject => string.IsNullOrEmpty(Value);

    /// <summary>Whether it is an entry of a list: configuration numbers those.</summary>
    public bool IsListed => Key.All(char.IsAsciiDigit);

    /// <summary>A property; one that is not there has neither value nor children. Upper and lower case are not told apart.</summary>
    public ConfigurationNode this[string name]
    {
        get
        {
            foreach (var child in Children)
            {
                if (child.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return child;
            }

            return new ConfigurationNode(name, Path.Length == 0 ? name : $"{Path}:{name}", null, [], Faults);
        }
    }

    /// <summary>A section with all that it holds; of a root, which holds much that is not ours, no more than the named sections.</summary>
    public static ConfigurationNode Of(IConfiguration configuration, IReadOnlyList<string> names, CatalogFaults faults)
    {
        return configuration is IConfigurationSection section
            ? From(section)
            : new ConfigurationNode("", "", null, [.. names.Select(configuration.GetSection).Select(From).Where(node => node.Exists)], faults);

        ConfigurationNode From(IConfigurationSection section) =>
            new(section.Key, section.Path, section.Value, [.. section.GetChildren().Select(From)], faults);
    }

    /// <summary>Reports a value where an object belongs, and properties that nobody would read.</summary>
    /// <returns>Whether it is an object.</returns>
    public bool CheckProperties(params IReadOnlyList<string> known)
    {
        if (!IsObject)
        {
            Faults.Add($"{Path} is '{Value}'. Write an object with {Checks.Either(known)}.");
            return false;
        }

        foreach (var child in Children)
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                Faults.Add($"{child.Path} is not known. Use {Checks.Either(known)}, or remove it.");
        }

        return true;
    }

    /// <summary>The entries of a list or the properties of an object; none, and a fault, where there is a single value.</summary>
    public IReadOnlyList<ConfigurationNode> Entries(string expected)
    {
        if (!IsObject)
            Faults.Add($"{Path} is '{Value}'. Write {expected}.");
        return Children;
    }
}
